/** Static rows, and whole networks, in WebAssembly and JavaScript. */
import { describe, expect, test } from 'vitest';
import { carryKernel, enterKernel } from '../../src/engine/clopath-kernels.js';
import { Cycle } from '../../src/engine/cycle.js';
import type { Engine } from '../../src/engine/engine.js';
import { EngineReader } from '../../src/engine/reader.js';
import { staticRowKernel } from '../../src/engine/static-kernels.js';
import type { KernelTarget } from '../../src/kernel/compile.js';
import { uniform } from '../../src/random/distribution.js';
import { exactly, Workbench } from '../kernel/workbench.js';
import { Points } from '../math/points.js';
import { AEIF, advance, connectCall, makeEngine, neurons } from './in-process.js';

const ALWAYS = { after: 0, until: 2 ** 31 };

describe('a static row adds its weights, scaled, to the input of its targets', () => {
  const bench = new Workbench();
  const points = new Points(31);
  const weights = bench.column(points.uniform(12, -3, 3));
  const before = points.uniform(20, -5, 5);
  const input = bench.column(before);
  const factor = bench.column([0]);

  test.each([0, 2, 4, 12])('%i consecutive ones', (count) => {
    for (const kernel of bench.compile(() => staticRowKernel(true, false))) {
      for (const scale of [1, -0.7, 3]) {
        factor[0] = scale;
        input.set(before);
        const from = input.byteOffset + 8 * 3;
        kernel(weights.byteOffset, from, factor.byteOffset, 0, count);
        const expected = before.map((x, i) =>
          i >= 3 && i < 3 + count ? x + weights[i - 3] * scale : x,
        );
        expect(exactly(input)).toEqual(exactly(expected));
      }
    }
  });

  test.each([0, 1, 5, 12])('%i listed ones, some twice', (count) => {
    const ids = Array.from({ length: count }, () => points.word() % 20);
    const targets = bench.words([...ids, 0]);
    for (const kernel of bench.compile(() => staticRowKernel(false, false))) {
      factor[0] = 1.3;
      input.set(before);
      kernel(...[weights, input, factor, targets].map((c) => c.byteOffset), count);
      const expected = before.slice();
      ids.forEach((id, i) => {
        expected[id] += weights[i] * 1.3;
      });
      expect(exactly(input)).toEqual(exactly(expected));
    }
  });
});

describe('a static row onto signed input parts positive weights from others', () => {
  const bench = new Workbench();
  const points = new Points(32);
  const weights = bench.column([0, -0, ...points.uniform(10, -3, 3)]);
  const before = points.uniform(40, -5, 5);
  const input = bench.column(before);
  const factor = bench.column([0]);
  const PLANE = 20;

  test.each([true, false])('consecutive: %s', (contiguous) => {
    const ids = weights.map((_, i) => (contiguous ? i : points.word() % PLANE));
    const targets = bench.words([...ids]);
    for (const kernel of bench.compile(() => staticRowKernel(contiguous, true))) {
      for (const scale of [1, -0.7]) {
        factor[0] = scale;
        input.set(before);
        const columns = [weights, input, factor, targets].map((c) => c.byteOffset);
        kernel(...columns, weights.length, 8 * PLANE);
        const expected = before.slice();
        ids.forEach((id, i) => {
          const weight = weights[i] * scale;
          expected[id + (weight > 0 ? 0 : PLANE)] += weight;
        });
        expect(exactly(input)).toEqual(exactly(expected));
      }
    }
  });
});

describe('columns are copied, and nothing beside them', () => {
  const bench = new Workbench();
  const points = new Points(33);
  const [plus, minus] = [1, 2].map(() => bench.column(points.uniform(12, -80, 40)));
  const [first, second] = [1, 2].map(() => bench.column(new Float64Array(16)));

  /** From two places on; in WebAssembly there may be one more if they are odd. */
  function expectCopied(to: Float64Array, from: Float64Array, count: number): void {
    const end = 2 + count;
    expect(exactly(to.subarray(2, end))).toEqual(exactly(from.subarray(0, count)));
    const beside = [...to.subarray(0, 2), ...to.subarray(end + (count & 1))];
    expect(new Set(beside)).toEqual(new Set([0]));
  }

  test.each([0, 1, 2, 7, 12])('%i of two to delay lines, and of one to the next step', (count) => {
    for (const enter of bench.compile(enterKernel)) {
      for (const line of [first, second]) line.fill(0);
      const [to, other] = [first, second].map((line) => line.byteOffset + 16);
      enter(plus.byteOffset, to, minus.byteOffset, other, count);
      expectCopied(first, plus, count);
      expectCopied(second, minus, count);
    }
    for (const carry of bench.compile(carryKernel)) {
      first.fill(0);
      carry(plus.byteOffset, first.byteOffset + 16, count);
      expectCopied(first, plus, count);
    }
  });
});

