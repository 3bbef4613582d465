/**
 * poisson_generator as its targets see it, below and above 0.1 spikes a step, where waiting times
 * give way to counts. Fixed seeds; p-values are held against 1e-3 divided by their number per test
 * (Bonferroni).
 */
import { describe, expect, test } from 'vitest';
import { uniform } from '../../src/index.js';
import { chiSquare, ksTestOneSample, normalCdf, poissonCdf } from '../statistics.js';
import { keptThreads } from './kept-threads.js';

const kept = keptThreads();

const ERROR_RATE = 1e-3;
const H = 0.1;
const DELAY_STEPS = 1;

type Params = Readonly<Record<string, number>>;
/** Parameters to set, then the time to simulate in ms. */
type Section = readonly [set: Params, ms: number];

interface Trains {
  /** Number of spikes of each target in each step 0, 1, ... as the generator stamped them. */
  readonly counts: Uint8Array[];
  readonly digest: string;
}

/** Spikes of parrots behind a generator. */
async function trains(
  targets: number,
  sections: readonly Section[],
  {
    created = {},
    threads = 1,
    connections = 1,
  }: { created?: Params; threads?: number; connections?: number } = {},
): Promise<Trains> {
  const simulation = await kept.open({ rng_seed: 5, local_num_threads: threads });
  try {
    const generator = simulation.create('poisson_generator', 1, created);
    const parrots = simulation.create('parrot_neuron', targets);
    const recorder = simulation.create('spike_recorder');
    for (let i = 0; i < connections; i++) {
      await simulation.connect(generator, parrots, 'all_to_all', { delay: DELAY_STEPS * H });
    }
    await simulation.connect(parrots, recorder);
    let totalMs = 0;
    for (const [set, ms] of sections) {
      if (Object.keys(set).length > 0) generator.set(set);
      await simulation.simulate(ms);
      totalMs += ms;
    }
    const steps = Math.round(totalMs / H);
    const counts = Array.from({ length: targets }, () => new Uint8Array(steps + 1));
    const { senders, times } = await recorder.events();
    times.forEach((time, i) => {
      counts[senders[i]! - parrots.first]![Math.round(time / H) - DELAY_STEPS]! += 1;
    });
    return { counts, digest: await simulation.digest() };
  } finally {
    kept.keep(simulation);
  }
}

/** Numbers of spikes in consecutive windows of steps from + 1 ... to, over all targets. */
function windowCounts(counts: readonly Uint8Array[], from: number, to: number, length: number) {
  return counts.flatMap((train) => {
    const windows: number[] = [];
    for (let at = from + 1; at + length <= to + 1; at += length) {
      windows.push(train.subarray(at, at + length).reduce((a, b) => a + b, 0));
    }
    return windows;
  });
}

/** Chi-square test that counts are Poisson, neighbouring values joined until 5 are expected. */
function poissonP(counts: readonly number[], mean: number): number {
  const bins: [observed: number, expected: number][] = [];
  let [observed, seen, binned, below] = [0, 0, 0, 0];
  for (let k = 0; counts.length * (1 - below) >= 10; k++) {
    below = poissonCdf(k, mean);
    observed += counts.filter((count) => count === k).length;
    const expected = counts.length * below - binned;
    if (expected < 5) continue;
    bins.push([observed, expected]);
    seen += observed;
    binned += expected;
    observed = 0;
  }
  // The tail joins the last bin if it is too thin for one of its own.
  const tail: [number, number] = [counts.length - seen, counts.length - binned];
  if (tail[1] < 5) {
    const last = bins.pop()!;
    bins.push([last[0] + tail[0], last[1] + tail[1]]);
  } else {
    bins.push(tail);
  }
  return chiSquare(
    bins.map((bin) => bin[0]),
    bins.map((bin) => bin[1]),
  ).p;
}

// 1000 spikes/s are 0.1 a step: the last rate for which waits are drawn.
const RATES = [40, 400, 1000, 1000.1, 2500, 30_000];

