/** With plastic excitatory synapses, Brunel's network keeps its state, and weights relax as they should. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import type { RunResults } from '../../src/experiment/results.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { stationaryRate } from './diffusion-approximation.js';

const FILE = fileURLToPath(new URL('../../config/brunel-stdp.json', import.meta.url));

const SMALL = { N_E: 1000, N_I: 250, C_E: 100, C_I: 25, J: 0.1, g: 8, eta: 2 };
const RECORDED = 200;
const LAMBDA = 0.01;
const TAU_MS = 20;

async function run(timeMs: number, threads: number): Promise<RunResults> {
  const overrides = ['parameters.N=1250', `parameters.recorded=${RECORDED}`];
  return runExperiment(await loadExperiment(FILE, overrides), { threads, timeMs });
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value) / values.length;

describe("Brunel's network with plastic excitatory synapses", () => {
  it('keeps its rate while the weights relax to their balance', async () => {
    const duration = 300;
    const { populations, weights } = await run(duration, 2);
    const rate = stationaryRate(SMALL);
    for (const population of populations.filter(({ spiking }) => spiking)) {
      expect(Math.abs(population.rate / rate - 1)).toBeLessThan(0.03);
    }

    const [recorded] = weights;
    expect(weights.filter(({ plastic }) => plastic)).toHaveLength(1);
    const { initial, final } = recorded!;
    expect(final).toHaveLength(RECORDED * SMALL.C_E);
    // Half of W_max, where potentiation and depression of uncorrelated spikes are equal.
    expect(Math.abs(mean(final) / SMALL.J - 1)).toBeLessThan(0.03);
    expect(Math.min(...final)).toBeGreaterThan(0);
    expect(Math.max(...final)).toBeLessThan(2 * SMALL.J);

    // Each spike of either side changes w / W_max by lambda times the trace of the other side, of
    // mean rate tau, times the distance from the bound: deviations decay at 2 lambda rate^2 tau.
    const spikesPerMs = rate / 1000;
    const expected = Math.exp(-2 * LAMBDA * spikesPerMs ** 2 * TAU_MS * duration);
    const [from, to] = [mean(initial), mean(final)];
    const covariance = mean(initial.map((w, i) => (w - from) * (final[i] - to)));
    const variance = mean(initial.map((w) => (w - from) ** 2));
    expect(Math.abs(covariance / variance - expected)).toBeLessThan(0.05);
  });

  it('can be as small as one wants, whatever is recorded', async () => {
    for (const N of [20, 62, 63, 100]) {
      const experiment = await loadExperiment(FILE, [`parameters.N=${N}`]);
      const { weights, simulatedTime } = await runExperiment(experiment, { threads: 1, timeMs: 2 });
      expect(simulatedTime).toBe(2);
      const recorded = Math.min(50, Math.round(0.8 * N) - 1);
      expect(weights[0]!.final).toHaveLength(recorded * Math.round(0.08 * N));
    }
  });

  it('gives the same bits on any number of threads', { timeout: 90_000 }, async () => {
    const digests = [];
    for (const threads of [1, 2, 3, 4, 7]) digests.push((await run(20, threads)).digest);
    expect(new Set(digests).size).toBe(1);
  });
});
