import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { loadExperiment } from '../src/experiment/load.js';
import { runExperiment } from '../src/experiment/run-experiment.js';
import { benchmark } from './benchmark.js';

interface Plan {
  readonly N: number;
  readonly ms: number;
  /** Rate of the theory, Brunel (2000), at this size, in spikes/s. */
  readonly rate: number;
  /** Whether the network is large enough for the published range of synchrony. */
  readonly isFull: boolean;
}

const SEED = 1;
const TRANSIENT_MS = 100;
/** Neurons of each population whose spikes are looked at. */
const RECORDED = 500;
const BIN_MS = 3;

const FILE = fileURLToPath(new URL('../../config/brunel.json', import.meta.url));

export const brunel = benchmark({
  name: 'brunel',
  question:
    'How long does config/brunel.json simulate on one thread, and is it in the asynchronous irregular state?',
  seed: SEED,
  figures: {
    'simulate, per second of the network': { unit: 's' },
    'mean rate': { unit: 'Hz' },
    // The range of Potjans and Diesmann, Cerebral Cortex 24 (2014) 785-806, fig. 8: CV from 0.7 to
    // 1.2, and a variance of counts of 1000 neurons in 3 ms of at most 8 times their mean.
    'CV of intervals': { unit: '', target: { least: 0.7 } },
    synchrony: { unit: '', target: { most: 8 } },
  },
  plans: {
    // Long enough for some 25 intervals of each neuron: fewer make them seem more regular.
    full: { N: 12_500, ms: 2000, rate: 13, isFull: true },
    short: { N: 1250, ms: 300, rate: 35.8, isFull: false },
  },
  async measure({ N, ms, rate, isFull }: Plan) {
    const overrides = [
      `parameters.N=${N}`,
      `parameters.recorded=${RECORDED}`,
      `protocol.0.simulate=${ms}`,
    ];
    const experiment = await loadExperiment(FILE, overrides);
    const results = await runExperiment(experiment, { threads: 1, rngSeed: SEED, timeMs: ms });
    const trains = new Map<number, number[]>();
    results.spikes.senders.forEach((sender, i) => {
      const time = results.spikes.times[i];
      if (time === undefined || time <= TRANSIENT_MS) return;
      const train = trains.get(sender);
      if (train) train.push(time);
      else trains.set(sender, [time]);
    });
    const all = [...trains.values()];
    const found = (1000 * all.flat().length) / all.length / (ms - TRANSIENT_MS);
    assert.ok(Math.abs(found / rate - 1) < 0.08, `${found} spikes/s`);
    const cv = mean(all.filter(({ length }) => length > 5).map(cvOf));
    const synchrony = synchronyOf(all, ms);
    assert.ok(cv < 1.2, `CV ${cv}`);
    if (isFull) assert.ok(cv > 0.7 && synchrony < 8, `CV ${cv}, synchrony ${synchrony}`);
    return {
      'simulate, per second of the network': (results.wallTimes.simulate ?? 0) / (ms / 1000),
      'mean rate': found,
      'CV of intervals': cv,
      synchrony,
    };
  },
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const average = mean(values);
  return mean(values.map((value) => (value - average) ** 2));
}

function cvOf(times: readonly number[]): number {
  const intervals = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  // Of the sample: its own mean makes the variance too small.
  const { length } = intervals;
  return Math.sqrt((variance(intervals) * length) / (length - 1)) / mean(intervals);
}

/** Variance over mean of the number of all spikes in bins. */
function synchronyOf(trains: readonly (readonly number[])[], ms: number): number {
  const counts = Array.from({ length: Math.floor((ms - TRANSIENT_MS) / BIN_MS) }, () => 0);
  for (const time of trains.flat()) {
    const bin = Math.ceil((time - TRANSIENT_MS) / BIN_MS - 1e-9) - 1;
    if (bin < counts.length) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return variance(counts) / mean(counts);
}
