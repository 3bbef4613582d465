/**
 * Values that connections and nodes draw follow their distributions. Fixed seeds; p-values are held
 * against 1e-3 divided by their number (Bonferroni) per test.
 */
import { describe, expect, test } from 'vitest';
import { type Distribution, exponential, lognormal, normal, uniform } from '../../src/index.js';
import { chiSquare, ksTestOneSample, ksTestTwoSample, normalCdf } from '../statistics.js';
import { keptThreads } from './kept-threads.js';

const kept = keptThreads();

const ERROR_RATE = 1e-3;

const uniformCdf = (min: number, max: number) => (x: number) =>
  Math.min(1, Math.max(0, (x - min) / (max - min)));

const distributions: [name: string, Distribution, cdf: (x: number) => number][] = [
  ['uniform', uniform(0.5, 2), uniformCdf(0.5, 2)],
  ['normal', normal(-60, 25), (x) => normalCdf((x + 60) / 25)],
  ['lognormal', lognormal(1, 0.5), (x) => normalCdf((Math.log(x) - 1) / 0.5)],
  ['exponential', exponential(3), (x) => 1 - Math.exp(-x / 3)],
  ['arithmetic', uniform(0, 1).mul(4).sub(1), uniformCdf(-1, 3)],
  [
    'redrawn',
    normal(0, 1).redraw(-1, 2),
    (x) => (normalCdf(x) - normalCdf(-1)) / (normalCdf(2) - normalCdf(-1)),
  ],
];

const rules = [
  'all_to_all',
  { rule: 'fixed_indegree', indegree: 25 },
  { rule: 'fixed_outdegree', outdegree: 25 },
  { rule: 'fixed_total_number', N: 1000 },
  { rule: 'pairwise_bernoulli', p: 0.6 },
] as const;

/** All connections of one connect call between 40 relays and 40 neurons. */
async function columns(rule: (typeof rules)[number], syn: object) {
  const simulation = await kept.open({ rng_seed: 'drawn' });
  try {
    const relays = simulation.create('parrot_neuron', 40);
    const exc = simulation.create('aeif_psc_delta_clopath', 40);
    await simulation.connect(relays, exc, rule, syn);
    return await (await simulation.getConnections()).get();
  } finally {
    kept.keep(simulation);
  }
}

describe('connections', () => {
  test.each(distributions)('weights: %s', async (_, weight, cdf) => {
    for (const rule of rules) {
      const drawn = (await columns(rule, { weight })).weight;
      const name = JSON.stringify(rule);
      expect(drawn.length, name).toBeGreaterThan(500);
      expect(ksTestOneSample(drawn, cdf).p, name).toBeGreaterThan(ERROR_RATE / rules.length);
    }
  });

  test('delays are rounded to the grid, at least one step', async () => {
    const { delay } = await columns('all_to_all', { delay: uniform(-0.25, 1) });
    const counts = new Array<number>(10).fill(0);
    for (const ms of delay) counts[Math.round(ms * 10) - 1]! += 1;
    // Of a width of 12.5 steps: all below 1.5, then whole steps, then from 9.5 to 10.
    const expected = [4, 1, 1, 1, 1, 1, 1, 1, 1, 0.5].map((w) => (w * delay.length) / 12.5);
    expect(chiSquare(counts, expected).p).toBeGreaterThan(ERROR_RATE);
  });

  test('a synapse parameter of each connection', async () => {
    const { Wmax } = await columns('all_to_all', {
      synapse_model: 'clopath_synapse',
      Wmax: uniform(10, 30),
    });
    const p = ksTestOneSample(Wmax as Float64Array, uniformCdf(10, 30)).p;
    expect(p).toBeGreaterThan(ERROR_RATE);
  });

  test('weight and delay are drawn independently, and so are calls and neighbours', async () => {
    const simulation = await kept.open();
    try {
      const relays = simulation.create('parrot_neuron', 40);
      const syn = { weight: uniform(0, 1), delay: uniform(1, 1000) };
      for (let call = 0; call < 2; call++) {
        await simulation.connect(relays, relays, 'all_to_all', syn);
      }
      const { weight, delay } = await (await simulation.getConnections()).get();
      // Pairs of calls stand side by side.
      const first = weight.filter((_, i) => i % 2 === 0);
      const second = weight.filter((_, i) => i % 2 === 1);
      const correlations = [
        correlation(weight, delay),
        correlation(first, second),
        correlation(first.subarray(1), first.subarray(0, -1)),
        correlation(first.subarray(40), first.subarray(0, -40)),
      ];
      for (const { p } of correlations) expect(p).toBeGreaterThan(ERROR_RATE / 4);
      expect(ksTestTwoSample(first, second).p).toBeGreaterThan(ERROR_RATE);
    } finally {
      kept.keep(simulation);
    }
  });

  test('set to a distribution', async () => {
    const simulation = await kept.open();
    try {
      const relays = simulation.create('parrot_neuron', 40);
      await simulation.connect(relays, relays);
      const found = await simulation.getConnections();
      await found.set({ weight: normal(5, 2) });
      const once = await found.get('weight');
      await found.set({ weight: normal(5, 2) });
      const again = await found.get('weight');
      for (const drawn of [once, again]) {
        const { p } = ksTestOneSample(drawn, (x) => normalCdf((x - 5) / 2));
        expect(p).toBeGreaterThan(ERROR_RATE / 3);
      }
      expect(correlation(once, again).p).toBeGreaterThan(ERROR_RATE / 3);
    } finally {
      kept.keep(simulation);
    }
  });
});

describe('nodes', () => {
  test.each(distributions)('initial potentials: %s', async (_, V_m, cdf) => {
    const simulation = await kept.open();
    try {
      const nodes = simulation.create('aeif_psc_delta_clopath', 1000, { V_m });
      const created = (await nodes.get('V_m')) as Float64Array;
      nodes.set({ V_m });
      const set = (await nodes.get('V_m')) as Float64Array;
      expect(ksTestOneSample(created, cdf).p).toBeGreaterThan(ERROR_RATE / 3);
      expect(ksTestOneSample(set, cdf).p).toBeGreaterThan(ERROR_RATE / 3);
      expect(correlation(created, set).p).toBeGreaterThan(ERROR_RATE / 3);
    } finally {
      kept.keep(simulation);
    }
  });
});

/** Pearson's correlation and its p-value by Fisher's transformation, two-sided. */
function correlation(x: ArrayLike<number>, y: ArrayLike<number>): { r: number; p: number } {
  const n = x.length;
  const mean = (v: ArrayLike<number>) => Array.from(v).reduce((a, b) => a + b, 0) / n;
  const [mx, my] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
    xy += (x[i]! - mx) * (y[i]! - my);
  }
  const r = xy / Math.sqrt(xx * yy);
  return { r, p: 2 * normalCdf(-Math.abs(Math.atanh(r)) * Math.sqrt(n - 3)) };
}
