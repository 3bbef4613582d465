import { describe, expect, test } from 'vitest';
import {
  BadConnectionError,
  CircularParametersError,
  ExpressionError,
  UnknownNameError,
  ValueError,
} from '../../src/errors/index.js';
import { resolveExperiment } from '../../src/experiment/resolve.js';
import { parseExperiment } from '../../src/experiment/schema.js';
import { problems, resolved } from './minimal.js';

describe('named parameters', () => {
  test('are used wherever a number can stand', () => {
    const experiment = resolved({
      parameters: { S: 3, n: '2 * S', delay: 'S / 10' },
      kernel: { resolution: '0.1' },
      populations: {
        a: {
          model: 'poisson_generator',
          size: 'n + 1',
          expected_rate: 'S',
          params: { start: '-S', rate: [1, 'S', 1, 1, 1, 1, 1] },
        },
        b: {
          model: 'iaf_psc_delta',
          params: {
            V_m: { op: '*', left: 'S', right: { distribution: 'uniform', min: 0, max: 'n' } },
          },
        },
      },
      synapse_models: { s: { base: 'static_synapse', params: { weight: 'S^2' } } },
      connections: [
        {
          source: { population: 'a', from: 'S - 3', to: 'S' },
          target: 'b',
          conn_spec: { rule: 'fixed_indegree', indegree: 'S' },
          syn_spec: { weight: ['S', 2, 1], delay: 'delay' },
        },
        { source: 'a', target: 'b', pairs: { source: ['S', 0], target: [0, 0] } },
      ],
      protocol: [
        {
          simulate: '10 * S',
          repeat: 'S',
          set: { a: { origin: 'S' } },
          stimulus: {
            kind: 'gaussian_rate',
            population: 'a',
            amplitude: 'S',
            sigma: 1,
            centers: ['S', 1],
          },
        },
      ],
    });
    expect(experiment.parameters).toEqual({ S: 3, n: 6, delay: 0.3 });
    expect(experiment.kernel.resolution).toBe(0.1);
    expect(experiment.populations).toEqual({
      a: {
        model: 'poisson_generator',
        size: 7,
        expected_rate: 3,
        params: { start: -3, rate: [1, 3, 1, 1, 1, 1, 1] },
      },
      b: {
        model: 'iaf_psc_delta',
        size: 1,
        params: { V_m: { op: '*', left: 3, right: { distribution: 'uniform', min: 0, max: 6 } } },
      },
    });
    expect(experiment.synapse_models.s?.params).toEqual({ weight: 9 });
    expect(experiment.connections).toEqual([
      {
        source: { population: 'a', from: 0, to: 3 },
        target: 'b',
        conn_spec: { rule: 'fixed_indegree', indegree: 3 },
        syn_spec: { synapse_model: 'static_synapse', weight: [3, 2, 1], delay: 0.3 },
      },
      {
        source: 'a',
        target: 'b',
        pairs: { source: [3, 0], target: [0, 0] },
        syn_spec: { synapse_model: 'static_synapse' },
      },
    ]);
    expect(experiment.protocol).toEqual([
      {
        simulate: 30,
        repeat: 3,
        set: { a: { origin: 3 } },
        stimulus: {
          kind: 'gaussian_rate',
          population: 'a',
          amplitude: 3,
          sigma: 1,
          factor: 1,
          centers: [3, 1],
        },
      },
    ]);
  });

  test('may be written in any order', () => {
    const { parameters } = resolved({ parameters: { a: 'b + 1', b: 'S * 2', S: 4 } });
    expect(parameters).toEqual({ a: 9, b: 8, S: 4 });
  });

  test('a text seed is not an expression', () => {
    expect(resolved({ kernel: { rng_seed: 'S' } }).kernel.rng_seed).toBe('S');
  });

  test('names in record_from are not expressions', () => {
    const { populations } = resolved({
      connections: [],
      synapse_models: {},
      populations: { m: { model: 'multimeter', params: { record_from: ['V_m'], interval: 'S' } } },
    });
    expect(populations.m?.params).toEqual({ record_from: ['V_m'], interval: 2 });
  });

  test('a cycle is named, once', () => {
    const found = problems({ parameters: { S: 1, a: 'b', b: 'c + 1', c: 'S * a' } });
    expect(found).toHaveLength(1);
    expect(found[0]?.error).toBeInstanceOf(CircularParametersError);
    expect(found[0]?.error).toMatchObject({ cycle: ['a', 'b', 'c', 'a'] });
    expect(found[0]?.error.message).toContain('a -> b -> c -> a');
  });

  test('one that needs itself', () => {
    expect(problems({ parameters: { S: 'S' } })[0]?.error.message).toContain('S -> S');
  });
});

