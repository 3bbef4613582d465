import { expect, test } from 'vitest';
import { pilotRun } from '../../src/planning/pilot.js';
import { type Data, resolved } from '../experiment/minimal.js';

const never = () => Promise.reject(new Error('no other size is needed'));

/** A relay that passes on one spike in each of these steps of `resolution` ms. */
function beating(resolution: number, steps: readonly number[], timeMs: number, more: Data = {}) {
  return resolved({
    kernel: { resolution },
    populations: {
      beat: {
        model: 'spike_generator',
        params: { spike_times: steps.map((step) => Number((step * resolution).toFixed(9))) },
      },
      relay: { model: 'parrot_neuron' },
    },
    synapse_models: {},
    connections: [{ source: 'beat', target: 'relay', syn_spec: { delay: resolution } }],
    protocol: [{ simulate: timeMs }],
    ...more,
  });
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

test.each([1, 2, 5, 333])('a run of %i steps is run as it is', async (steps) => {
  const timeMs = Number((steps * 0.1).toFixed(9));
  // The last arrives after the end.
  const experiment = beating(0.1, range(1, steps), timeMs);
  const pilot = await pilotRun(experiment, timeMs, never);
  expect(pilot!.simulatedMs).toBeCloseTo(timeMs, 9);
  expect(pilot!.rates.get('relay')).toBeCloseTo((1000 * (steps - 1)) / timeMs, 6);
});

test('also one that states by what it grows, and is not made smaller for an odd step', async () => {
  const size = { size_parameter: 'S', parameters: { S: 8 } };
  const pilot = await pilotRun(beating(0.1, [2, 3, 4], 0.5, size), 0.5, never);
  expect(pilot).toMatchObject({ simulatedMs: 0.5, size: undefined });
  expect(pilot!.rates.get('relay')).toBeCloseTo(3 / 0.0005, 6);
});

test('the later part of an odd number of steps stands for the rest', async () => {
  // 125 steps of 8 ms: 62, which begin with a volley, and 63, with a spike in each of the last 42.
  const experiment = beating(8, [...range(1, 5), ...range(83, 125)], 2000);
  const pilot = await pilotRun(experiment, 2000, never);
  expect(pilot!.simulatedMs).toBe(1000);
  const later = 42 / (63 * 8);
  expect(pilot!.rates.get('relay')).toBeCloseTo((5 + 42 + later * 1000) / 2, 9);
});
