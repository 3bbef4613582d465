/**
 * Rate and irregularity of a neuron in Brunel's network by the self-consistent scheme of Dummer,
 * Wieland and Lindner, Frontiers in Computational Neuroscience 8 (2014) 104: generation by generation,
 * one neuron is driven by independent renewal trains whose intervals are those that the neuron of the
 * generation before had. Unlike the diffusion approximation, this takes into account that trains more
 * regular than Poisson's make input that fluctuates less. Rates are followed slowly, as Pena,
 * Vellmer, Bernardi, Roque and Lindner, ibid. 12 (2018) 9, do where inhibition is strong.
 */
import { Points } from '../math/points.js';
import {
  type BrunelNetwork,
  REFRACTORY,
  RESET,
  TAU,
  THRESHOLD,
} from './diffusion-approximation.js';

const STEP = 0.1; // ms
const REFRACTORY_STEPS = Math.round(REFRACTORY / STEP);
const SETTLING = 500; // ms, at the beginning of a generation, that do not count
const GENERATIONS = 14;
/** The last ones, whose intervals are taken together. */
const TAKEN = 6;
const SHARE_OF_NEW_RATE = 0.15;

export interface TrainStatistics {
  /** Spikes/s. */
  readonly rate: number;
  /** Coefficient of variation of the intervals. */
  readonly cv: number;
}

/**
 * @param guess of the rate, in spikes/s
 * @param neurons of a generation, each of them driven for `duration` ms
 */
export function selfConsistentStatistics(
  network: BrunelNetwork,
  guess: number,
  { neurons = 4, duration = 10_000 } = {},
): TrainStatistics {
  const points = new Points(17);
  const next = (): number => (points.word() + 0.5) / 2 ** 32;
  let rate = guess / 1000; // per ms
  let intervals = Array.from({ length: 20_000 }, () => -Math.log(1 - next()) / rate);
  const taken: number[] = [];
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const found = Array.from({ length: neurons }, () =>
      intervalsOf(inputOf(network, intervals, duration, next)),
    ).flat();
    rate += SHARE_OF_NEW_RATE * (1 / mean(found) - rate);
    const scale = 1 / (mean(found) * rate);
    intervals = found.map((interval) => interval * scale);
    if (generation >= GENERATIONS - TAKEN) taken.push(...intervals);
  }
  const average = mean(taken);
  const variance = mean(taken.map((interval) => (interval - average) ** 2));
  return { rate: 1000 / average, cv: Math.sqrt(variance) / average };
}

/** What arrives in each step, in mV: renewal trains from the network, Poisson trains from outside. */
function inputOf(
  { C_E, C_I, J, g, eta }: BrunelNetwork,
  intervals: readonly number[],
  duration: number,
  next: () => number,
): Float64Array {
  const input = new Float64Array(Math.round(duration / STEP));
  const drawn = (): number => intervals[Math.floor(next() * intervals.length)];
  for (const [trains, weight] of [
    [C_E, J],
    [C_I, -g * J],
  ]) {
    for (let train = 0; train < trains; train++) {
      for (let t = -next() * drawn(); t < duration; t += drawn()) {
        if (t >= 0) input[Math.floor(t / STEP)] += weight;
      }
    }
  }
  const perStep = (eta * THRESHOLD * STEP) / (J * TAU);
  return input.map((value) => value + J * poisson(perStep, next));
}

/** The intervals between a neuron's spikes, in ms. */
function intervalsOf(input: Float64Array): number[] {
  const decay = Math.exp(-STEP / TAU);
  const intervals: number[] = [];
  let [V, refractory, last] = [RESET, 0, Number.NaN];
  input.forEach((arriving, step) => {
    if (refractory > 0) {
      refractory -= 1;
      return;
    }
    V = V * decay + arriving;
    if (V < THRESHOLD) return;
    if (last * STEP > SETTLING) intervals.push((step - last) * STEP);
    [V, refractory, last] = [RESET, REFRACTORY_STEPS, step];
  });
  return intervals;
}

function poisson(expected: number, next: () => number): number {
  const u = next();
  let [count, term] = [0, Math.exp(-expected)];
  for (let sum = term; sum < u; sum += term) {
    count += 1;
    term *= expected / count;
    if (term === 0) break;
  }
  return count;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
