import { describe, expect, test } from 'vitest';
import {
  ExperimentError,
  MissingKeyError,
  UnknownKeyError,
  UnknownNameError,
  ValueError,
} from '../../src/errors/index.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { parseExperiment } from '../../src/experiment/schema.js';
import { numbersOf } from '../../src/experiment/values.js';
import { plannedNetwork } from '../../src/planning/network.js';
import { minimal, problems, resolved } from './minimal.js';

test('defaults are filled in', () => {
  const { kernel, description, synapse_models, connections, protocol, populations } = resolved();
  expect(kernel).toEqual({ resolution: 0.1, rng_seed: 1 });
  expect(description).toBe('');
  expect(synapse_models.plastic).toEqual({
    base: 'clopath_synapse',
    params: {},
    weight_recorder: 'weights',
  });
  expect(populations.weights).toEqual({ model: 'weight_recorder', size: 1, params: {} });
  expect(connections[0]?.syn_spec).toEqual({ synapse_model: 'plastic' });
  expect(protocol).toEqual([{ simulate: 1, repeat: 1, set: {} }]);
});

test('a connection without syn_spec is static, a rule can be a word', () => {
  const { connections } = resolved({
    connections: [{ source: 'relays', target: 'relays', conn_spec: 'one_to_one' }],
  });
  expect(connections[0]).toMatchObject({
    conn_spec: { rule: 'one_to_one' },
    syn_spec: { synapse_model: 'static_synapse' },
  });
});

describe('unknown keys name the closest known one', () => {
  test.each<[string, object, string, string]>([
    ['popultions', { popultions: {} }, 'top level', 'populations'],
    ['kernel.rng_sed', { kernel: { rng_sed: 1 } }, 'kernel', 'rng_seed'],
    [
      'populations.exc.modle',
      { populations: { exc: { model: 'parrot_neuron', modle: 'x' } } },
      'populations.exc',
      'model',
    ],
    [
      'connections.0.conn_spec.indegre',
      {
        connections: [
          { source: 'exc', target: 'exc', conn_spec: { rule: 'fixed_indegree', indegre: 1 } },
        ],
      },
      'connections.0.conn_spec',
      'indegree',
    ],
    ['protocol.0.simulte', { protocol: [{ simulate: 1, simulte: 2 }] }, 'protocol.0', 'simulate'],
    [
      'populations.exc.params.V_m.stdd',
      {
        populations: {
          exc: {
            model: 'm',
            params: { V_m: { distribution: 'normal', mean: 0, std: 1, stdd: 1 } },
          },
        },
      },
      'populations.exc.params.V_m',
      'std',
    ],
  ])('%s', (path, change, where, known) => {
    const found = problems({ connections: [], synapse_models: {}, ...change });
    expect(found).toHaveLength(1);
    expect(found[0]?.path).toBe(path);
    expect(found[0]?.error).toBeInstanceOf(UnknownKeyError);
    expect(found[0]?.error).toMatchObject({ where });
    expect(found[0]?.error.message).toContain(`did you mean '${known}'?`);
  });
});

describe('wrong values tell path, value and what is allowed', () => {
  const exc = (params: object, more: object = {}) => ({
    connections: [],
    synapse_models: {},
    populations: { exc: { model: 'm', params, ...more } },
  });
  test.each<[string, object, unknown, string]>([
    ['kernel.resolution', { kernel: { resolution: 0 } }, 0, 'a step in ms, > 0 and at most 1000'],
    ['kernel.rng_seed', { kernel: { rng_seed: -1 } }, -1, 'a whole number from 0 to 2^53 - 1'],
    ['kernel.rng_seed', { kernel: { rng_seed: 1.5 } }, 1.5, 'a whole number from 0 to 2^53 - 1'],
    ['populations.exc.size', exc({}, { size: 1.5 }), 1.5, 'a whole number, at least 1'],
    ['populations.exc.size', exc({}, { size: 0 }), 0, 'a whole number, at least 1'],
    ['populations.exc.size', exc({}, { size: true }), true, 'a whole number, at least 1'],
    ['populations.exc.params.a', exc({ a: null }), null, 'a number, an expression, true or false'],
    ['populations.exc.params.a', exc({ a: {} }), {}, 'a number, an expression, true or false'],
    ['populations.exc.params.a.2', exc({ a: [1, 2, null] }), null, 'a number, an expression'],
    ['populations.exc.params.a', exc({ a: Number.NaN }), Number.NaN, 'a number, an expression'],
    [
      'populations.exc.params.a.std',
      exc({ a: { distribution: 'normal', mean: 0, std: -1 } }),
      -1,
      'a number >= 0',
    ],
    [
      'populations.exc.params.a.right.beta',
      exc({ a: { op: '+', left: 1, right: { distribution: 'exponential', beta: 0 } } }),
      0,
      'a number > 0',
    ],
    ['protocol', { protocol: [] }, [], 'a list of at least one interval'],
    ['protocol.0.simulate', { protocol: [{ simulate: -1 }] }, -1, 'a duration in ms, > 0'],
    ['name', { name: 7 }, 7, 'a name: letters'],
    ['connections', { connections: {} }, {}, 'a list of connections'],
    ['connections.0.source', { connections: [{ source: 3, target: 'exc' }] }, 3, 'a population'],
  ])('%s', (path, change, value, expected) => {
    const found = problems(change as Record<string, unknown>);
    expect(found.map((problem) => problem.path)).toEqual([path]);
    expect(found[0]?.error).toBeInstanceOf(ValueError);
    expect(found[0]?.error).toHaveProperty('value', value);
    expect(found[0]?.error.message).toContain(`expected ${expected}`);
  });

  test('names that paths and files cannot hold', () => {
    const [problem] = problems({ populations: { 'my exc.': { model: 'parrot_neuron' } } });
    expect(problem?.path).toBe('populations.my exc.');
    expect(problem?.error.message).toContain("'my exc.'; expected a name");
  });
});

