/**
 * Random tests have fixed seeds. Each family of p-values is held against 1e-3 divided by their
 * number (Bonferroni), so that a correct rule fails a family with probability 1e-3.
 */
import { describe, expect, test } from 'vitest';
import { IdSet } from '../../src/connectivity/id-set.js';
import { chiSquare } from '../statistics.js';
import { type Connection, connectionsOf, degrees, distinctPairs, range } from './partitions.js';

const ERROR_RATE = 1e-3;
const flags = (allow_autapses: boolean, allow_multapses: boolean) => ({
  allow_autapses,
  allow_multapses,
});
const ALL_FLAGS = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
] as const;

/** Sources and targets overlap in 10 ids; neither is one range. */
const sources = new IdSet([
  { first: 3, count: 12 },
  { first: 20, count: 8 },
]);
const targets = new IdSet([
  { first: 5, count: 5 },
  { first: 15, count: 10 },
]);
const S = sources.length;
const T = targets.length;
const OVERLAP = 10;

const sourceOf = (all: readonly Connection[]) => all.map(({ source }) => source);
const targetOf = (all: readonly Connection[]) => all.map(({ target }) => target);
const autapses = (all: readonly Connection[]) =>
  all.filter(({ source, target }) => source === target).length;

describe('deterministic rules', () => {
  test('one_to_one pairs by index', () => {
    const made = connectionsOf('one_to_one', range(1, 5), range(3, 5));
    expect(sourceOf(made)).toEqual([1, 2, 3, 4, 5]);
    expect(targetOf(made)).toEqual([3, 4, 5, 6, 7]);
  });

  test('one_to_one leaves forbidden autapses out', () => {
    const rule = { rule: 'one_to_one', allow_autapses: false };
    expect(connectionsOf(rule, range(1, 5), range(1, 5))).toEqual([]);
  });

  test('all_to_all makes every pair once', () => {
    const made = connectionsOf('all_to_all', sources, targets);
    expect(made).toHaveLength(S * T);
    expect(distinctPairs(made)).toBe(S * T);
    expect(autapses(made)).toBe(OVERLAP);
  });

  test('all_to_all leaves forbidden autapses out', () => {
    const made = connectionsOf({ rule: 'all_to_all', allow_autapses: false }, sources, targets);
    expect(distinctPairs(made)).toBe(S * T - OVERLAP);
    expect(autapses(made)).toBe(0);
  });
});

describe.each(ALL_FLAGS)('autapses allowed: %s, multapses: %s', (autapsesOk, multapsesOk) => {
  const allowed = flags(autapsesOk, multapsesOk);

  function checkFlags(made: readonly Connection[]): void {
    if (!autapsesOk) expect(autapses(made)).toBe(0);
    if (!multapsesOk) expect(distinctPairs(made)).toBe(made.length);
  }

  // Degrees below and above half of the candidates: the latter are drawn by leaving out.
  test.each([0, 1, 7, 12, 14, 19])('fixed_indegree %i is exact', (indegree) => {
    const made = connectionsOf({ rule: 'fixed_indegree', indegree, ...allowed }, sources, targets);
    expect(degrees(targets, targetOf(made))).toEqual(new Array(T).fill(indegree));
    checkFlags(made);
  });

  test.each([0, 1, 6, 9, 14])('fixed_outdegree %i is exact', (outdegree) => {
    const rule = { rule: 'fixed_outdegree', outdegree, ...allowed };
    const made = connectionsOf(rule, sources, targets);
    expect(degrees(sources, sourceOf(made))).toEqual(new Array(S).fill(outdegree));
    checkFlags(made);
  });

  test.each([0, 1, 37, 150, S * T - OVERLAP])('fixed_total_number %i is exact', (N) => {
    const rule = { rule: 'fixed_total_number', N, ...allowed };
    const made = connectionsOf(rule, sources, targets);
    expect(made).toHaveLength(N);
    expect(made.map(({ a }) => a)).toEqual(Array.from({ length: N }, (_, i) => i));
    checkFlags(made);
  });

  test('pairwise_bernoulli makes each pair at most once', () => {
    const made = connectionsOf(
      { rule: 'pairwise_bernoulli', p: 0.6, ...allowed },
      sources,
      targets,
    );
    expect(distinctPairs(made)).toBe(made.length);
    if (!autapsesOk) expect(autapses(made)).toBe(0);
  });
});

