/** The experiments of config/, built as benchmarks need them. */
import { fileURLToPath } from 'node:url';
import { buildNetwork } from '../../src/experiment/build-network.js';
import { loadExperiment } from '../../src/experiment/load.js';
import type { NodeCollection, Simulation } from '../../src/index.js';

/** Builds an experiment of config/ with these values of its parameters; its populations by name. */
export async function buildBundled(
  sim: Simulation,
  name: string,
  parameters: Readonly<Record<string, number>>,
): Promise<(population: string) => NodeCollection> {
  const file = fileURLToPath(new URL(`../../../config/${name}.json`, import.meta.url));
  const overrides = Object.entries(parameters).map(([key, value]) => `parameters.${key}=${value}`);
  const { populations } = await buildNetwork(sim, await loadExperiment(file, overrides));
  return (population) => populations.get(population)!;
}
