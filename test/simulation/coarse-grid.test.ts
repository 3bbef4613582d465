/**
 * On a coarse grid, a clamp is few steps long, and when it ends depends on how long sub-steps have been since the
 * upstroke: the literal integration is to be followed in each of them.
 */
import { expect, test } from 'vitest';
import type { Scenario } from '../oracle/scenario.js';
import { simulate } from '../oracle/simulate.js';
import { keptThreads } from './kept-threads.js';

const kept = keptThreads();

const NAMES = ['V_m', 'w', 'z', 'V_th', 'u_bar_plus'];
/** pA; most make a neuron fire once or twice. */
const CURRENTS = Array.from({ length: 60 }, (_, k) => 700 + 9.3 * k);

async function traces(resolution: number, params: object) {
  const simulation = await kept.open({ resolution });
  try {
    const given = { ...params, I_e: CURRENTS };
    const neurons = simulation.create('aeif_psc_delta_clopath', CURRENTS.length, given);
    const recorded = { record_from: NAMES, interval: resolution };
    const meter = simulation.create('multimeter', 1, recorded);
    await simulation.connect(meter, neurons, 'all_to_all', { delay: resolution });
    await simulation.simulate(100);
    return { events: await meter.events(), spikes: await neurons.spikeCounts() };
  } finally {
    kept.keep(simulation);
  }
}

function literal(resolution: number, params: object, nudge = 0): ReturnType<typeof simulate> {
  const nodes = CURRENTS.map((current, i) => {
    const I_e = current * (1 + nudge);
    return { id: 1 + i, model: 'aeif_psc_delta_clopath', params: { ...params, I_e } };
  });
  const record = { interval: resolution, from: NAMES, nodes: nodes.map(({ id }) => id) };
  const scenario = { name: 'coarse', resolution, nodes, connections: [], simulate: 100, record };
  return simulate(scenario as unknown as Scenario);
}

type Traces = Readonly<Record<string, Readonly<Record<string, ArrayLike<number>>>>>;

function largestDifference(a: Traces, b: Traces): number {
  let largest = 0;
  for (const id of Object.keys(b)) {
    for (const name of NAMES) {
      const [x, y] = [a[id]![name]!, b[id]![name]!];
      for (let i = 0; i < y.length; i++) largest = Math.max(largest, Math.abs(x[i]! - y[i]!));
    }
  }
  return largest;
}

test.each([
  [0.1, { t_clamp: 0.2 }],
  [0.1, { t_clamp: 0.2, t_ref: 0.3 }],
  [0.25, {}],
  [0.5, {}],
  [1, {}],
])('steps of %d ms, %o', async (resolution, params) => {
  const { events, spikes } = await traces(resolution, params);
  const expected = literal(resolution, params);
  expect(spikes.reduce((sum, count) => sum + count, 0)).toBe(expected.spikes.step.length);
  expect(expected.spikes.step.length).toBeGreaterThan(60);
  const found: Record<string, Record<string, number[]>> = {};
  events.senders.forEach((sender, i) => {
    found[sender] ??= Object.fromEntries(NAMES.map((name) => [name, []]));
    for (const name of NAMES) found[sender][name]!.push((events[name] as Float64Array)[i]!);
  });
  // What roundings come to in the literal integration: from 10^-9 mV up to some 10^-3 mV at 1 ms.
  const roundings = largestDifference(literal(resolution, params, 1e-13).traces, expected.traces);
  expect(roundings).toBeLessThan(0.01);
  expect(largestDifference(found, expected.traces)).toBeLessThan(4 * roundings);
});
