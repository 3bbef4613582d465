/** What PyNEST's users would read from or assign to objects is refused with what to do instead; tools see objects. */
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { UnknownPropertyError } from '../../src/errors/index.js';
import type { Simulation } from '../../src/simulation/index.js';
import { AEIF, opening } from './opening.js';

const open = opening();

/** An object as JavaScript has it, which asks no compiler. */
type Loose = Record<string | symbol, unknown>;

async function objects() {
  const simulation = open();
  const nodes = simulation.create(AEIF, 3);
  const recorder = simulation.create('spike_recorder');
  await simulation.connect(nodes, nodes, 'one_to_one', 'clopath_synapse');
  const connections = await simulation.getConnections();
  return { simulation, nodes, recorder, connections };
}
type Owner = keyof Awaited<ReturnType<typeof objects>>;

function refusal(action: () => unknown): UnknownPropertyError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(UnknownPropertyError);
    return error as UnknownPropertyError;
  }
  throw new Error('nothing was refused');
}

test.each<[Owner, string, string]>([
  ['nodes', 'I_e', 'use nodes.set({ I_e: ... })'],
  ['nodes', 'V_mm', 'use nodes.set({ V_m: ... })'],
  ['nodes', 'xyzzy', 'use nodes.set({ xyzzy: ... })'],
  ['nodes', '0', 'use nodes.at(0).set({ ... })'],
  ['recorder', 'n_events', 'use nodes.set({ n_events: ... })'],
  ['connections', 'weight', 'use await connections.set({ weight: ... })'],
  ['connections', 'Wmin', 'use await connections.set({ Wmin: ... })'],
  ['connections', '1', 'use await connections.set({ ... }), with one value for each'],
  ['simulation', 'rng_seed', 'options are given at the beginning: simulation({ rng_seed: ... })'],
])('%s.%s is not assigned to', async (owner, property, hint) => {
  const object = (await objects())[owner] as unknown as Loose;
  const error = refusal(() => {
    object[property] = 7;
  });
  expect(error).toMatchObject({ owner: object.constructor.name, property, hint });
  expect(Object.hasOwn(object, property)).toBe(false);
});

test.each<[Owner, string, string]>([
  ['nodes', 'V_m', "use await nodes.get('V_m')"],
  ['nodes', 'u_bar_plus', "use await nodes.get('u_bar_plus')"],
  ['nodes', '0', 'use nodes.at(0)'],
  ['nodes', '-1', 'use nodes.at(-1)'],
  ['nodes', 'global_id', 'use nodes.ids, or nodes.first for one node'],
  ['recorder', 'n_events', "use await nodes.get('n_events')"],
  ['connections', 'weight', "use await connections.get('weight')"],
  ['connections', 'synapse_model', "use await connections.get('synapse_model')"],
  ['connections', 'tau_x', "use await connections.get('tau_x')"],
  ['connections', 'targets', 'use connections.target'],
  ['connections', '0', 'use sim.getConnections({ source, target }) for a part'],
  ['simulation', 'run', 'use await sim.simulate(ms)'],
  ['simulation', 'Create', 'use sim.create(model, n, params)'],
  ['simulation', 'biological_time', 'use (await sim.kernelStatus()).biological_time'],
])('%s.%s is not read', async (owner, property, hint) => {
  const object = (await objects())[owner] as unknown as Loose;
  const error = refusal(() => object[property]);
  expect(error).toMatchObject({ owner: object.constructor.name, property, hint });
  expect(property in object).toBe(false);
});

test('what tools ask for is looked for in vain, and what every object has is there', async () => {
  for (const [name, object] of Object.entries(await objects())) {
    const loose = object as unknown as Loose;
    const asked = ['then', 'toJSON', 'nodeType', 'asymmetricMatch', '$$typeof', '@@__IMMUTABLE__'];
    for (const property of [...asked, Symbol.toStringTag, Symbol.toPrimitive]) {
      expect(loose[property], `${name}.${String(property)}`).toBeUndefined();
    }
    expect(loose.hasOwnProperty).toBe(Object.prototype.hasOwnProperty);
    expect(await object).toBe(object);
    expect(JSON.stringify(object)).toBe('{}');
    loose[Symbol.for('a tool')] = 1;
    expect(loose[Symbol.for('a tool')]).toBe(1);
  }
});

test('a model whose state is called as what tools ask for does not disturb them', async () => {
  const simulation = open();
  simulation.defineNeuron({
    name: 'odd',
    parameters: {},
    state: { then: { default: 1 } },
    equations: { then: '0' },
  });
  const nodes = simulation.create('odd');
  expect(await nodes).toBe(nodes);
  expect(await nodes.get('then')).toEqual(Float64Array.of(1));
});

test('what is inside cannot be reached', async () => {
  for (const object of Object.values(await objects())) {
    expect(Reflect.ownKeys(object)).toEqual([]);
  }
});

test('prototypes can be looked at and extended', async () => {
  const { nodes } = await objects();
  const prototype = Object.getPrototypeOf(nodes) as Loose;
  expect(prototype.V_m).toBeUndefined();
  prototype.ofPlugin = 1;
  expect((nodes as unknown as Loose).ofPlugin).toBe(1);
  delete prototype.ofPlugin;
});

test('they print what they are', async () => {
  const { simulation, nodes, recorder, connections } = await objects();
  const printed = (object: unknown): string => {
    expect(inspect(object)).toBe(String(object));
    return String(object);
  };
  expect(printed(nodes)).toBe(`NodeCollection(model=${AEIF}, size=3, first=1, last=3)`);
  expect(printed(recorder.concat(nodes.slice(1)))).toBe(
    `NodeCollection(model=spike_recorder, size=1, first=4; model=${AEIF}, size=2, first=2, last=3)`,
  );
  const many = simulation.create('parrot_neuron', 20);
  const scattered = many.at(0).concat(...[...many].filter((_, i) => i > 0 && i % 2 === 0));
  expect(printed(scattered)).toMatch(/^NodeCollection\(model.*first=19; and 2 more\)$/);
  expect(printed(connections)).toBe('ConnectionCollection(synapse_model=clopath_synapse, size=3)');
  const none = await simulation.getConnections({ synapse_model: 'stdp_synapse' });
  expect(printed(none)).toBe('ConnectionCollection(size=0)');
  await simulation.simulate(2);
  expect(printed(simulation)).toBe(
    'Simulation(resolution=0.1, rng_seed=1, local_num_threads=1, biological_time=2, network_size=24)',
  );
});

test('models are printed in an order that does not depend on threads', async () => {
  const print = async (simulation: Simulation) => {
    const nodes = simulation.create(AEIF, 4);
    for (const model of ['stdp_synapse', 'clopath_synapse']) {
      for (const [from, to] of [
        [1, 2],
        [2, 1],
      ] as const) {
        await simulation.connect(nodes.at(from), nodes.at(to), 'one_to_one', model);
      }
    }
    return String(await simulation.getConnections());
  };
  const printed = 'ConnectionCollection(synapse_model=clopath_synapse, stdp_synapse, size=4)';
  expect(await print(open())).toBe(printed);
  expect(await print(open({ local_num_threads: 2 }))).toBe(printed);
});

test('what inherits from a collection is left alone', () => {
  const heir = Object.create(open().create(AEIF, 2));
  expect(heir.V_m).toBeUndefined();
});
