/**
 * Errors of the simulation, told as what is wrong in the experiment file. The simulation knows
 * models, parameters and rules; only the file knows where their names were written.
 */
import {
  BadParametersError,
  ExperimentError,
  type ExperimentProblem,
  IsospikeError,
  OffGridError,
  UnknownKeyError,
  UnknownNameError,
  ValueError,
} from '../errors/index.js';

/** A part of the file whose keys a call was made from. */
export interface Place {
  readonly path: string;
  readonly given: Readonly<Record<string, unknown>>;
}

/** Where a call was made from, the outermost part first. */
export type Places = readonly [Place, ...Place[]];

/** Collects what fails, so that one look at a file finds more than one mistake. */
export class PlacedErrors {
  readonly problems: ExperimentProblem[] = [];

  /** Runs a call made from these places; undefined if it failed. */
  try<T>(places: Places, call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      this.report(places, error);
      return undefined;
    }
  }

  /** The same for a check: whether it found nothing. */
  holds(places: Places, check: () => void): boolean {
    const before = this.problems.length;
    this.try(places, check);
    return this.problems.length === before;
  }

  /** The same for a call that is about what stands at this very path. */
  at<T>(path: string, call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof IsospikeError)) throw error;
      this.problems.push({ path, error });
      return undefined;
    }
  }

  /** The same for a call that workers answer. */
  async tryAsync<T>(places: Places, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      this.report(places, error);
      return undefined;
    }
  }

  /**
   * Throws an ExperimentError if anything has failed.
   * @param where name of the file, for errors
   */
  throwIfAny(where: string): void {
    if (this.problems.length > 0) throw new ExperimentError(where, this.problems);
  }

  private report(places: Places, error: unknown): void {
    if (!(error instanceof IsospikeError)) throw error;
    this.problems.push({ path: pathOf(error, places), error });
  }
}

/** The most exact path that the error's facts allow: of the key it names, else of the whole call. */
export function pathOf(error: IsospikeError, places: Places): string {
  const innermostFirst = places.toReversed();
  if (error instanceof UnknownNameError) {
    for (const { path, given } of innermostFirst) {
      const key = Object.keys(given).find((candidate) => given[candidate] === error.unknownName);
      if (key !== undefined) return `${path}.${key}`;
    }
  }
  for (const key of keysNamed(error)) {
    const place = innermostFirst.find(({ given }) => Object.hasOwn(given, key));
    if (place !== undefined) return `${place.path}.${key}`;
  }
  return places[0].path;
}

function keysNamed(error: IsospikeError): readonly string[] {
  if (error instanceof UnknownKeyError) return [error.key];
  if (error instanceof BadParametersError) return Object.keys(error.values);
  if (error instanceof ValueError || error instanceof OffGridError) {
    return (error.where.match(/\w+/g) ?? []).toReversed();
  }
  return [];
}
