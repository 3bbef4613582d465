/** The region in which a whole step is certain to be accepted, against literal steps from inside it. */
import { describe, expect, test } from 'vitest';
import {
  type CertainRegion,
  certainRegion,
  LARGEST_CHANGE,
  LARGEST_REMAINDER,
  LEAST_EXPONENTIAL,
  rangedNames,
  slopedNames,
} from '../../src/kernel/certain-region.js';
import { planSubstep, type SubstepPlan } from '../../src/kernel/substep-plan.js';
import { Points } from '../math/points.js';
import {
  dot,
  drawn,
  FOLLOWING,
  MODELS,
  type Model,
  parsed,
  planOf,
  stepsFrom,
} from './semilinear-models.js';

const H = 0.1;
const TOLERANCE = 1e-6;
const CEILING = 30;
/** One of them matters: it is left before the largest magnitude is reached. */
const BOUNDS = new Map([['V', [-1000, Number.POSITIVE_INFINITY] as const]]);

/** An exponential that reaches V through another variable, which estimates cancel less well. */
const THROUGH_ANOTHER: Model = {
  derivatives: { x: 'c * exp((V - T) / D) - x / tau_x', V: '(E + x - V) / tau' },
  definitions: {},
  driver: 'V',
  parameters: {
    ...{ E: [-75, -60], D: [0.5, 5], T: [-55, -45], tau: [2, 30] },
    ...{ c: [0.1, 10], tau_x: [1, 20] },
  },
  state: { V: [-90, -50], x: [-10, 10] },
  stimuli: {},
};

/**
 * Models, logarithms of how much more or less error is allowed, and whether there are steps that err nearly so
 * much: not where the voltage alone decides what a step is like, or where bounds are wide.
 */
const [EIF, ADAPTIVE] = Object.entries(MODELS) as [[string, Model], [string, Model]];
const ALL: readonly (readonly [string, Model, number, number, boolean])[] = [
  [...EIF, -3, 0, false],
  [...ADAPTIVE, -3, 0, true],
  ['with a threshold that follows the voltage', FOLLOWING, -3, 0, true],
  ['with an exponential that acts through another variable', THROUGH_ANOTHER, -1, 1, false],
];

const limitsOf = (driver: string, tolerance = TOLERANCE) => ({
  ...{ driver, ceiling: CEILING, tolerance, bounds: BOUNDS },
});

/** Whether a step that begins like this is in the region, as kernels ask. */
function isInside(
  plan: SubstepPlan,
  region: CertainRegion,
  driver: string,
  start: Record<string, number>,
  { first, changes, slopes }: ReturnType<typeof stepsFrom>['ahead'],
): boolean {
  const change = Math.abs(changes[0]!) + region.offset;
  return (
    Object.values(start).every((value) => Math.abs(value) <= region.magnitude) &&
    first <= region.exponential &&
    Math.max(first, LEAST_EXPONENTIAL) * change ** 8 <= region.remainder &&
    rangedNames(limitsOf(driver)).every((name, i) => {
      const [lowest, highest] = region.ranges[i]!;
      return start[name]! > lowest && start[name]! < highest;
    }) &&
    slopedNames(plan, driver).every((name, i) => Math.abs(slopes[name]!) <= region.slopes[i]!)
  );
}

/**
 * States from all over the region, most of them near where it ends: magnitudes of all sizes, the driver where the
 * exponential is of any size up to the largest.
 */
function start(points: Points, model: Model, plan: SubstepPlan, region: CertainRegion) {
  const { driver } = model;
  const [size, share] = points.uniform(2, 0, 1) as [number, number];
  const names = [...Object.keys(model.state), ...Object.keys(model.stimuli)];
  const most = region.magnitude ** size;
  const state = Object.fromEntries(
    names.map((name) => [name, points.uniform(1, -most, most)[0]!] as const),
  );
  for (const name of slopedNames(plan, driver)) {
    const [low, high] = model.state[name]!;
    state[name] = points.uniform(1, low, high)[0]!;
  }
  const argument = Math.log(region.exponential) - 8 * share ** 2;
  const others = dot(plan.argument, { ...state, [driver]: 0 });
  return { ...state, [driver]: (argument - others) / plan.argument.get(driver)! };
}

