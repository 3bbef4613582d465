/**
 * Parameters of synapses that are set: what comes of it must not depend on which others share a row, and so on who
 * owns which targets.
 */
import { expect, test } from 'vitest';
import { mul, normal, type Simulation } from '../../src/index.js';
import { Points } from '../math/points.js';
import { keptThreads } from './kept-threads.js';

const kept = keptThreads();

/** Threads, and virtual processes. */
const PARTITIONS = [
  [1, 1],
  [2, 2],
  [1, 2],
  [3, 3],
  [4, 4],
  [1, 7],
] as const;

async function same(run: (simulation: Simulation) => Promise<unknown>): Promise<void> {
  const outcomes: unknown[] = [];
  for (const [threads, processes] of PARTITIONS) {
    const options = { local_num_threads: threads, total_num_virtual_procs: processes };
    const simulation = await kept.open(options);
    try {
      outcomes.push({ own: await run(simulation), digest: await simulation.digest() });
    } finally {
      kept.keep(simulation);
    }
  }
  for (const other of outcomes.slice(1)) expect(other).toEqual(outcomes[0]);
}

/** A relay that fires a few times, and neurons that get some input beside what is tested. */
async function driven(
  simulation: Simulation,
  size: number,
  spike_times: readonly number[] = [5, 9, 13, 20, 22],
) {
  const neurons = simulation.create('iaf_psc_delta', size, { V_th: 1e9, tau_m: 1e6 });
  const generator = simulation.create('spike_generator', 1, { spike_times });
  const relay = simulation.create('parrot_neuron');
  await simulation.connect(generator, relay);
  await simulation.connect(generator, neurons, 'all_to_all', { weight: 0.1 * 3, delay: 2 });
  return { neurons, relay, source: relay.first };
}

test('one of two synapses of a pair is set to something else and back', () =>
  same(async (simulation) => {
    const { neurons, relay, source } = await driven(simulation, 2);
    const synapse = { synapse_model: 'stdp_synapse', weight: [1, 0.3, 5 / 9], Wmax: 10 };
    await simulation.connect([source, source, source], [1, 2, 2], 'one_to_one', synapse);
    const found = await simulation.getConnections({ source: relay, target: neurons.at(1) });
    await found.set({ Wmax: [5, 10] });
    await found.set({ Wmax: [10, 10] });
    await simulation.simulate(30);
    return [await neurons.get('V_m'), await found.get('weight')];
  }));

test('synapses of other targets are set, where one target has two', () =>
  same(async (simulation) => {
    const { neurons, relay, source } = await driven(simulation, 32);
    const targets = Array.from({ length: 33 }, (_, i) => (i < 16 ? i + 1 : i));
    const weight = targets.map((_, i) => 0.1 + i / 7);
    const synapse = { synapse_model: 'stdp_synapse', weight, Wmax: 10 };
    const sources = targets.map(() => source);
    await simulation.connect(sources, targets, 'one_to_one', synapse);
    const first = { source: relay, target: neurons.slice(0, 15) };
    await (await simulation.getConnections(first)).set({ Wmax: 5 });
    await simulation.simulate(30);
    return neurons.get('V_m');
  }));

test('connections are made where rows were split, before the next run', () =>
  same(async (simulation) => {
    const { neurons, relay } = await driven(simulation, 6);
    const synapse = { synapse_model: 'stdp_synapse', weight: 1, lambda: 0.1, Wmax: 100 };
    await simulation.connect(relay, neurons.slice(0, 5), 'all_to_all', synapse);
    await simulation.simulate(15);
    const found = await simulation.getConnections({ source: relay });
    await found.set({ lambda: [0.1, 0.2, 0.1, 0.2, 0.1] });
    await simulation.connect(relay, neurons.at(5), 'all_to_all', synapse);
    await simulation.simulate(15);
    return (await simulation.getConnections({ source: relay })).get('weight');
  }));

const EVERY_MS = Array.from({ length: 40 }, (_, i) => 1 + i);

test('several synapses of a pair are set again and again, with others in their rows or without', async () => {
  const points = new Points(71);
  for (let trial = 0; trial < 20; trial++) {
    const own = Array.from({ length: 5 }, () => 10 ** (points.uniform(1, -2, 2)[0] as number));
    const lambdas = () => Array.from({ length: 17 }, () => 0.001 * (1 + (points.word() % 3)));
    const sets = Array.from({ length: 6 }, lambdas);
    const outcomes: unknown[] = [];
    for (const [threads, others] of [
      [1, 0],
      [1, 12],
      [3, 12],
    ] as const) {
      const simulation = await kept.open({ local_num_threads: threads });
      try {
        const { neurons, source } = await driven(simulation, 13, EVERY_MS);
        // All onto the last neuron, between those onto the others.
        const onto = own.flatMap((weight, i) => [
          ...Array.from({ length: others === 0 ? 0 : 2 }, (_, j) => ({
            id: 1 + 2 * i + j,
            weight: 1,
          })),
          { id: 13, weight },
        ]);
        await simulation.connect(
          onto.map(() => source),
          onto.map(({ id }) => id),
          'one_to_one',
          { synapse_model: 'stdp_synapse', weight: onto.map(({ weight }) => weight), Wmax: 1e5 },
        );
        const filter = { synapse_model: 'stdp_synapse' };
        for (const values of sets) {
          const all = await simulation.getConnections(filter);
          let mine = 0;
          const lambda = Array.from(all.target, (id) =>
            id === 13 ? values[mine++]! : values[4 + id]!,
          );
          await all.set({ lambda });
          await simulation.simulate(5);
        }
        const last = await simulation.getConnections({ ...filter, target: neurons.at(12) });
        outcomes.push([await neurons.at(12).get('V_m'), await last.get(['weight', 'lambda'])]);
      } finally {
        kept.keep(simulation);
      }
    }
    expect(outcomes[1], `trial ${trial}`).toEqual(outcomes[0]);
    expect(outcomes[2], `trial ${trial}`).toEqual(outcomes[0]);
  }
});

test('parameters are drawn as 0 of either sign', () =>
  same(async (simulation) => {
    const { neurons, relay } = await driven(simulation, 20);
    await simulation.connect(relay, neurons, 'all_to_all', {
      ...{ synapse_model: 'stdp_synapse', weight: 1 },
      alpha: mul(normal(0, 1), 0),
    });
    await simulation.simulate(30);
    const found = await simulation.getConnections({ source: relay });
    expect([...((await found.get('alpha')) as Float64Array)].every((x) => Object.is(x, 0))).toBe(
      true,
    );
    return found.get();
  }));

test('columns come in the same order, whoever has the first synapse of a model', () =>
  same(async (simulation) => {
    const { relay } = await driven(simulation, 1);
    const neurons = simulation.create('aeif_psc_delta_clopath', 3);
    for (const [i, model] of ['clopath_synapse', 'stdp_synapse', 'static_synapse'].entries()) {
      await simulation.connect(relay, neurons.at(i), 'all_to_all', { synapse_model: model });
    }
    await simulation.simulate(1);
    return JSON.stringify(Object.keys(await (await simulation.getConnections()).get()));
  }));
