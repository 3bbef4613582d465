/** Random rows, activity and presynaptic spikes for tests of plasticity. */
import type { Points } from '../math/points.js';
import type { RowSpec, States } from './plastic-rows.js';

export const pick = <T>(points: Points, values: readonly T[]): T =>
  values[points.word() % values.length];

export const between = (points: Points, low: number, high: number): number =>
  points.uniform(1, low, high)[0];

/** Rows of 1 to 40 targets: every other one contiguous, some with a target twice. */
export function randomRows(points: Points, size: number, taus: readonly number[]): RowSpec[] {
  const lengths = [1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 31, 32, 39, 40];
  return lengths.flatMap((length) =>
    [true, false].map((contiguous) => {
      const first = points.word() % (size - length + 1);
      const targets = Array.from({ length }, (_, i) =>
        contiguous ? first + i : points.word() % size,
      ).sort((a, b) => a - b);
      const inhibitory = points.word() % 4 === 0;
      const [Wmin, Wmax] = inhibitory
        ? [-2, -0.5]
        : pick(points, [
            [0, 3],
            [0.9, 1.1],
            [0, 100],
          ]);
      const weights = targets.map(() =>
        pick(points, [Wmin, Wmax, between(points, Wmin, Wmax), between(points, Wmin, Wmax)]),
      );
      return {
        targets,
        weights,
        delay: pick(points, [1, 2, 5, 19]),
        tau_x: pick(points, taus),
        Wmin,
        Wmax,
      };
    }),
  );
}

/** A neuron is active in some stretches of time and silent in others. */
export class Activity {
  readonly states: States;
  private readonly activeUntil: Float64Array;

  constructor(
    private readonly points: Points,
    private readonly size: number,
  ) {
    const column = () => new Float64Array(size).fill(-75);
    this.states = {
      V_m: column(),
      u_bar_plus: column(),
      u_bar_minus: column(),
      u_bar_bar: column(),
    };
    this.activeUntil = new Float64Array(size);
  }

  next(step: number): States {
    const { points, states, activeUntil } = this;
    for (let i = 0; i < this.size; i++) {
      if (activeUntil[i] < step && points.word() % 50 === 0) {
        activeUntil[i] = step + (points.word() % 100);
      }
      const active = step <= activeUntil[i];
      states.V_m[i] = active ? between(points, -60, 20) : -72;
      states.u_bar_plus[i] = active ? between(points, -72, -50) : -72;
      states.u_bar_minus[i] = active ? between(points, -72, -55) : -72;
      states.u_bar_bar[i] = between(points, -75, -65);
    }
    return states;
  }

  /** Nothing that plasticity would notice. */
  silence(): States {
    for (const column of Object.values(this.states)) column.fill(-90);
    return this.states;
  }
}

/** Steps until the next spike: mostly short, sometimes as many epochs as windows are told apart by. */
export function randomGap(points: Points, epochSteps: number): number {
  const kind = points.word() % 16;
  if (kind === 0) return Math.ceil(epochSteps * between(points, 6, 9));
  if (kind === 1) return Math.ceil(epochSteps * between(points, 1, 6));
  if (kind < 5) return Math.ceil(epochSteps * between(points, 0.2, 2));
  return 1 + (points.word() % 40);
}
