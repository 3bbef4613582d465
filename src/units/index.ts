/**
 * Time on the grid. Users speak milliseconds; the engine counts steps of the resolution.
 * Names carry the unit: `..._ms`/`Ms` are milliseconds, `...Steps`/`step` are whole steps.
 */
import { OffGridError, ValueError } from '../errors/index.js';

/** A given time counts as on the grid within this fraction of a step. */
const GRID_TOLERANCE_STEPS = 1e-6;
/** Steps are held in 32-bit integers; half of their range leaves room for delays and epochs. */
export const MAX_STEP = 2 ** 30;

/** Conversion between milliseconds and steps of one resolution. */
export class TimeGrid {
  /** @param resolutionMs step size h in ms, > 0 and at most 1000 */
  constructor(readonly resolutionMs: number) {
    if (!Number.isFinite(resolutionMs) || resolutionMs <= 0 || resolutionMs > 1000) {
      throw new ValueError('resolution', resolutionMs, 'a number of ms in (0, 1000]');
    }
  }

  /** A time that must lie on the grid, in steps. Throws OffGridError, which names the nearest one. */
  steps(where: string, ms: number): number {
    const steps = this.nearestSteps(where, ms);
    if (Math.abs(ms / this.resolutionMs - steps) > GRID_TOLERANCE_STEPS) {
      throw new OffGridError(where, ms, this.resolutionMs, this.ms(steps));
    }
    return steps;
  }

  /** The nearest step of a time that need not lie on the grid (t_ref, t_clamp, delay_u_bars). */
  nearestSteps(where: string, ms: number): number {
    const steps = Number.isFinite(ms) ? Math.round(ms / this.resolutionMs) : Number.NaN;
    if (!(Math.abs(steps) <= MAX_STEP)) {
      throw new ValueError(where, ms, `a time of at most ${MAX_STEP} steps, in ms`);
    }
    return steps;
  }

  /** A delay that must lie on the grid and be at least one step, in steps. */
  delaySteps(where: string, ms: number): number {
    if (typeof ms !== 'number' || !(ms > 0)) {
      throw new ValueError(where, ms, `at least the resolution, ${this.resolutionMs} ms`);
    }
    const steps = this.steps(where, ms);
    if (steps < 1) throw new OffGridError(where, ms, this.resolutionMs, this.resolutionMs);
    return steps;
  }

  /**
   * Milliseconds of a step, as a short decimal where the resolution is one (3 * 0.1 is 0.3):
   * division by the whole number of steps per ms rounds better than multiplication.
   */
  ms(steps: number): number {
    const perMs = Math.round(1 / this.resolutionMs);
    return Math.abs(perMs * this.resolutionMs - 1) < 1e-12
      ? steps / perMs
      : steps * this.resolutionMs;
  }
}