describe('a constant rate', () => {
  test.each(RATES)('of %d spikes/s gives Poisson counts', async (rate) => {
    const { counts } = await trains(100, [[{ rate }, 200]]);
    const lengths = [1, Math.max(2, Math.round(2000 / rate / H))];
    for (const length of lengths) {
      const windows = windowCounts(counts, 0, 1999, length);
      const p = poissonP(windows, (rate * length * H) / 1000);
      expect(p, `windows of ${length} steps`).toBeGreaterThan(ERROR_RATE / lengths.length);
    }
  });

  test('low: intervals are exponential', async () => {
    const { counts } = await trains(60, [[{ rate: 20 }, 2000]]);
    // The first 15 of about 40 spikes of each target, so that the end of the run cuts nothing.
    const intervals = counts.flatMap((train) => {
      const steps = Array.from(train.keys()).filter((step) => train[step]! > 0);
      expect(steps.length).toBeGreaterThan(15);
      return steps.slice(0, 15).map((step, i) => step - (steps[i - 1] ?? 0));
    });
    // Half a step less, as times were rounded up; the grid of 0.002 means is then too fine to see.
    const { p } = ksTestOneSample(intervals, (n) => 1 - Math.exp(-(n - 0.5) * H * 0.02));
    expect(p).toBeGreaterThan(ERROR_RATE);
  });

  test.each([900, 3000])('%d spikes/s: steps between spiking steps are geometric', async (rate) => {
    const { counts } = await trains(20, [[{ rate }, 300]]);
    const gaps = new Array<number>(16).fill(0);
    for (const train of counts) {
      const steps = Array.from(train.keys()).filter((step) => train[step]! > 0);
      // Gaps that begin late could be cut off.
      for (let i = 1; i < steps.length && steps[i - 1]! < 2700; i++) {
        gaps[Math.min(16, steps[i]! - steps[i - 1]!) - 1]! += 1;
      }
    }
    const total = gaps.reduce((a, b) => a + b, 0);
    const silent = Math.exp((-rate * H) / 1000);
    const expected = gaps.map((_, i) => total * silent ** i * (i < 15 ? 1 - silent : 1));
    const kept = expected.filter((e) => e >= 5).length;
    const join = (v: readonly number[]) => [
      ...v.slice(0, kept - 1),
      v.slice(kept - 1).reduce((a, b) => a + b, 0),
    ];
    expect(chiSquare(join(gaps), join(expected)).p).toBeGreaterThan(ERROR_RATE / 2);
  });

  test('of zero gives nothing', async () => {
    const { counts } = await trains(5, [[{ rate: 0 }, 100]]);
    expect(windowCounts(counts, 0, 1000, 1000)).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('independence', () => {
  /** z-value of the correlation of two trains, one shifted by `lag` steps. */
  function z(x: Uint8Array, y: Uint8Array, mean: number, lag: number): number {
    let sum = 0;
    for (let i = 1; i + lag < x.length; i++) sum += (x[i]! - mean) * (y[i + lag]! - mean);
    return sum / (mean * Math.sqrt(x.length - 1 - lag));
  }

  test.each([600, 4000])('of targets and of times at %d spikes/s', async (rate) => {
    const { counts } = await trains(8, [[{ rate }, 1000]]);
    const tests: number[] = [];
    for (let i = 0; i < counts.length; i++) {
      for (let j = i; j < counts.length; j++) {
        for (const lag of i === j ? [1, 2] : [0, 1]) {
          tests.push(2 * normalCdf(-Math.abs(z(counts[i]!, counts[j]!, (rate * H) / 1000, lag))));
        }
      }
    }
    expect(Math.min(...tests)).toBeGreaterThan(ERROR_RATE / 2 / tests.length);
  });

  test.each([600, 4000])('of two connections of a pair at %d spikes/s', async (rate) => {
    const { counts } = await trains(40, [[{ rate }, 300]], { connections: 2 });
    const p = poissonP(windowCounts(counts, 0, 2999, 10), (2 * rate * 10 * H) / 1000);
    expect(p).toBeGreaterThan(ERROR_RATE / 2);
  });
});

describe('a rate that changes between Simulate calls', () => {
  const changes = [
    [200, 900],
    [900, 60],
    [300, 3000],
    [3000, 300],
    [1500, 6000],
    [0, 500],
    [0, 2000],
    [400, 0],
    [2000, 0],
  ] as const;

  test.each(changes)('%d to %d spikes/s holds from the next step on', async (before, after) => {
    const sections: Section[] = [
      [{ rate: before }, 60],
      [{ rate: after }, 60],
      [{ rate: before }, 60],
    ];
    const { counts } = await trains(250, sections);
    for (const [section, rate] of [before, after, before].entries()) {
      const [from, to] = [600 * section, Math.min(1799, 600 * (section + 1))];
      // The first step, the first ones, and the whole of each section.
      const lengths = [10, 100, 590];
      for (const length of lengths) {
        const windows = windowCounts(counts, from, Math.min(to, from + length), length);
        if (rate === 0) {
          expect(new Set(windows)).toEqual(new Set([0]));
          continue;
        }
        const p = poissonP(windows, (rate * length * H) / 1000);
        expect(p, `section ${section}, first ${length} steps`).toBeGreaterThan(
          ERROR_RATE / (3 * lengths.length * changes.length),
        );
      }
    }
  });

  test('the wait for the first spike after a change is exponential', async () => {
    const pairs = [
      [400, 50],
      [3, 50],
      [3000, 50],
    ] as const;
    for (const [before, after] of pairs) {
      const { counts } = await trains(300, [
        [{ rate: before }, 50],
        [{ rate: after }, 300],
      ]);
      const waits = counts.map((train) => train.subarray(501).findIndex((n) => n > 0) + 1);
      expect(Math.min(...waits)).toBeGreaterThan(0);
      const { p } = ksTestOneSample(waits, (n) => 1 - Math.exp(-(n - 0.5) * H * 0.001 * after));
      expect(p, `from ${before}`).toBeGreaterThan(ERROR_RATE / pairs.length);
    }
  });

  test.each(RATES)('setting %d spikes/s again changes not a bit', async (rate) => {
    const once = await trains(10, [[{ rate }, 100]]);
    const again = Array.from({ length: 10 }, (): Section => [{ rate }, 10]);
    expect(await trains(10, again, { threads: 2 })).toEqual(once);
  });
});

describe.each([500, 5000])('start and stop at %d spikes/s', (rate) => {
  /** First and last step in which any target got a spike. */
  function extent({ counts }: Trains): [number, number] {
    const active = Array.from(counts[0]!.keys()).filter((i) => counts.some((c) => c[i]! > 0));
    return [active[0]!, active.at(-1)!];
  }

  // With 400 targets a step without any spike has a probability of exp(-20) or less.
  test('spikes in steps after start, up to and including stop', async () => {
    const created = { rate, start: 10, stop: 20 };
    expect(extent(await trains(400, [[{}, 40]], { created }))).toEqual([101, 200]);
  });

  test('shifted by origin', async () => {
    const created = { rate, start: 10, stop: 20, origin: 5 };
    expect(extent(await trains(400, [[{}, 40]], { created }))).toEqual([151, 250]);
  });

  test('a stop that moves while the generator waits', async () => {
    const created = { rate, stop: 10 };
    const sections: Section[] = [
      [{}, 20],
      [{ start: 25, stop: 30 }, 20],
    ];
    const { counts } = await trains(400, sections, { created });
    const silent = counts.flatMap((train) => [...train.subarray(101, 251), ...train.subarray(301)]);
    expect(new Set(silent)).toEqual(new Set([0]));
    const windows = [...windowCounts(counts, 0, 100, 25), ...windowCounts(counts, 250, 300, 25)];
    expect(poissonP(windows, (rate * 25 * H) / 1000)).toBeGreaterThan(ERROR_RATE / 2);
  });
});

describe('generators at high rates onto targets of every kind', () => {
  /** What neurons sum, with one sign and two, and count; recorders; twins; weights and delays at random; rates that change. */
  async function digestOf(threads: number, parts: readonly number[]): Promise<string> {
    const sim = await kept.open({ rng_seed: 3, local_num_threads: threads });
    const summing = sim.create('iaf_psc_delta', 71, { V_th: 1000, t_ref: 0.1 });
    const signed = sim.create('iaf_psc_alpha', 41, { V_th: 1000 });
    const relays = sim.create('parrot_neuron', 23);
    const busy = sim.create('poisson_generator', 4, { rate: [2000, 20_000, 20_000, 600_000] });
    const windowed = sim.create('poisson_generator', 1, { rate: 5000, start: 3, stop: 9 });
    const single = sim.create('poisson_generator', 71, { rate: 4000 });
    const waiting = sim.create('poisson_generator', 1, { rate: 900 });
    const recorder = sim.create('spike_recorder');
    const all = [summing, signed, relays];
    for (const [i, targets] of all.entries()) {
      for (const [j, generator] of [busy, windowed, waiting].entries()) {
        const syn = { weight: uniform(-0.3, 0.4), delay: 0.1 * (1 + i + j) };
        await sim.connect(generator, targets, 'all_to_all', syn);
      }
      await sim.connect(busy, targets, { rule: 'fixed_indegree', indegree: 3 }, { weight: 0.2 });
      await sim.connect(relays, targets, 'all_to_all', { weight: 0.1, delay: 0.1 });
    }
    const drawn = { weight: 0.7, delay: uniform(0.1, 2) };
    await sim.connect(busy, summing, 'all_to_all', drawn);
    await sim.connect(single, summing, 'one_to_one', { weight: 0.3 });
    await sim.connect(busy, recorder);
    for (const ms of parts) await sim.simulate(ms);
    busy.set({ rate: [20_000, 20_000, 900, 3000] });
    (await sim.getConnections({ source: windowed })).set({ weight: -0.5 });
    for (const ms of parts) await sim.simulate(ms);
    const { length } = (await recorder.events()).times;
    const digest = await sim.digest();
    kept.keep(sim);
    return `${digest} ${length}`;
  }

  // As counts that were drawn one by one gave it.
  const DIGEST = 'aa5cbd66d1bc7706955f20e555fb20d9de20f55e0e9ac2580dfd899b1103de8b 4126';

  test.each([
    [1, [6]],
    [2, [0.1, 0.4, 5.5]],
    [3, [2, 4]],
    [4, [6]],
    [7, [5.9, 0.1]],
  ])('on %i threads the digest is what single draws gave', async (threads, parts) => {
    expect(await digestOf(threads, parts)).toBe(DIGEST);
  });
});
