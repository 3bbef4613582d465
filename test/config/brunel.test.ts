/** Brunel's network is in the states that theory and his simulations find. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import type { RunResults } from '../../src/experiment/results.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { type BrunelNetwork, stationaryRate } from './diffusion-approximation.js';
import { meanCorrelation, meanCv, trainsOf } from './spike-statistics.js';

const FILE = fileURLToPath(new URL('../../config/brunel.json', import.meta.url));

/** A tenth of Brunel's size, every neuron recorded. */
const SMALL: BrunelNetwork = { N_E: 1000, N_I: 250, C_E: 100, C_I: 25, J: 0.1, g: 5, eta: 2 };
const SIZE = SMALL.N_E + SMALL.N_I;
/** What the initial potentials decide is over by then, in ms. */
const TRANSIENT = 100;

async function run({ J, g, eta }: BrunelNetwork, timeMs: number, threads = 1): Promise<RunResults> {
  const values = { N: SIZE, recorded: SIZE, J, g, eta };
  const overrides = Object.entries(values).map(([name, value]) => `parameters.${name}=${value}`);
  return runExperiment(await loadExperiment(FILE, overrides), { threads, timeMs });
}

/** Rate in spikes/s, CV of intervals and mean correlation of counts in 1 ms, after the transient. */
function statistics({ spikes, simulatedTime }: RunResults) {
  const trains = trainsOf(spikes, SIZE, TRANSIENT);
  const count = trains.reduce((sum, train) => sum + train.length, 0);
  return {
    rate: (1000 * count) / (SIZE * (simulatedTime - TRANSIENT)),
    cv: meanCv(trains),
    correlation: meanCorrelation(trains, TRANSIENT, simulatedTime, 1),
  };
}

describe("Brunel's network", () => {
  it('has his parameters, at any size', async () => {
    const { populations, connections } = await loadExperiment(FILE);
    expect([populations.exc!.size, populations.inh!.size]).toEqual([10_000, 2500]);
    // 1000 inputs at twice the threshold rate, which is 10 spikes/s.
    expect(populations.external!.params.rate).toBeCloseTo(20_000, 9);
    const [excitatory, inhibitory] = connections;
    expect(excitatory!.conn_spec).toEqual({ rule: 'fixed_indegree', indegree: 1000 });
    expect(inhibitory!.conn_spec).toEqual({ rule: 'fixed_indegree', indegree: 250 });
    expect(inhibitory!.syn_spec.weight).toBeCloseTo(-0.5, 15);
    expect(inhibitory!.syn_spec.delay).toBe(1.5);

    const small = await loadExperiment(FILE, ['parameters.N=1250']);
    expect(small.populations.inh!.size).toBe(SMALL.N_I);
    expect(small.connections[0]!.conn_spec!.indegree).toBe(SMALL.C_E);
    expect(small.connections[1]!.conn_spec!.indegree).toBe(SMALL.C_I);
  });

  it('fires at the rate of the theory where it is exact', async () => {
    // Of the full size, as in the file: a run of that gives 37.7 spikes/s.
    const full = { ...SMALL, C_E: 1000, C_I: 250 };
    expect(stationaryRate(full)).toBeCloseTo(38, 0);
    const { rate } = statistics(await run(SMALL, 250));
    expect(Math.abs(rate / stationaryRate(SMALL) - 1)).toBeLessThan(0.02);
  });

  it('is asynchronous and irregular where inhibition dominates', async () => {
    // Stronger synapses make up for there being few: the recurrent input fluctuates as in a large network.
    const network = { ...SMALL, J: 0.4, g: 7 };
    const { rate, cv, correlation } = statistics(await run(network, 500));
    // Jumps of up to 2.8 mV are no longer small beside the 10 mV from reset to threshold.
    expect(Math.abs(rate / stationaryRate(network) - 1)).toBeLessThan(0.12);
    expect(cv).toBeGreaterThan(0.7);
    expect(cv).toBeLessThan(1.1);
    expect(Math.abs(correlation)).toBeLessThan(0.03);
  });

  it('is synchronous and regular where excitation dominates', async () => {
    const { cv, correlation } = statistics(await run({ ...SMALL, J: 0.4, g: 2 }, 150));
    expect(cv).toBeLessThan(0.2);
    expect(correlation).toBeGreaterThan(0.08);
  });

  it('gives the same bits on any number of threads', async () => {
    const digests = [];
    for (const threads of [1, 2, 3]) digests.push((await run(SMALL, 60, threads)).digest);
    expect(new Set(digests).size).toBe(1);
  });
});
