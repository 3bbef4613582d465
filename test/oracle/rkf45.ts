/**
 * Runge-Kutta-Fehlberg 4(5) (Fehlberg, NASA TR R-315, 1969) with the standard step-size controller
 * of the GNU Scientific Library, over one grid step. Advances with the fifth-order solution.
 */

export type Derivatives = (state: readonly number[]) => number[];

/** D_i = epsRel * (aY |y_i| + aDydt |dt y_i'|) + epsAbs is the error that component i may make. */
export interface Tolerance {
  readonly epsAbs: number;
  readonly epsRel: number;
  readonly aY: number;
  readonly aDydt: number;
}

const SAFETY = 0.9;

/**
 * Integrates `state` (in place) from 0 to `stepMs`.
 *
 * @param suggested the sub-step that the previous grid step left as a suggestion, in ms
 * @param afterSubStep called after each accepted sub-step, with its index; may change `state`
 * @returns the suggestion for the next grid step, in ms
 */
export function integrateStep(
  state: number[],
  stepMs: number,
  suggested: number,
  derivatives: Derivatives,
  tolerance: Tolerance,
  afterSubStep: (index: number) => void,
): number {
  let t = 0;
  for (let index = 0; t < stepMs; index++) {
    const remaining = stepMs - t;
    let final = suggested > remaining;
    if (final) suggested = remaining;
    const k1 = derivatives(state);
    for (;;) {
      const trial = fehlbergStep(state, k1, suggested, derivatives);
      const ratio = worstRatio(trial, suggested, derivatives, tolerance);
      const taken = suggested;
      if (ratio > 1.1) {
        const smaller = suggested * Math.max(0.2, SAFETY / ratio ** (1 / 5));
        if (t + smaller !== t) {
          suggested = smaller;
          final = false;
          continue;
        }
      } else if (ratio < 0.5) {
        suggested *= Math.min(5, Math.max(1, SAFETY / ratio ** (1 / 6)));
      }
      t = final ? stepMs : t + taken;
      for (let i = 0; i < state.length; i++) state[i] = trial.state[i]!;
      break;
    }
    afterSubStep(index);
  }
  return suggested;
}

interface Trial {
  readonly state: number[];
  readonly error: number[];
}

export function fehlbergStep(
  y: readonly number[],
  k1: readonly number[],
  dt: number,
  f: Derivatives,
): Trial {
  const k2 = f(y.map((v, i) => v + (dt * k1[i]!) / 4));
  const k3 = f(y.map((v, i) => v + dt * ((3 / 32) * k1[i]! + (9 / 32) * k2[i]!)));
  const k4 = f(
    y.map(
      (v, i) => v + dt * ((1932 / 2197) * k1[i]! - (7200 / 2197) * k2[i]! + (7296 / 2197) * k3[i]!),
    ),
  );
  const k5 = f(
    y.map(
      (v, i) =>
        v +
        dt * ((439 / 216) * k1[i]! - 8 * k2[i]! + (3680 / 513) * k3[i]! - (845 / 4104) * k4[i]!),
    ),
  );
  const k6 = f(
    y.map(
      (v, i) =>
        v +
        dt *
          ((-8 / 27) * k1[i]! +
            2 * k2[i]! -
            (3544 / 2565) * k3[i]! +
            (1859 / 4104) * k4[i]! -
            (11 / 40) * k5[i]!),
    ),
  );
  const state = y.map(
    (v, i) =>
      v +
      dt *
        ((16 / 135) * k1[i]! +
          (6656 / 12825) * k3[i]! +
          (28561 / 56430) * k4[i]! -
          (9 / 50) * k5[i]! +
          (2 / 55) * k6[i]!),
  );
  const error = y.map(
    (_, i) =>
      dt *
      (k1[i]! / 360 -
        (128 / 4275) * k3[i]! -
        (2197 / 75240) * k4[i]! +
        k5[i]! / 50 +
        (2 / 55) * k6[i]!),
  );
  return { state, error };
}

function worstRatio(trial: Trial, dt: number, f: Derivatives, tolerance: Tolerance): number {
  const { epsAbs, epsRel, aY, aDydt } = tolerance;
  const kOut = f(trial.state);
  let worst = 0;
  trial.state.forEach((y, i) => {
    const allowed = epsRel * (aY * Math.abs(y) + aDydt * Math.abs(dt * kOut[i]!)) + epsAbs;
    worst = Math.max(worst, Math.abs(trial.error[i]!) / allowed);
  });
  return worst;
}
