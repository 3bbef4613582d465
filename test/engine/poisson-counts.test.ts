/** Counts drawn many at a time: those of single draws, for any runs of connections. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KernelCache } from '../../src/engine/kernel-cache.js';
import { PoissonColumns } from '../../src/engine/poisson-columns.js';
import { PoissonCounts } from '../../src/engine/poisson-counts.js';
import { Segment } from '../../src/memory/segment.js';
import { Draws, PoissonTable, streamKey } from '../../src/random/index.js';
import { exactly } from '../kernel/workbench.js';
import { chiSquare, poissonCdf } from '../statistics.js';

const SEED = 11;
const ALWAYS = [0, 2 ** 31] as const;

interface Given {
  readonly mean: number;
  /** Targets of a generator. */
  readonly targets: number;
  readonly weight?: (c: number) => number;
  /** Steps after ... until. */
  readonly active?: readonly [number, number];
}

/** Counts of generators 1, 2, ..., whose connections are onto groups 0 and 1 in turn. */
class Bench {
  readonly segment = new Segment();
  readonly columns: PoissonColumns;
  readonly counts: PoissonCounts;

  constructor(kernels: 'wasm' | 'javascript') {
    const cache = new KernelCache(this.segment, kernels);
    this.columns = new PoissonColumns(this.segment);
    this.counts = new PoissonCounts(SEED, this.columns, this.segment, cache);
  }

  connect(generators: readonly Given[]): void {
    generators.forEach(({ targets, weight }, g) => {
      for (let i = 0; i < targets; i++) {
        const c = this.columns.length;
        const place = { group: g % 2, index: targets - 1 - i, delay: 1 + (g % 3) };
        const unused = { call: 0, position: i, synapse: 'static_synapse' };
        const of = { generator: g + 1, target: 1000 + 7 * i, weight: weight?.(c) ?? 1 };
        this.columns.push({ ...of, ...place, ...unused }, 0);
        this.columns.ordinal[c] = g % 2;
      }
    });
    this.set(generators);
  }

  set(generators: readonly Given[]): void {
    let to = 0;
    const runs = generators.map(({ mean, targets, active = ALWAYS }) => {
      const from = to;
      to += targets;
      const window = { after: active[0], until: active[1] };
      const model = 'poisson_generator' as const;
      return { from, to, state: { model, meanPerStep: mean, active: window } };
    });
    this.counts.prepare(runs);
  }

  drawn(): number[] {
    return Array.from(this.columns.drawn.subarray(0, this.columns.length));
  }

  /** One by one; where a generator is not active, what was there. */
  expected(generators: readonly Given[], step: number, before: readonly number[]): number[] {
    const draws = new Draws(streamKey(SEED, 'poisson_generator counts'));
    const counts = [...before];
    let c = 0;
    generators.forEach(({ mean, targets, active = ALWAYS }, g) => {
      const table = new PoissonTable(mean);
      for (let i = 0; i < targets; i++, c++) {
        if (step <= active[0] || step > active[1]) continue;
        counts[c] = table.count(draws.uniformAt(g + 1, 1000 + 7 * i, g % 2, step));
      }
    });
    return counts;
  }
}

const means = fc.constantFrom(1e-4, 0.11, 0.5, 2, 2, 2, 50, 3000);
const generators: fc.Arbitrary<Given[]> = fc.array(
  fc.record({ mean: means, targets: fc.constantFrom(1, 2, 3, 7, 8, 9, 100, 1023, 1030, 2050) }),
  { minLength: 1, maxLength: 6 },
);

describe.each(['wasm', 'javascript'] as const)('in %s', (kernels) => {
  test('counts are those of single draws', () => {
    fc.assert(
      fc.property(generators, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (given, first) => {
        const bench = new Bench(kernels);
        bench.connect(given);
        for (const step of [first, 77]) {
          const before = bench.drawn();
          const windowed = given.map((one, g) =>
            g % 3 === 2 ? { ...one, active: [70, 80] as const } : one,
          );
          bench.set(windowed);
          bench.counts.draw(step);
          expect(bench.drawn()).toEqual(bench.expected(windowed, step, before));
        }
      }),
      { seed: 20261129, numRuns: 25 },
    );
  });

  test('counts times weights are added in order, positive and negative ones apart', () => {
    const bench = new Bench(kernels);
    const targets = 100;
    const weight = (c: number): number => (c % 3 === 0 ? -1 : 1) * (0.1 + c / 7);
    const given = [1, 0.2, 3].map((mean) => ({ mean, targets, weight }));
    bench.connect(given);
    bench.counts.draw(5);
    for (const inhibitory of [0, targets]) {
      const ring = bench.segment.allocateF64(2 * targets, 'test');
      ring.fill(0.3);
      const literal = Array.from(ring);
      for (const train of bench.counts.trains) {
        const fired = bench.counts.addTo(ring.byteOffset, 8 * inhibitory, train);
        const { index, drawn } = bench.columns;
        let expected = 0;
        for (let c = train.from; c < train.to; c++) {
          if (drawn[c] === 0) continue;
          expected += 1;
          literal[index[c] + (weight(c) > 0 ? 0 : inhibitory)] += weight(c) * drawn[c];
        }
        expect(fired).toBe(expected);
      }
      expect(exactly(ring)).toEqual(exactly(literal));
    }
  });
});

test('trains are of one generator, group and delay', () => {
  const bench = new Bench('wasm');
  bench.connect([2, 2, 5].map((mean) => ({ mean, targets: 10 })));
  const found = bench.counts.trains.map(({ generator, group, delay, from, to }) => [
    ...[generator, group, delay, from, to],
  ]);
  expect(found).toEqual([
    [1, 0, 1, 0, 10],
    [2, 1, 2, 10, 20],
    [3, 0, 3, 20, 30],
  ]);
});

test('rates that come and go leave no memory behind', () => {
  const bench = new Bench('wasm');
  const at = (mean: number): Given[] => [{ mean, targets: 500 }];
  bench.connect(at(2));
  const { usedBytes } = bench.segment;
  for (let i = 1; i <= 30; i++) bench.set(at(2 + i / 1000));
  expect(bench.segment.usedBytes).toBe(usedBytes);
  bench.set([]);
  expect(bench.segment.usedBytes).toBeLessThan(usedBytes);
});

/** One chance in 10^4 that a right implementation fails, for each mean. */
test.each([1e-4, 0.01, 0.11, 0.5, 1, 2, 7.7, 50, 400, 20_000])('of mean %d', (mean) => {
  const [targets, steps] = [2000, 200];
  const n = targets * steps;
  const bench = new Bench('wasm');
  bench.connect([{ mean, targets }]);
  const seen = new Map<number, number>();
  for (let step = 1; step <= steps; step++) {
    bench.counts.draw(step);
    for (const count of bench.drawn()) seen.set(count, (seen.get(count) ?? 0) + 1);
  }
  const [observed, expected] = [[] as number[], [] as number[]];
  let [sum, binned, total] = [0, 0, 0];
  // Bins of at least ten expected counts; the last takes the rest.
  for (let k = 0; (1 - poissonCdf(k, mean)) * n > 10; k++) {
    sum += seen.get(k) ?? 0;
    const share = poissonCdf(k, mean) * n - binned;
    if (share < 10) continue;
    observed.push(sum);
    expected.push(share);
    total += sum;
    binned += share;
    sum = 0;
  }
  observed.push(n - total);
  expected.push(n - binned);
  expect(chiSquare(observed, expected).p).toBeGreaterThan(1e-4);
});
