/**
 * One Runge-Kutta-Fehlberg sub-step of a neuron that is held, worked out ahead of time: while it is clamped or
 * refractory, mostly nothing feeds an exponential, and all that is left of the equations is affine.
 */
import { affineForms, itself, namesOfRows, type Row } from './affine.js';
import { type Condition, namesIn } from './equation.js';
import { type SemilinearModel, stagesOf } from './substep-plan.js';

/** A phase in which one counter is above 0, and the others are not. */
export interface HeldPhase {
  readonly counter: string;
  /** New value and error estimate of each integrated variable, over variables, stimuli and the constant. */
  readonly solutions: ReadonlyMap<string, Row>;
  readonly errors: ReadonlyMap<string, Row>;
}

/** The phases in which the equations are affine, for parameters `values` and a sub-step of `h` ms. */
export function heldPhases(
  model: SemilinearModel & { readonly calm: Condition },
  values: ReadonlyMap<string, number>,
  h: number,
): HeldPhase[] {
  const counters = [...namesIn(model.calm)];
  return counters.flatMap((counter) => {
    const held = counters.map((name) => [name, name === counter ? 1 : 0] as const);
    const { derivatives, definitions } = model;
    const forms = affineForms(derivatives, new Map([...values, ...held]), definitions, 'refused');
    if (!forms || [...forms.values()].some(({ argument }) => argument)) return [];
    const rates = new Map([...forms].map(([name, { row }]) => [name, row] as const));
    const { solutions, errors } = stagesOf([...rates.keys()], rates, h, itself);
    return [{ counter, solutions, errors }];
  });
}

/** What the rows of phases are made of, as text. */
export function heldShape(phases: readonly HeldPhase[]): string {
  return [...phases.map(({ counter }) => counter), namesOfRows(heldRows(phases))].join(';');
}

/** All rows, in the order of their coefficients. */
export function heldRows(phases: readonly HeldPhase[]): Row[] {
  return phases.flatMap(({ solutions, errors }) => [...solutions.values(), ...errors.values()]);
}
