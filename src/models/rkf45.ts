/**
 * Runge-Kutta-Fehlberg 4(5) with an adaptive step, controlled as GSL's standard controller does.
 *
 * E. Fehlberg, Low-order classical Runge-Kutta formulas with stepsize control, NASA TR R-315 (1969).
 * The solution kept is the fifth-order one; the error estimate is its distance to the fourth-order one.
 */
import { pow } from '../math/index.js';

/** Writes the derivatives of `y` to `dydt[at ...]`. */
export type Derivatives = (y: Float64Array, dydt: Float64Array, at: number) => void;

export interface ErrorControl {
  /** Tolerances: component i may err by relative * (weightY |y_i| + weightDydt |h y'_i|) + absolute. */
  absolute: number;
  relative: number;
  readonly weightY: number;
  readonly weightDydt: number;
}

export class Rkf45 {
  /** State, advanced in place by accepted sub-steps. */
  readonly y: Float64Array;
  /** Suggested next sub-step in ms; callers store it per neuron between grid steps. */
  suggestion = 0;
  private readonly stageY: Float64Array;
  private readonly yNew: Float64Array;
  /** The six stage derivatives, then the derivative at the new state. */
  private readonly k: Float64Array;

  constructor(
    private readonly dimension: number,
    private readonly derivatives: Derivatives,
    readonly control: ErrorControl,
  ) {
    this.y = new Float64Array(dimension);
    this.stageY = new Float64Array(dimension);
    this.yNew = new Float64Array(dimension);
    this.k = new Float64Array(7 * dimension);
  }

  /**
   * One accepted sub-step from time t towards `end` (ms). Returns the time reached, which is
   * exactly `end` if the sub-step was the last.
   */
  advance(t: number, end: number): number {
    const { y, yNew, dimension } = this;
    this.derivatives(y, this.k, 0);
    for (;;) {
      const left = end - t;
      const final = this.suggestion > left;
      const h = final ? left : this.suggestion;
      this.stages(h);
      const r = this.errorRatio(h);
      this.suggestion = h;
      if (r > 1.1) {
        const smaller = h * Math.max(0.2, 0.9 / pow(r, 1 / 5));
        if (t + smaller !== t) {
          this.suggestion = smaller;
          continue;
        }
      } else if (r < 0.5) {
        this.suggestion = h * Math.min(5, Math.max(1, 0.9 / pow(r, 1 / 6)));
      }
      for (let i = 0; i < dimension; i++) y[i] = yNew[i];
      return final ? end : t + h;
    }
  }

  /** The Fehlberg tableau: from y and k1 to yNew and k2 ... k6. */
  private stages(h: number): void {
    const { y, k, stageY, yNew, derivatives } = this;
    const n = this.dimension;
    for (let i = 0; i < n; i++) stageY[i] = y[i] + h * (1 / 4) * k[i];
    derivatives(stageY, k, n);
    for (let i = 0; i < n; i++) {
      stageY[i] = y[i] + h * ((3 / 32) * k[i] + (9 / 32) * k[n + i]);
    }
    derivatives(stageY, k, 2 * n);
    for (let i = 0; i < n; i++) {
      stageY[i] =
        y[i] +
        h * ((1932 / 2197) * k[i] + (-7200 / 2197) * k[n + i] + (7296 / 2197) * k[2 * n + i]);
    }
    derivatives(stageY, k, 3 * n);
    for (let i = 0; i < n; i++) {
      stageY[i] =
        y[i] +
        h *
          ((8341 / 4104) * k[i] +
            (-32832 / 4104) * k[n + i] +
            (29440 / 4104) * k[2 * n + i] +
            (-845 / 4104) * k[3 * n + i]);
    }
    derivatives(stageY, k, 4 * n);
    for (let i = 0; i < n; i++) {
      stageY[i] =
        y[i] +
        h *
          ((-6080 / 20520) * k[i] +
            (41040 / 20520) * k[n + i] +
            (-28352 / 20520) * k[2 * n + i] +
            (9295 / 20520) * k[3 * n + i] +
            (-5643 / 20520) * k[4 * n + i]);
    }
    derivatives(stageY, k, 5 * n);
    for (let i = 0; i < n; i++) {
      yNew[i] =
        y[i] +
        h *
          ((16 / 135) * k[i] +
            (6656 / 12825) * k[2 * n + i] +
            (28561 / 56430) * k[3 * n + i] +
            (-9 / 50) * k[4 * n + i] +
            (2 / 55) * k[5 * n + i]);
    }
  }

  /** Largest ratio of estimated to tolerated error over the components. */
  private errorRatio(h: number): number {
    const { k, yNew, control } = this;
    const n = this.dimension;
    this.derivatives(yNew, k, 6 * n);
    let r = 0;
    for (let i = 0; i < n; i++) {
      const error =
        h *
        ((1 / 360) * k[i] +
          (-128 / 4275) * k[2 * n + i] +
          (-2197 / 75240) * k[3 * n + i] +
          (1 / 50) * k[4 * n + i] +
          (2 / 55) * k[5 * n + i]);
      const scale =
        control.weightY * Math.abs(yNew[i]) + control.weightDydt * Math.abs(h * k[6 * n + i]);
      const ratio = Math.abs(error) / (control.relative * scale + control.absolute);
      // Written so that a NaN wins: the caller then finds the instability.
      if (!(ratio <= r)) r = ratio;
    }
    return r;
  }
}