test('a missing key', () => {
  const [problem] = problems({ populations: { exc: { size: 2 } } });
  expect(problem?.error).toBeInstanceOf(MissingKeyError);
  expect(problem?.error.message).toBe("populations.exc: 'model' is missing; expected a node model");
});

test.each([
  ['distribution', { distribution: 'unifrm', min: 0, max: 1 }, 'uniform'],
  ['op', { op: 'redrew', of: 1 }, 'redraw'],
])('an unknown %s names the closest', (key, value, known) => {
  const [problem] = problems({ populations: { exc: { model: 'm', params: { a: value } } } });
  expect(problem?.path).toBe(`populations.exc.params.a.${key}`);
  expect(problem?.error).toBeInstanceOf(UnknownNameError);
  expect(problem?.error.message).toContain(`did you mean '${known}'?`);
});

test('all problems are reported at once, in one message', () => {
  const data = { ...minimal, kernel: { resolution: -1, sed: 1 }, protocol: [{}], name: '' };
  expect(() => parseExperiment(data, 'net.json')).toThrow(ExperimentError);
  try {
    parseExperiment(data, 'net.json');
  } catch (error) {
    const { message, problems: found } = error as ExperimentError;
    expect(found.map(({ path }) => path).sort()).toEqual([
      'kernel.resolution',
      'kernel.sed',
      'name',
      'protocol.0.simulate',
    ]);
    expect(message.startsWith('net.json: 4 problems\n  - ')).toBe(true);
    expect(message).toContain('kernel.resolution is -1; expected');
  }
});

test.each([null, 5, 'text', []])('%j is no experiment', (data) => {
  expect(() => parseExperiment(data, 'net.json')).toThrow('expected an experiment: an object');
});

describe('an infinite number', () => {
  const iaf = (params: object) => ({
    populations: { ...(minimal.populations as object), cells: { model: 'iaf_psc_delta', params } },
  });
  const drive = (params: object) => ({
    populations: { ...(minimal.populations as object), drive: { model: 'dc_generator', params } },
  });

  test('is a word where it may be, and stays one in what is written again', () => {
    for (const [change, name, word] of [
      [iaf({ V_min: '-Infinity' }), 'V_min', '-Infinity'],
      [drive({ stop: 'Infinity' }), 'stop', 'Infinity'],
    ] as const) {
      const { populations } = resolved(change);
      const { params } = Object.values(populations).at(-1)!;
      expect(params).toEqual({ [name]: word });
      expect(JSON.parse(JSON.stringify(params))).toEqual(params);
      expect(Object.is(numbersOf(params)[name], Number(word))).toBe(true);
    }
    expect(resolved(iaf({ V_min: '-10 * S' })).populations.cells!.params).toEqual({ V_min: -20 });
    const [override] = [['populations.cells.params.V_min=-Infinity']];
    expect(resolved(iaf({}), override).populations.cells!.params).toEqual({ V_min: '-Infinity' });
  });

  test.each([
    [iaf({ V_min: 'Infinity' }), 'populations.cells.params.V_min', /"-Infinity"/],
    [iaf({ V_th: '-Infinity' }), 'populations.cells.params.V_th', /Infinity/],
    [drive({ stop: '-Infinity' }), 'populations.drive.params.stop', /"Infinity"/],
    [drive({ amplitude: 'Infinity' }), 'populations.drive.params.amplitude', /Infinity/],
    [{ parameters: { S: 'Infinity' } }, 'parameters.S', /Infinity/],
  ])('is refused elsewhere: %j', (change, path, message) => {
    const [first] = problems(change);
    expect(first!.path).toBe(path);
    expect(first!.error.message).toMatch(message);
  });

  test('does to a run what leaving it out does, in populations and in the protocol', async () => {
    const digestOf = async (params: object, set: object) => {
      const experiment = resolved({
        ...iaf({ I_e: 500, ...params }),
        protocol: [{ simulate: 5 }, { simulate: 20, set: { cells: set } }],
      });
      plannedNetwork(experiment);
      return (await runExperiment(experiment, { threads: 1 })).digest;
    };
    const without = await digestOf({}, {});
    expect(await digestOf({ V_min: '-Infinity' }, { V_min: '-Infinity' })).toBe(without);
    expect(await digestOf({ V_min: -60 }, {})).not.toBe(without);
    // Taken away before it would act again.
    expect(await digestOf({ V_min: -1000 }, { V_min: '-Infinity' })).toBe(without);
  });
});