describe.each(ALL)('%s', (_, model, low, high, isReached) => {
  test('in all of the region, a literal step is accepted', () => {
    const points = new Points(11);
    const worst: number[] = [];
    let [regions, steps, all] = [0, 0, 0];
    while (regions < 40) {
      const parameters = drawn(points, model.parameters);
      const plan = planOf(model, parameters, H);
      // The least error decides how large the region is where little is allowed, and other limits where much is.
      const tolerance = TOLERANCE * 10 ** points.uniform(1, low, high)[0]!;
      const region = certainRegion(plan, limitsOf(model.driver, tolerance));
      expect(++all).toBeLessThan(400);
      if (region.magnitude < 0) continue;
      regions += 1;
      for (let i = 0; i < 200; i++) {
        const from = start(points, model, plan, region);
        const { ahead, literal, driverAt, names } = stepsFrom(model, parameters, H, plan, from);
        if (!isInside(plan, region, model.driver, from, ahead)) continue;
        steps += 1;
        const error = Math.max(...literal.error.map(Math.abs));
        worst.push(error / tolerance);
        const V = literal.state[names.indexOf(model.driver)]!;
        expect(Math.max(...driverAt, V)).toBeLessThan(CEILING);
        expect(V).toBeGreaterThan(-1000);
        const A = ahead.largestChange;
        expect(A).toBeLessThanOrEqual(LARGEST_CHANGE);
        expect(ahead.first * A ** 8).toBeLessThanOrEqual(LARGEST_REMAINDER);
      }
    }
    expect(Math.max(...worst)).toBeLessThanOrEqual(1);
    // The region is not so small that nobody comes near its ends.
    expect(steps).toBeGreaterThan(400);
    if (isReached) expect(Math.max(...worst)).toBeGreaterThan(1 / 30);
  });
});

describe('of the default aeif_psc_delta_clopath neuron', () => {
  const equations = {
    V: '(-g * (V - E) - w + z + I) / C + g * D / C * exp((V - T) / D)',
    w: '(a * (V - E) - w) / tau_w',
    z: '-z / 40',
    T: '-(T + 50.4) / 50',
    up: '(V - up) / tau_p',
    um: '(V - um) / 10',
    ub: '(um - ub) / 500',
  };
  const values = { g: 30, C: 281, E: -70.6, D: 2, a: 4, tau_w: 144, tau_p: 7, I: 800 };
  const regionFor = (changed: Partial<typeof values>, tolerance = TOLERANCE) => {
    const model = { derivatives: parsed(equations), definitions: new Map(), driver: 'V' };
    const plan = planSubstep(model, new Map(Object.entries({ ...values, ...changed })), H);
    return certainRegion(plan, { driver: 'V', ceiling: CEILING, tolerance, bounds: BOUNDS });
  };

  test('it holds nearly all that such neurons do between spikes', () => {
    const { magnitude, exponential, offset, ranges } = regionFor({});
    const [lowest, highest] = ranges[0]!;
    expect(magnitude).toBeGreaterThanOrEqual(1000);
    expect(exponential).toBeGreaterThanOrEqual(8);
    expect(4 * offset).toBeLessThan(0.01);
    // Until the end of a step, V may change by what the argument changes, Delta_T times as much.
    for (const left of [lowest + 1000, CEILING - highest]) {
      expect(left).toBeGreaterThan(2 * LARGEST_CHANGE);
      expect(left).toBeLessThan(2);
    }
  });

  test('it is smaller where less error is allowed, and nowhere if none is', () => {
    const usual = regionFor({});
    const strict = regionFor({}, 1e-7);
    expect(strict.exponential).toBeLessThan(usual.exponential);
    expect(strict.exponential).toBeGreaterThan(0);
    expect(regionFor({}, 1e-12).magnitude).toBe(-1);
  });

  test('it is nowhere where a follower is too quick for the step', () => {
    expect(regionFor({ tau_p: 0.2 }).magnitude).toBe(-1);
  });
});
