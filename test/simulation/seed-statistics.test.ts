/**
 * The seed experiment with our own random draws: what 40 runs give is distributed as what 40 runs of
 * NEST give. Nine columns are compared by two-sample Kolmogorov-Smirnov tests, each at a level of
 * 0.01 / 9, so that draws from the same distribution fail with a probability of at most 0.01
 * (Bonferroni); the seeds are fixed, so that the outcome is too. A column shifted by 1.25
 * standard deviations is found with a probability of 0.87, by 1.5 with 0.98 (normal columns, simulated).
 */
import { expect, test } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import type { RunResults } from '../../src/experiment/results.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { loadSeedStatistics } from '../oracle/fixtures.js';
import { ksTestTwoSample } from '../statistics.js';

const RUNS = 40;
const AT_A_TIME = 2;
const FAMILY_WISE_ERROR_RATE = 0.01;

type Row = Omit<ReturnType<typeof loadSeedStatistics>['rows'][number], 'seed'>;

function rowOf({ populations, weights, weightEvents }: RunResults): Row {
  const spikes = (name: string) => populations.find((p) => p.name === name)!.spikeCount;
  const final = (name: string) => weights.find((w) => w.connection === name)!.final;
  const recurrent = final('exc-to-exc');
  const input = final('input-to-exc');
  return {
    exc_spikes: spikes('exc'),
    inh_spikes: spikes('inh'),
    input_spikes: spikes('input'),
    weight_events: weightEvents.weights.length,
    exc_exc_mean: mean(recurrent),
    exc_exc_sd: standardDeviation(recurrent),
    exc_exc_max: Math.max(...recurrent),
    input_exc_mean: mean(input),
    input_exc_sd: standardDeviation(input),
  };
}

test('40 runs are distributed as those of NEST', { timeout: 240_000 }, async () => {
  const experiment = await loadExperiment('config/clopath-bidirectional.json');
  const rows: Row[] = [];
  for (let seed = 1; seed <= RUNS; seed += AT_A_TIME) {
    const seeds = Array.from({ length: AT_A_TIME }, (_, i) => seed + i);
    const results = await Promise.all(
      seeds.map((rngSeed) => runExperiment(experiment, { threads: 1, rngSeed })),
    );
    rows.push(...results.map(rowOf));
  }
  const reference = loadSeedStatistics().rows;
  expect(reference).toHaveLength(RUNS);
  const columns = Object.keys(rows[0]!) as (keyof Row)[];
  expect(columns).toHaveLength(9);
  for (const column of columns) {
    const { p } = ksTestTwoSample(
      rows.map((row) => row[column]),
      reference.map((row) => row[column]),
    );
    expect(p, column).toBeGreaterThan(FAMILY_WISE_ERROR_RATE / columns.length);
  }
});

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** With divisor n. */
function standardDeviation(values: Float64Array): number {
  const center = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
}