test('multapses do occur where they are allowed', () => {
  for (const rule of [
    { rule: 'fixed_indegree', indegree: 15 },
    { rule: 'fixed_outdegree', outdegree: 12 },
    { rule: 'fixed_total_number', N: 200 },
  ]) {
    const made = connectionsOf(rule, sources, targets);
    expect(distinctPairs(made)).toBeLessThan(made.length);
    expect(autapses(made)).toBeGreaterThan(0);
  }
  const more = connectionsOf({ rule: 'fixed_indegree', indegree: 60 }, sources, targets);
  expect(degrees(targets, targetOf(more))).toEqual(new Array(T).fill(60));
});

describe('the same connections on any partition', () => {
  const byKey = (all: readonly Connection[]) =>
    all.toSorted((x, y) => x.a - y.a || x.b - y.b || x.source - y.source || x.target - y.target);
  test.each(
    [
      { rule: 'one_to_one' },
      { rule: 'all_to_all' },
      { rule: 'fixed_indegree', indegree: 13 },
      { rule: 'fixed_outdegree', outdegree: 9 },
      { rule: 'fixed_total_number', N: 140 },
      { rule: 'pairwise_bernoulli', p: 0.3 },
    ].flatMap((rule) => ALL_FLAGS.map(([self, more]) => ({ ...rule, ...flags(self, more) }))),
  )('$rule, autapses $allow_autapses, multapses $allow_multapses', (rule) => {
    const from = rule.rule === 'one_to_one' ? targets : sources;
    const expected = byKey(connectionsOf(rule, from, targets, { call: 3 }));
    for (const workers of [2, 3, 4, 7]) {
      const made = connectionsOf(rule, from, targets, { call: 3, workers });
      expect(byKey(made)).toEqual(expected);
    }
  });
});

test('another seed or another call draws other connections', () => {
  const rule = { rule: 'fixed_indegree', indegree: 5 };
  const one = sourceOf(connectionsOf(rule, sources, targets));
  expect(sourceOf(connectionsOf(rule, sources, targets, { seed: 2 }))).not.toEqual(one);
  expect(sourceOf(connectionsOf(rule, sources, targets, { call: 1 }))).not.toEqual(one);
});

