/** The quick way of connecting against the general one: they must make the same connections. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConnectCall } from '../../src/connectivity/connect-call.js';
import type { IdRange } from '../../src/connectivity/id-set.js';
import type { Engine } from '../../src/engine/engine.js';
import { GeneralStage } from '../../src/engine/general-stage.js';
import { EngineReader } from '../../src/engine/reader.js';
import { isUniform, UniformStage } from '../../src/engine/uniform-stage.js';
import { BadParametersError } from '../../src/errors/index.js';
import { synapseModels } from '../../src/models/registry.js';
import { add, normal, uniform } from '../../src/random/distribution.js';
import { exactly } from '../kernel/workbench.js';
import { AEIF, connectCall, makeEngine, neurons, type Setting } from './in-process.js';

const seed = 20261124;

/** Groups of neurons by their sizes, ids from 1. */
function populated(sizes: readonly number[], setting: Setting): Engine {
  const engine = makeEngine(setting);
  let firstId = 1;
  for (const size of sizes) {
    engine.createNeurons(neurons(AEIF, firstId, size));
    firstId += size;
  }
  return engine;
}

function staged(
  Stage: typeof UniformStage | typeof GeneralStage,
  engine: Engine,
  call: ConnectCall,
) {
  return new Stage(call, synapseModels.get(call.synapse.model)!, engine, seed);
}

/** All that can be known of connections, to the bit. */
function described(engine: Engine) {
  const reader = new EngineReader(engine);
  const { models, parameters, ...columns } = reader.getConnections({ lastCall: 99 });
  return {
    models,
    ...Object.fromEntries(Object.entries(columns).map(([n, c]) => [n, exactly(c)])),
    ...Object.fromEntries(Object.entries(parameters).map(([n, c]) => [n, exactly(c)])),
    count: engine.table.connectionCount,
    accumulators: Array.from(reader.accumulators()),
  };
}

/** Ascending, disjoint ranges within 1 ... last. */
const ranges = (last: number): fc.Arbitrary<IdRange[]> =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: last + 1 }), { minLength: 2, maxLength: 6 })
    .map((cuts) => cuts.sort((a, b) => a - b))
    .map((cuts) =>
      cuts.flatMap((first, i): IdRange[] =>
        i % 2 === 0 && i + 1 < cuts.length ? [{ first, count: cuts[i + 1] - first }] : [],
      ),
    );

const networks = fc
  .array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 4 })
  .chain((sizes) => {
    const last = sizes.reduce((a, b) => a + b);
    return fc.record({
      sizes: fc.constant(sizes),
      processes: fc.integer({ min: 1, max: 4 }),
      sources: ranges(last),
      targets: ranges(last),
      call: fc.integer({ min: 0, max: 5 }),
      delay: fc.integer({ min: 1, max: 30 }),
      indegree: fc.integer({ min: 0, max: 25 }),
      rule: fc.constantFrom('all_to_all' as const, 'fixed_indegree' as const),
      allow_autapses: fc.boolean(),
      model: fc.constantFrom('static_synapse', 'clopath_synapse'),
      weight: fc.constantFrom(
        2.5,
        0,
        uniform(0.5, 7),
        normal(3, 0.1),
        add(uniform(1, 2), normal(5, 0.3)),
      ),
    });
  });

test('the same connections, whichever way they are made', () => {
  let made = 0;
  fc.assert(
    fc.property(networks, ({ sizes, processes, sources, targets, indegree, ...given }) => {
      const { rule: name, allow_autapses } = given;
      // A single source that is left out as an autapse leaves nothing to draw.
      const alone = sources.reduce((n, { count }) => n + count, 0) < 2;
      fc.pre(!(alone && name === 'fixed_indegree' && !allow_autapses));
      const common = { allow_autapses, allow_multapses: true };
      const rule =
        name === 'all_to_all' ? { rule: name, ...common } : { rule: name, indegree, ...common };
      const call = connectCall({ ...given, rule, sources, targets });
      expect(isUniform(call)).toBe(true);
      for (let rank = 0; rank < processes; rank++) {
        const [quick, general] = [UniformStage, GeneralStage].map((Stage) => {
          const engine = populated(sizes, { rank, processes });
          const stage = staged(Stage, engine, call);
          stage.commit();
          return { delays: stage.delays, ...described(engine) };
        });
        expect(quick).toEqual(general);
        made += quick.count;
      }
    }),
    { seed, numRuns: 45 },
  );
  expect(made).toBeGreaterThan(1000);
});

const RULES = [
  { rule: 'all_to_all', allow_autapses: false, allow_multapses: true },
  { rule: 'fixed_indegree', indegree: 7, allow_autapses: false, allow_multapses: true },
] as const;

test.each(RULES)('$rule that is discarded leaves no trace', (rule) => {
  const call = connectCall({
    rule,
    sources: [{ first: 2, count: 20 }],
    targets: [{ first: 1, count: 25 }],
    model: 'clopath_synapse',
    weight: uniform(1, 2),
  });
  const engine = populated([25], {});
  // Kernels of the draws are compiled at the first call, and stay.
  staged(UniformStage, engine, call).discard();
  const before = { bytes: engine.segment.usedBytes, ...described(engine) };
  for (let i = 0; i < 3; i++) staged(UniformStage, engine, call).discard();
  expect({ bytes: engine.segment.usedBytes, ...described(engine) }).toEqual(before);
  staged(UniformStage, engine, call).commit();
  const fresh = populated([25], {});
  staged(UniformStage, fresh, call).commit();
  expect(described(engine)).toEqual(described(fresh));
  expect(engine.table.connectionCount).toBeGreaterThan(100);
});

test.each(RULES)('$rule with a weight that does not go with its bounds leaves no trace', (rule) => {
  const call = connectCall({
    rule,
    sources: [{ first: 1, count: 20 }],
    targets: [{ first: 1, count: 25 }],
    model: 'clopath_synapse',
    weight: uniform(-0.1, 2),
  });
  const engine = populated([25], {});
  expect(() => staged(UniformStage, engine, call)).toThrow(BadParametersError);
  const before = { bytes: engine.segment.usedBytes, ...described(engine) };
  for (let i = 0; i < 3; i++) {
    expect(() => staged(UniformStage, engine, call)).toThrow(/weight and Wmax of the same sign/);
  }
  expect({ bytes: engine.segment.usedBytes, ...described(engine) }).toEqual(before);
  expect(engine.table.connectionCount).toBe(0);
});

test.each<[string, Partial<Parameters<typeof connectCall>[0]>]>([
  ['another rule', { rule: { rule: 'one_to_one', allow_autapses: true, allow_multapses: true } }],
  [
    'no multapses',
    { rule: { rule: 'fixed_indegree', indegree: 2, allow_autapses: true, allow_multapses: false } },
  ],
  ['drawn delays', { delay: uniform(1, 2) }],
  ['listed weights', { weight: new Float64Array(100) }],
  ['drawn parameters', { model: 'clopath_synapse', parameters: { tau_x: uniform(10, 20) } }],
  ['listed sources', { sources: Uint32Array.of(1, 2) }],
])('%s is not for the quick way', (_, given) => {
  const ids = [{ first: 1, count: 10 }];
  expect(isUniform(connectCall({ rule: RULES[0], sources: ids, targets: ids }))).toBe(true);
  expect(isUniform(connectCall({ rule: RULES[0], sources: ids, targets: ids, ...given }))).toBe(
    false,
  );
});