/** Two populations and trains of spikes: static and plastic rows, contiguous ones and lists. */
function network(kernels: KernelTarget): Engine {
  const engine = makeEngine({ kernels, seed: 5 });
  const points = new Points(32);
  const I_e = Float64Array.from(points.uniform(11, 300, 700));
  engine.createNeurons(neurons(AEIF, 1, 23, { I_e: 450, A_LTP: 4e-4 }));
  engine.createNeurons(neurons(AEIF, 24, 11, { I_e, A_LTD_const: 0 }));
  engine.createDevices(
    35,
    Array.from({ length: 4 }, () => {
      const steps = Int32Array.from({ length: 60 }, () => 1 + (points.word() % 2900)).sort();
      const ones = steps.map(() => 1);
      return {
        model: 'spike_generator',
        steps: steps.filter((s, i) => s !== steps[i - 1]),
        factors: Float64Array.from(ones),
        multiplicities: ones,
        active: ALWAYS,
      } as const;
    }),
  );
  const many = { allow_autapses: false, allow_multapses: true };
  const all = [{ first: 1, count: 34 }];
  const first = [{ first: 1, count: 23 }];
  const trains = [{ first: 35, count: 4 }];
  const degree = { rule: 'fixed_indegree', indegree: 13, ...many } as const;
  const dense = { rule: 'all_to_all', ...many } as const;
  const plastic = { model: 'clopath_synapse', weight: uniform(0.1, 0.6), parameters: { Wmax: 1 } };
  const calls = [
    connectCall({ call: 0, rule: dense, sources: first, targets: all, ...plastic }),
    connectCall({ call: 1, rule: degree, sources: all, targets: all, ...plastic, delay: 17 }),
    connectCall({ call: 2, rule: dense, sources: trains, targets: all, weight: 1.5 }),
    connectCall({ call: 3, rule: degree, sources: all, targets: first, weight: uniform(-1, 1) }),
  ];
  for (const call of calls) {
    engine.stageConnections(call);
    engine.commitConnections();
  }
  return engine;
}

test.each([1, 10])('a network comes to the same bits, in slices of %i steps', (sliceSteps) => {
  const plan = { nodes: 38, sliceSteps, maxDelaySteps: 17, plasticDelaySteps: 17 };
  const [wasm, javascript] = (['wasm', 'javascript'] as const).map((kernels) => {
    const engine = network(kernels);
    for (let run = 0; run < 3; run++) advance(engine, 1000, plan);
    const reader = new EngineReader(engine);
    const { weight } = reader.getConnections({ lastCall: 9 });
    return {
      accumulators: Array.from(reader.accumulators()),
      spikes: Array.from(reader.spikeCounts()),
      weights: exactly(weight),
      events: engine.synapticEvents,
    };
  });
  expect(javascript).toEqual(wasm);
  expect(wasm.spikes.slice(0, 34).reduce((a, b) => a + b)).toBeGreaterThan(34);
  expect(wasm.events).toBeGreaterThan(5000);
});

test('no clock reaches a result', () => {
  const plan = { nodes: 38, sliceSteps: 3, maxDelaySteps: 17, plasticDelaySteps: 17 };
  const points = new Points(33);
  let now = 0;
  const clocks = [
    () => 0,
    () => ++now,
    () => points.uniform(1, -100, 100)[0]!,
    () => Number.NaN,
    () => Number.POSITIVE_INFINITY,
  ];
  const outcomes = clocks.map((clock) => {
    const engine = network('wasm');
    const cycle = new Cycle([engine.phases], clock);
    for (let run = 0; run < 3; run++) advance(engine, 400, plan, cycle);
    if (clock === clocks[1]) expect(cycle.times.update).toBeGreaterThan(0);
    return new EngineReader(engine).accumulators();
  });
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
});
