import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineReader } from '../../src/engine/reader.js';
import { AEIF, connectCall, makeEngine, neurons } from './in-process.js';

const NODES = 6;
const DEVICES = ['poisson_generator', 'dc_generator'] as const;

interface Pair {
  readonly source: number;
  readonly target: number;
  readonly weight: number;
  readonly delay: number;
  readonly Wmax: number;
}

const anyPair: fc.Arbitrary<Pair> = fc.record({
  source: fc.integer({ min: 1, max: NODES + DEVICES.length }),
  target: fc.integer({ min: 1, max: NODES }),
  weight: fc.integer({ min: 1, max: 1000 }),
  delay: fc.integer({ min: 1, max: 4 }),
  Wmax: fc.integer({ min: 1001, max: 1003 }),
});
/** By connect call: static connections if there are generators among the sources, else plastic ones. */
const anyCalls = fc.array(fc.array(anyPair, { minLength: 1, maxLength: 12 }), { maxLength: 4 });
const anyIds = fc.option(fc.uniqueArray(fc.integer({ min: 1, max: NODES + 3 })), {
  nil: undefined,
});

const isDevice = (id: number): boolean => id > NODES;

function connected(calls: readonly (readonly Pair[])[]): EngineReader {
  const engine = makeEngine();
  engine.createNeurons(neurons(AEIF, 1, 2));
  engine.createNeurons(neurons(AEIF, 3, NODES - 2));
  const active = { after: 0, until: 1000 };
  const amplitudes = Float64Array.of(1);
  engine.createDevices(NODES + 1, [
    { model: 'poisson_generator', meanPerStep: 0.1, active },
    { model: 'dc_generator', steps: Int32Array.of(0), amplitudes, first: 0, end: 1000 },
  ]);
  calls.forEach((pairs, call) => {
    const column = (name: keyof Pair) => Float64Array.from(pairs, (pair) => pair[name]);
    const isStatic = pairs.some(({ source }) => isDevice(source));
    engine.stageConnections(
      connectCall({
        call,
        rule: { rule: 'one_to_one', allow_autapses: true, allow_multapses: true },
        sources: Uint32Array.from(pairs, ({ source }) => source),
        targets: Uint32Array.from(pairs, ({ target }) => target),
        model: isStatic ? 'static_synapse' : 'clopath_synapse',
        weight: column('weight'),
        delay: column('delay'),
        parameters: isStatic ? {} : { Wmax: column('Wmax') },
      }),
    );
    engine.commitConnections();
  });
  return new EngineReader(engine);
}

test('connections are found by the filter, in the order of source, target and creation', () => {
  fc.assert(
    fc.property(anyCalls, anyIds, anyIds, fc.nat({ max: 3 }), (calls, from, to, lastCall) => {
      const found = connected(calls).getConnections({
        sources: from && Uint32Array.from(from),
        targets: to && Uint32Array.from(to),
        lastCall,
      });
      const expected = calls
        .slice(0, lastCall + 1)
        .flatMap((pairs) => {
          const plastic = pairs.every(({ source }) => !isDevice(source));
          return pairs.map((pair) => ({ ...pair, Wmax: plastic ? pair.Wmax : Number.NaN }));
        })
        .filter(({ source }) => from?.includes(source) ?? true)
        .filter(({ target }) => to?.includes(target) ?? true)
        .sort((a, b) => a.source - b.source || a.target - b.target);
      const column = (name: keyof Pair) => expected.map((pair) => pair[name]);
      expect(Array.from(found.source)).toEqual(column('source'));
      expect(Array.from(found.target)).toEqual(column('target'));
      expect(Array.from(found.weight)).toEqual(column('weight'));
      expect(Array.from(found.delay, (ms) => Math.round(10 * ms))).toEqual(column('delay'));
      const { Wmax = [] } = found.parameters;
      if (found.parameters.Wmax) expect(Array.from(Wmax)).toEqual(column('Wmax'));
      expect(Array.from(found.model, (m) => found.models[m])).toEqual(
        column('Wmax').map((w) => (Number.isNaN(w) ? 'static_synapse' : 'clopath_synapse')),
      );
    }),
    { numRuns: 40 },
  );
});

test('weights and parameters are set one for each that is found', () => {
  fc.assert(
    fc.property(anyCalls, anyIds, (calls, from) => {
      const reader = connected(calls);
      const filter = { sources: from && Uint32Array.from(from), lastCall: 9 };
      const before = reader.getConnections(filter);
      const weight = before.weight.map((_, c) => 2000 + c);
      const Wmax = before.weight.map((_, c) => 3000 + (c % 3));
      reader.setConnections(filter, { weight, Wmax });
      const after = reader.getConnections(filter);
      expect(after).toEqual({
        ...before,
        weight,
        parameters: before.parameters.Wmax
          ? {
              ...before.parameters,
              Wmax: Wmax.map((w, c) => (Number.isNaN(before.parameters.Wmax![c]) ? Number.NaN : w)),
            }
          : {},
      });
    }),
    { numRuns: 40 },
  );
});
