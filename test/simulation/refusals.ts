/** What must not be accepted, and how to see that it was not and that nothing changed. */
import { afterAll, expect } from 'vitest';
import { IsospikeError } from '../../src/errors/index.js';
import { nodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';
import { Simulation } from '../../src/simulation/index.js';
import { AEIF, smallNetwork } from './opening.js';

export const NAN = Number.NaN;
export const INFINITE = Number.POSITIVE_INFINITY;

export type Class = new (...args: never[]) => IsospikeError;
// biome-ignore lint/suspicious/noExplicitAny: this is what users without types can pass
export type Anything = any;

/** One simulation for all cases of a file: whatever they do, it must stay as it was, and of use. */
export const simulation = new Simulation({ local_num_threads: 2 });
export const network = smallNetwork(simulation).then(async (nodes) => {
  await simulation.simulate(10);
  return nodes;
});
afterAll(() => simulation.close());

/** Everything that can be seen of the simulation. */
async function visible() {
  const { parrots, neurons, noise, beat } = await network;
  const status = await simulation.kernelStatus();
  return {
    digest: await simulation.digest(),
    neurons: await neurons.get([
      ...Object.keys((nodeModels.get(AEIF) as NeuronModel).parameters),
      ...['V_m', 'w', 'z', 'V_th', 'u_bar_plus', 'u_bar_minus', 'u_bar_bar'],
    ]),
    noise: await noise.get(['rate', 'start', 'stop', 'origin']),
    beat: await beat.get(['spike_times', 'spike_weights', 'spike_multiplicities']),
    connections: await (await simulation.getConnections()).get(),
    models: [...simulation.nodeModels, ...simulation.synapseModels].map((name) => [
      name,
      simulation.getDefaults(name),
    ]),
    counts: [status.network_size, status.num_connections, status.min_delay, status.max_delay],
    time: status.biological_time,
    spikes: await parrots.spikeCounts(),
  };
}

/** The call must fail with the error, at once or by rejecting, and change nothing. */
export async function refuses(error: Class, call: () => unknown, message?: RegExp): Promise<Error> {
  const before = await visible();
  let thrown: unknown;
  try {
    await call();
  } catch (e) {
    thrown = e;
  }
  expect(thrown).toBeInstanceOf(error);
  expect(thrown).toBeInstanceOf(IsospikeError);
  if (message) expect((thrown as Error).message).toMatch(message);
  expect(await visible()).toEqual(before);
  return thrown as Error;
}

/** Values that are no number, whatever the parameter. */
export const NO_NUMBERS: readonly Anything[] = [
  ...[NAN, INFINITE, -INFINITE, '5', '', null, undefined, true, {}, () => 1, 5n, Symbol('five')],
  ...[
    new Date(0),
    [[1]],
    [NAN],
    ['1'],
    { distribution: 'gauss' },
    { distribution: 'normal', mu: 1 },
  ],
];

export function describeValue(value: unknown): string {
  return typeof value === 'symbol' || typeof value === 'bigint' ? String(value) : `${typeof value}`;
}

/** The simulation goes on as one that was never asked for anything wrong. */
export async function expectUnharmed(): Promise<void> {
  await network;
  await simulation.simulate(20);
  const undisturbed = new Simulation();
  await smallNetwork(undisturbed);
  await undisturbed.simulate(30);
  expect(await simulation.digest()).toBe(await undisturbed.digest());
  await undisturbed.close();
}