describe('errors in expressions carry their path', () => {
  const size = (expression: string) => ({
    populations: { relays: { model: 'parrot_neuron', size: expression } },
  });

  test('one that cannot be read', () => {
    const [problem] = problems(size('2 *'));
    expect(problem?.path).toBe('populations.relays.size');
    expect(problem?.error).toBeInstanceOf(ExpressionError);
    expect(problem?.error).toMatchObject({ where: 'populations.relays.size', position: 3 });
  });

  test('an unknown parameter', () => {
    const [problem] = problems(size('2 * s'));
    expect(problem?.path).toBe('populations.relays.size');
    expect(problem?.error).toBeInstanceOf(UnknownNameError);
    expect(problem?.error.message).toContain("did you mean 'S'?");
  });

  test('a value that is not allowed', () => {
    const [problem] = problems(size('S / 4'));
    expect(problem?.error).toBeInstanceOf(ValueError);
    expect(problem?.error.message).toBe(
      "populations.relays.size is 0.5; expected a whole number, at least 1 (it is the value of 'S / 4')",
    );
  });

  test('a distribution that cannot be', () => {
    const uniform = { distribution: 'uniform', min: 'S', max: 1 };
    const [problem] = problems({
      populations: { relays: { model: 'parrot_neuron', params: { x: uniform } } },
    });
    expect(problem?.path).toBe('populations.relays.params.x');
    expect(problem?.error.message).toContain('populations.relays.params.x.min is 2');
  });
});

describe('references', () => {
  const connect = (connection: object) => ({ connections: [{ target: 'exc', ...connection }] });
  test.each<[string, object, string]>([
    ['connections.0.source', connect({ source: 'ralays' }), "did you mean 'relays'?"],
    ['connections.0.source.1', connect({ source: ['relays', 'no'] }), "unknown population 'no'"],
    [
      'connections.0.source',
      connect({ source: { population: 'relays', from: 2, to: 5 } }),
      'is [2,5]; expected 0 <= from <= to <= 4',
    ],
    [
      'connections.0.source',
      connect({ source: { population: 'relays', from: 3, to: 2 } }),
      'is [3,2]; expected',
    ],
    [
      'connections.0.pairs.source.1',
      connect({ source: 'relays', pairs: { source: [3, 4], target: [0, 1] } }),
      'is 4; expected an index from 0 to 3',
    ],
    [
      'connections.0.pairs.target',
      connect({ source: 'relays', pairs: { source: [3], target: [0, 1] } }),
      'expected as long as source (1)',
    ],
    [
      'synapse_models.plastic.weight_recorder',
      { synapse_models: { plastic: { base: 'clopath_synapse', weight_recorder: 'weight' } } },
      "did you mean 'weights'?",
    ],
    ['size_parameter', { parameters: { S: 1 }, size_parameter: 's' }, "did you mean 'S'?"],
    ['protocol.0.set.ex', { protocol: [{ simulate: 1, set: { ex: {} } }] }, "did you mean 'exc'?"],
    [
      'protocol.0.stimulus.population',
      {
        protocol: [
          {
            simulate: 1,
            stimulus: {
              kind: 'gaussian_rate',
              population: 'pg',
              amplitude: 1,
              sigma: 1,
              centers: [0],
            },
          },
        ],
      },
      "unknown population 'pg'",
    ],
    [
      'connections.1.name',
      {
        connections: [
          { name: 'a', source: 'relays', target: 'exc' },
          { name: 'a', source: 'relays', target: 'exc' },
        ],
      },
      'expected a name that no other has',
    ],
  ])('%s', (path, change, message) => {
    const found = problems(change as Record<string, unknown>);
    expect(found.map((problem) => problem.path)).toEqual([path]);
    expect(found[0]?.error.message).toContain(message);
  });

  test('a rule and pairs exclude each other', () => {
    const [problem] = problems(
      connect({ source: 'relays', conn_spec: 'one_to_one', pairs: { source: [0], target: [0] } }),
    );
    expect(problem?.error).toBeInstanceOf(BadConnectionError);
  });
});

test('what is resolved is itself a valid file that resolves to itself', () => {
  const first = resolved();
  const stored = JSON.parse(JSON.stringify(first));
  expect(stored).toEqual(first);
  expect(resolveExperiment(parseExperiment(stored, 'run.json'))).toEqual(first);
});
