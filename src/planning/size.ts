/** Experiments of other sizes, where the file says by what it grows (`size_parameter`). */
import type { ResolvedExperiment } from '../experiment/schema.js';
import { networkUnlessWrong, type PlannedNetwork } from './network.js';

/** The experiment with other values: `name=value`, as `--set` takes them. */
export type Variation = (overrides: readonly string[]) => Promise<ResolvedExperiment>;

/** A value of the size parameter of an experiment. */
export interface Size {
  readonly parameter: string;
  readonly value: number;
}

/** As `--set` takes it. */
export function sizeOverride({ parameter, value }: Size): string {
  return `parameters.${parameter}=${value}`;
}

/**
 * The largest whole value of the size parameter, below its own, that `fits`; found by bisection, since
 * what is larger needs more. Where the file is wrong at some sizes, one below those may be found.
 * Undefined if there is no such parameter, or no such value.
 */
export async function largestFittingSize(
  experiment: ResolvedExperiment,
  variation: Variation,
  fits: (network: PlannedNetwork) => boolean,
): Promise<Size | undefined> {
  const parameter = experiment.size_parameter;
  if (parameter === undefined) return undefined;
  const good = async (value: number): Promise<boolean> => {
    const network = await networkUnlessWrong(() => variation([sizeOverride({ parameter, value })]));
    return network !== undefined && fits(network);
  };
  let misfit = Math.ceil(experiment.parameters[parameter]!);
  let fit = Math.floor(misfit / 2);
  while (fit >= 1 && !(await good(fit))) {
    misfit = fit;
    fit = Math.floor(misfit / 2);
  }
  if (fit < 1) return undefined;
  while (misfit - fit > 1) {
    const middle = Math.floor((fit + misfit) / 2);
    if (await good(middle)) fit = middle;
    else misfit = middle;
  }
  return { parameter, value: fit };
}
