import { expect, test } from 'vitest';
import { CURRENT_CONNECTION_BYTES } from '../../src/engine/currents.js';
import { DEVICE_BYTES } from '../../src/engine/device-state.js';
import { POISSON_CONNECTION_BYTES, poissonColumnBytes } from '../../src/engine/poisson-columns.js';
import { LISTENER_BYTES, recordBytes, SPIKE_BYTES } from '../../src/engine/records.js';
import { type NodeCollection, Simulation } from '../../src/simulation/index.js';

const NEURONS = 1000;

/** By how much more the workers say they hold after `build`, of one thread. */
async function growth(
  build: (sim: Simulation, neurons: NodeCollection) => Promise<unknown> | unknown,
): Promise<number> {
  const sim = new Simulation({ rng_seed: 1 });
  try {
    const neurons = sim.create('iaf_psc_delta', NEURONS);
    const before = (await sim.kernelStatus()).network_memory;
    await build(sim, neurons);
    return (await sim.kernelStatus()).network_memory - before;
  } finally {
    await sim.close();
  }
}

/** Places, counts and accumulators of the device itself. */
const OWN_NODE = 4 + 16;
/** When an amplitude begins, and what it is. */
const CHANGE_BYTES = 4 + 8;

test('connections of Poisson generators count with all their columns', async () => {
  const bytes = await growth((sim, neurons) =>
    sim.connect(sim.create('poisson_generator', 1), neurons),
  );
  const columns = NEURONS * POISSON_CONNECTION_BYTES + poissonColumnBytes(NEURONS);
  expect(bytes).toBeGreaterThanOrEqual(columns);
  // Columns grow by half at a time.
  expect(bytes).toBeLessThan(1.5 * columns + DEVICE_BYTES + OWN_NODE);
});

test('recorders count with what they have room for, and with whom they listen to', async () => {
  const bytes = await growth((sim, neurons) => sim.connect(neurons, sim.create('spike_recorder')));
  const expected = NEURONS * LISTENER_BYTES + recordBytes(SPIKE_BYTES, 0) + DEVICE_BYTES + OWN_NODE;
  expect(bytes).toBe(expected);
});

test('currents, their changes and spike times count', async () => {
  const currents = await growth((sim, neurons) =>
    sim.connect(sim.create('dc_generator', 1, { amplitude: 1 }), neurons),
  );
  // And its amplitude, and the empty block of weights that every call has.
  expect(currents).toBe(
    NEURONS * CURRENT_CONNECTION_BYTES + DEVICE_BYTES + OWN_NODE + CHANGE_BYTES + 64,
  );
  const changes = await growth((sim) => {
    const amplitude_times = Array.from({ length: 5000 }, (_, i) => i + 1);
    const amplitude_values = amplitude_times.map((time) => time % 7);
    sim.create('step_current_generator', 1, { amplitude_times, amplitude_values });
  });
  expect(changes).toBe(5000 * CHANGE_BYTES + DEVICE_BYTES + OWN_NODE);
  const times = await growth((sim) =>
    sim.create('spike_generator', 1, {
      spike_times: Array.from({ length: 5000 }, (_, i) => i + 1),
    }),
  );
  expect(times).toBe(5000 * (4 + 8 + 4) + DEVICE_BYTES + OWN_NODE);
});

test('connections count, the same in every run, and little of what was in passing with them', async () => {
  const connected = (sim: Simulation, neurons: NodeCollection) =>
    sim.connect(neurons, neurons, { rule: 'fixed_indegree', indegree: 100 });
  const once = await growth(connected);
  expect(once).toBeGreaterThan(NEURONS * 100 * 12);
  expect(await growth(connected)).toBe(once);
  const twice = await growth(async (sim, neurons) => {
    await connected(sim, neurons);
    await connected(sim, neurons);
  });
  expect(twice).toBeGreaterThan(2 * NEURONS * 100 * 12);
  expect(twice).toBeLessThan(2.2 * once);
});
