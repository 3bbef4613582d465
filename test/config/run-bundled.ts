/** Runs of the experiments under config/. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import type { RunResults } from '../../src/experiment/results.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';

/** An experiment of config/ with other values of its parameters. */
export function bundled(name: string, parameters: Readonly<Record<string, number>> = {}) {
  const file = fileURLToPath(new URL(`../../config/${name}.json`, import.meta.url));
  const overrides = Object.entries(parameters).map(([key, value]) => `parameters.${key}=${value}`);
  return loadExperiment(file, overrides);
}

export async function runBundled(
  name: string,
  parameters: Readonly<Record<string, number>>,
  timeMs: number,
  threads = 1,
): Promise<RunResults> {
  return runExperiment(await bundled(name, parameters), { threads, timeMs });
}

/** Mean rate of a population in spikes/s. */
export function rateOf({ populations }: RunResults, name: string): number {
  return populations.find((population) => population.name === name)!.rate;
}

/** The run has one digest on 1, 2, 3, 4 and 7 threads. */
export async function expectSameBits(
  name: string,
  parameters: Readonly<Record<string, number>>,
  timeMs: number,
): Promise<void> {
  const digests = new Set<string>();
  for (const threads of [1, 2, 3, 4, 7]) {
    const results = await runBundled(name, parameters, timeMs, threads);
    expect(results.populations.some(({ spikeCount }) => spikeCount > 0)).toBe(true);
    digests.add(results.digest!);
  }
  expect(digests.size).toBe(1);
}