describe('uniformity', () => {
  /** Counts of every allowed (source, target) pair over many calls, against their equal share. */
  function pValue(rule: object, without: boolean, calls = 400): number {
    const counts = new Map<string, number>();
    for (const s of sources.toArray()) {
      for (const t of targets.toArray()) {
        if (!without || s !== t) counts.set(`${s} ${t}`, 0);
      }
    }
    let total = 0;
    for (let call = 0; call < calls; call++) {
      for (const { source, target } of connectionsOf(rule as never, sources, targets, { call })) {
        const pair = `${source} ${target}`;
        counts.set(pair, counts.get(pair)! + 1);
        total += 1;
      }
    }
    const observed = [...counts.values()];
    return chiSquare(
      observed,
      observed.map(() => total / observed.length),
    ).p;
  }

  // Draws without repetition vary less than independent ones: p-values are then too large, never
  // too small. Without multapses autapses are allowed, so that all pairs are equally probable.
  test('of pairs, for all rules that draw', () => {
    const rules: [rule: object, withoutAutapses: boolean][] = [
      [{ rule: 'fixed_indegree', indegree: 5 }, false],
      [{ rule: 'fixed_indegree', indegree: 5, allow_multapses: false }, false],
      [{ rule: 'fixed_indegree', indegree: 15, allow_multapses: false }, false],
      [{ rule: 'fixed_outdegree', outdegree: 5 }, false],
      [{ rule: 'fixed_outdegree', outdegree: 5, allow_multapses: false }, false],
      [{ rule: 'fixed_outdegree', outdegree: 11, allow_multapses: false }, false],
      [{ rule: 'fixed_total_number', N: 80 }, false],
      [{ rule: 'fixed_total_number', N: 80, allow_autapses: false }, true],
      [{ rule: 'fixed_total_number', N: 80, allow_multapses: false }, false],
      [{ rule: 'fixed_total_number', N: 80, ...flags(false, false) }, true],
      [{ rule: 'pairwise_bernoulli', p: 0.2 }, false],
      [{ rule: 'pairwise_bernoulli', p: 0.2, allow_autapses: false }, true],
    ];
    for (const [rule, without] of rules) {
      const p = pValue(rule, without);
      expect(p, JSON.stringify(rule)).toBeGreaterThan(ERROR_RATE / rules.length);
    }
  });

  test('a forbidden autapse leaves the other partners equally probable', () => {
    const counts = new Array<number>(S).fill(0);
    const target = 5;
    for (let call = 0; call < 3000; call++) {
      const rule = { rule: 'fixed_indegree', indegree: 4, ...flags(false, false) };
      const made = connectionsOf(rule, sources, range(target, 1), { call });
      degrees(sources, sourceOf(made)).forEach((count, i) => {
        counts[i]! += count;
      });
    }
    const own = sources.indexOf(target);
    expect(counts[own]).toBe(0);
    const others = counts.filter((_, i) => i !== own);
    const expected = others.map(() => (3000 * 4) / others.length);
    expect(chiSquare(others, expected).p).toBeGreaterThan(ERROR_RATE);
  });

  test('fixed_total_number: degrees of sources are multinomial', () => {
    const rule = { rule: 'fixed_total_number', N: 20_000 };
    const made = connectionsOf(rule, sources, targets);
    const expected = new Array<number>(S).fill(made.length / S);
    expect(chiSquare(degrees(sources, sourceOf(made)), expected).p).toBeGreaterThan(ERROR_RATE);
  });
});

describe('pairwise_bernoulli', () => {
  test.each([0, 1])('p = %i is exact', (p) => {
    const made = connectionsOf({ rule: 'pairwise_bernoulli', p }, sources, targets);
    expect(made).toHaveLength(p * S * T);
  });

  test('the number of connections per target is binomial', () => {
    const ps = [0.003, 0.1, 0.5, 0.97];
    for (const p of ps) {
      const counts: number[] = [];
      for (let call = 0; call < 200; call++) {
        const made = connectionsOf({ rule: 'pairwise_bernoulli', p }, sources, targets, { call });
        counts.push(...degrees(targets, targetOf(made)));
      }
      const [observed, expected] = pooled(histogram(counts, S), binomial(S, p), counts.length);
      expect(chiSquare(observed, expected).p, `p = ${p}`).toBeGreaterThan(ERROR_RATE / ps.length);
    }
  });
});

function histogram(counts: readonly number[], most: number): number[] {
  const bins = new Array<number>(most + 1).fill(0);
  for (const count of counts) bins[count]! += 1;
  return bins;
}

function binomial(n: number, p: number): number[] {
  const probabilities = [(1 - p) ** n];
  for (let k = 1; k <= n; k++) {
    probabilities.push((probabilities[k - 1]! * (n - k + 1) * p) / (k * (1 - p)));
  }
  return probabilities;
}

/** Neighbouring bins joined until each expects at least 5. */
function pooled(observed: readonly number[], probabilities: readonly number[], total: number) {
  const bins: [number, number][] = [[0, 0]];
  observed.forEach((count, i) => {
    if (bins.at(-1)![1] >= 5) bins.push([0, 0]);
    const last = bins.at(-1)!;
    last[0] += count;
    last[1] += probabilities[i]! * total;
  });
  const [tail] = bins.splice(-1);
  if (tail![1] >= 5) bins.push(tail!);
  else {
    bins.at(-1)![0] += tail![0];
    bins.at(-1)![1] += tail![1];
  }
  return [bins.map(([o]) => o), bins.map(([, e]) => e)] as const;
}
