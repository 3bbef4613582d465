/** What the parts of an experiment say about each other: names exist, slices and indices fit. */
import {
  BadConnectionError,
  type ExperimentProblem,
  type IsospikeError,
  UnknownNameError,
  ValueError,
} from '../errors/index.js';
import { type Slice, sizeOf, slicesOf } from './collections.js';
import type { ResolvedExperiment } from './schema.js';

type Connection = ResolvedExperiment['connections'][number];

/** All references that do not fit. */
export function referenceProblems(experiment: ResolvedExperiment): ExperimentProblem[] {
  return new References(experiment).check();
}

class References {
  private readonly problems: ExperimentProblem[] = [];
  private readonly names: readonly string[];

  constructor(private readonly experiment: ResolvedExperiment) {
    this.names = Object.keys(experiment.populations);
  }

  check(): ExperimentProblem[] {
    const { parameters, size_parameter, synapse_models, connections, protocol } = this.experiment;
    if (size_parameter !== undefined && !Object.hasOwn(parameters, size_parameter)) {
      const known = Object.keys(parameters);
      const error = new UnknownNameError('parameter', size_parameter, known);
      this.report('size_parameter', error);
    }
    for (const [name, { weight_recorder }] of Object.entries(synapse_models)) {
      if (weight_recorder === undefined) continue;
      this.population(`synapse_models.${name}.weight_recorder`, weight_recorder);
    }
    connections.forEach((connection, index) => {
      this.connection(`connections.${index}`, connection);
    });
    this.connectionNames();
    protocol.forEach(({ set, stimulus }, index) => {
      const path = `protocol.${index}`;
      for (const name of Object.keys(set)) this.population(`${path}.set.${name}`, name);
      if (stimulus) this.population(`${path}.stimulus.population`, stimulus.population);
    });
    return this.problems;
  }

  private connection(path: string, connection: Connection): void {
    const sourceFits = this.collection(`${path}.source`, connection.source);
    const targetFits = this.collection(`${path}.target`, connection.target);
    const { pairs, conn_spec } = connection;
    if (pairs === undefined) return;
    if (conn_spec !== undefined) {
      this.report(
        path,
        new BadConnectionError(`${path}: "pairs" and "conn_spec" exclude each other`),
      );
    }
    if (pairs.source.length !== pairs.target.length) {
      const expected = `as long as source (${pairs.source.length})`;
      const error = new ValueError(`length of ${path}.pairs.target`, pairs.target.length, expected);
      this.report(`${path}.pairs.target`, error);
    }
    if (sourceFits) this.indices(`${path}.pairs.source`, pairs.source, connection.source);
    if (targetFits) this.indices(`${path}.pairs.target`, pairs.target, connection.target);
  }

  private collection(path: string, collection: Connection['source']): boolean {
    const before = this.problems.length;
    const isList = Array.isArray(collection);
    const slices = slicesOf(collection, this.experiment.populations);
    slices.forEach((slice, index) => {
      const { population, from, to } = slice;
      const at = isList ? `${path}.${index}` : path;
      if (!this.population(at, population)) return;
      const size = this.experiment.populations[population]?.size ?? 0;
      if (from > to || to > size) {
        const expected = `0 <= from <= to <= ${size}, the size of '${population}'`;
        this.report(at, new ValueError(`${at} (from, to)`, [from, to], expected));
      } else if (slices.slice(0, index).some((earlier) => share(earlier, slice))) {
        const expected = 'nodes that are not in the list already';
        this.report(at, new ValueError(`${at} (from, to)`, [from, to], expected));
      }
    });
    return this.problems.length === before;
  }

  private indices(
    path: string,
    indices: readonly number[],
    collection: Connection['source'],
  ): void {
    const size = sizeOf(slicesOf(collection, this.experiment.populations));
    const wrong = indices.findIndex((index) => index >= size);
    if (wrong < 0) return;
    const at = `${path}.${wrong}`;
    this.report(at, new ValueError(at, indices[wrong], `an index from 0 to ${size - 1}`));
  }

  private connectionNames(): void {
    const seen = new Set<string>();
    this.experiment.connections.forEach(({ name }, index) => {
      if (name === undefined) return;
      const path = `connections.${index}.name`;
      if (seen.has(name)) this.report(path, new ValueError(path, name, 'a name that no other has'));
      seen.add(name);
    });
  }

  private population(path: string, name: string): boolean {
    if (this.names.includes(name)) return true;
    this.report(path, new UnknownNameError('population', name, this.names));
    return false;
  }

  private report(path: string, error: IsospikeError): void {
    this.problems.push({ path, error });
  }
}

/** Whether two slices have a node in common. */
function share(a: Slice, b: Slice): boolean {
  if (a.population !== b.population) return false;
  return Math.max(a.from, b.from) < Math.min(a.to, b.to);
}
