/**
 * What a simulation would refuse of an experiment, found in the file alone, before anything is built,
 * and all at once: names of models, parameters and rules, values that are no draws, times off the grid,
 * nodes that cannot be connected. The rules themselves are those of the simulation, asked one by one.
 */
import { type ExperimentProblem, UnknownNameError } from '../../errors/index.js';
import { NodeModels } from '../../models/registry.js';
import { checkNodeCount } from '../../simulation/node-registry.js';
import { TimeGrid } from '../../units/index.js';
import { definitionProblems } from '../neuron-models.js';
import { PlacedErrors } from '../placement.js';
import type { ResolvedExperiment } from '../schema.js';
import { type GaussianRate, gaussianRates } from '../stimulus.js';
import { ConnectionChecks } from './connections.js';
import { type CheckedPopulation, nodeValues } from './node-values.js';
import { checkedSynapses } from './synapses.js';

/**
 * All that is wrong beside references within the file.
 * @param references what is wrong with those (`references.ts`): it is not told again
 */
export function contentProblems(
  experiment: ResolvedExperiment,
  references: readonly ExperimentProblem[],
): ExperimentProblem[] {
  return new Contents(experiment, references).check();
}

class Contents {
  private readonly errors = new PlacedErrors();
  private readonly grid: TimeGrid;
  private readonly models = new NodeModels();
  private readonly populations = new Map<string, CheckedPopulation>();

  constructor(
    private readonly experiment: ResolvedExperiment,
    private readonly references: readonly ExperimentProblem[],
  ) {
    this.grid = new TimeGrid(experiment.kernel.resolution);
  }

  check(): ExperimentProblem[] {
    const { experiment, errors, grid, populations } = this;
    errors.problems.push(...definitionProblems(experiment, this.models));
    this.createPopulations();
    const taken = [...this.models].map(([name]) => name);
    const synapses = checkedSynapses(experiment, populations, taken, grid, errors);
    const parts = { populations, synapses, grid, unfit: this.unfitConnections() };
    const connections = new ConnectionChecks(experiment, parts, errors);
    experiment.connections.forEach((_, entry) => {
      connections.check(entry);
    });
    this.goThroughProtocol();
    return errors.problems;
  }

  private unfitConnections(): Set<number> {
    const entries = this.references.map(({ path }) => /^connections\.(\d+)/.exec(path)?.[1]);
    return new Set(entries.filter((entry) => entry !== undefined).map(Number));
  }

  private createPopulations(): void {
    const { experiment, models, errors, grid } = this;
    let firstId = 1;
    for (const [name, population] of Object.entries(experiment.populations)) {
      const { model: named, size, params } = population;
      const path = `populations.${name}`;
      const fits = errors.at(`${path}.size`, () => {
        checkNodeCount(size, firstId - 1);
        return true;
      });
      const model = errors.at(`${path}.model`, () => {
        const found = models.get(named);
        if (found !== undefined || Object.hasOwn(experiment.neuron_models, named)) return found;
        throw new UnknownNameError(
          'node model',
          named,
          [...models].map(([known]) => known),
        );
      });
      if (model !== undefined) {
        const block = { size, firstId };
        const values = nodeValues(model, block, grid, errors);
        const given = { model: named, size };
        values.create(params, [
          { path, given },
          { path: `${path}.params`, given: params },
        ]);
        this.populations.set(name, { model, block, values });
      }
      if (fits) firstId += size;
    }
  }

  private goThroughProtocol(): void {
    const { errors, grid } = this;
    this.experiment.protocol.forEach(({ simulate, set, stimulus }, entry) => {
      const path = `protocol.${entry}`;
      errors.at(`${path}.simulate`, () => grid.steps(`${path}.simulate`, simulate));
      for (const [name, params] of Object.entries(set)) {
        const at = `${path}.set.${name}`;
        this.populations.get(name)?.values.set(params, [{ path: at, given: params }]);
      }
      if (stimulus !== undefined) this.setRates(stimulus, `${path}.stimulus`);
    });
  }

  private setRates(stimulus: GaussianRate, path: string): void {
    const population = this.populations.get(stimulus.population);
    if (population === undefined) return;
    const last = population.block.size - 1;
    // A rate depends on the distance from the centre alone, and the nearest node has the highest.
    const highest = stimulus.centers.map((center) => {
      const nearest = Math.min(last, Math.max(0, Math.round(center)));
      return gaussianRates(stimulus, 1, center - nearest)[0]!;
    });
    population.values.setRates(highest, `${path}.population`);
  }
}
