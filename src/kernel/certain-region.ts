/**
 * Where a semilinear model's whole step is certain to be one that the step control accepts.
 *
 * Whether it accepts a step depends on all variables of a neuron. So a region is found, once for a set of
 * parameters, in which it always does; to ask whether a neuron is inside takes a few comparisons. With m the root
 * of the sum of squares of variables and stimuli (none of which is larger, then), g the exponential at the step's
 * beginning and A2 the argument's change until stage 2, it is
 *
 *   m <= magnitude,  g <= exponential,  max(g, LEAST_EXPONENTIAL) (|A2| + offset)^8 <= remainder,
 *   lowest < x < highest for the driver and what has narrow bounds,
 *   |slope| <= its largest, of what else is in the argument
 *
 * That no step in it is too much for anything is shown for cells of g, from one stage to the next, by bounds on
 * magnitudes. With d the argument's slope at the beginning times the step, it has changed by A = c d + t in a stage
 * with node c of the tableau, and, up to the sign of d, t = c^2 q + c^3 p + r: what is quadratic and cubic in time,
 * and the rest. Error estimates cancel polynomials of third degree in time, and what comes through stage 2, so
 * little more is left of them than the rest of r and higher powers of d.
 */
import { exp, expm1 } from '../math/index.js';
import { CONSTANT, itself, plus, type Row } from './affine.js';
import { LATER_STAGES, NODES } from './fehlberg.js';
import { power } from './power.js';
import { A, G, H, isExponential, type SubstepPlan, slope } from './substep-plan.js';

/** The argument changes by no more. */
export const LARGEST_CHANGE = 1 / 4;
/** Largest g A^8, so that what the polynomials for e^A leave out is below 3e-12 (semilinear-kernel.ts). */
export const LARGEST_REMAINDER = 2 ** -24;
/** With this exponential, it takes `LARGEST_CHANGE` to reach `LARGEST_REMAINDER`. */
export const LEAST_EXPONENTIAL = LARGEST_REMAINDER / power(LARGEST_CHANGE, 8);

/** e^x, (e^x - 1) / x, and what powers of x are multiplied with in remainders of e^x, for x <= `LARGEST_CHANGE`. */
const LARGEST = exp(LARGEST_CHANGE);
const EXCESS = expm1(LARGEST_CHANGE) / LARGEST_CHANGE;
const SECOND = LARGEST / 2;
const THIRD = LARGEST / 6;
const FIFTH = LARGEST / 120;

/** Places of stages 2, which is exact to first order in time only, and 5, whose node is 1. */
const EARLY = 1;
const LAST = 4;

export interface CertainRegion {
  readonly magnitude: number;
  readonly exponential: number;
  readonly offset: number;
  readonly remainder: number;
  /** Of the variables that `rangedNames` tells, in that order: lowest and highest. */
  readonly ranges: readonly (readonly [lowest: number, highest: number])[];
  /** The largest slopes of those that `slopedNames` tells. */
  readonly slopes: readonly number[];
}

export interface StepLimits {
  readonly driver: string;
  /** The driver stays below this. */
  readonly ceiling: number;
  /** No error estimate is larger. */
  readonly tolerance: number;
  /** Ranges that variables do not leave. */
  readonly bounds: ReadonlyMap<string, readonly [low: number, high: number]>;
}

/** Bounds below this are narrow: magnitudes would be too small. */
const NARROW = 16384;

/** Variables that have a range of their own in the region: the driver, and those with narrow bounds. */
export function rangedNames({ driver, bounds }: Pick<StepLimits, 'driver' | 'bounds'>): string[] {
  const narrow = [...bounds].filter(([, [low, high]]) => Math.min(-low, high) < NARROW);
  return [driver, ...narrow.map(([name]) => name).filter((name) => name !== driver)];
}

/** Variables whose slopes have limits of their own: those in the argument, beside the driver. */
export function slopedNames({ argument, slopes }: SubstepPlan, driver: string): string[] {
  return [...argument.keys()].filter((name) => name !== driver && slopes.has(name));
}

/** What is tried: large magnitudes first, which currents in pA have. */
const MAGNITUDES = [
  [4096, 1024],
  [512, 256, 128, 64, 16, 4],
];
const EXPONENTIALS = [16, 8, 4, 2, 1, 1 / 2, 1 / 4, 1 / 8, 1 / 16];
/** With a larger offset, too few changes are left. */
const LARGEST_OFFSET = 1 / 64;
/** Ratio of the ends of a cell; a smaller one for the first cells, where errors are near their limit. */
const CELL = 2;
const FINE_CELL = 1.25;
const FINE_CELLS = 4;
/** For what rounding adds to any bound. */
const SLACK = 1 + 1e-9;

export function certainRegion(plan: SubstepPlan, limits: StepLimits): CertainRegion {
  // No neuron is in it.
  const nowhere: CertainRegion = {
    ...{ magnitude: -1, exponential: -1, offset: 1, remainder: -1 },
    ranges: rangedNames(limits).map(() => [0, 0]),
    slopes: slopedNames(plan, limits.driver).map(() => 0),
  };
  if (!plan.increased.has(limits.driver)) return nowhere;
  const rows = new ArgumentRows(plan, limits.driver);
  for (const magnitudes of MAGNITUDES) {
    for (const exponential of EXPONENTIALS) {
      for (const magnitude of magnitudes) {
        const region = new Candidate(plan, rows, limits, magnitude, exponential).region();
        if (region) return region;
      }
    }
  }
  return nowhere;
}

/** Bounds in a cell of exponentials: lists are by place of the stage. */
interface CellBounds {
  readonly d: number;
  readonly g: number;
  /** Of A, q, p, of what in r does not come through H2, and of r. */
  readonly changes: readonly number[];
  readonly q: number;
  readonly p: number;
  readonly rests: readonly number[];
  readonly whole: readonly number[];
}

/** What adds to the argument in the stages: so far in proportion to d, and by what else, with H2 ... H6 and moments. */
class ArgumentRows {
  /** Slopes beside the driver's. */
  readonly others: readonly string[];
  readonly perChange: readonly number[];
  readonly perOther: readonly (readonly number[])[];
  readonly perExcess: readonly (readonly number[])[];
  readonly moments: readonly (readonly number[])[];
  /** The row of stage 2, in which slopes alone have changed the argument: so it tells the driver's slope. */
  readonly first: Row;
  readonly pivot: string;
  /** Slopes beside the driver's that would change the argument by `LARGEST_CHANGE` in the whole step. */
  readonly largestSlopes: ReadonlyMap<string, number>;

  constructor(plan: SubstepPlan, driver: string) {
    const rows: Row[] = [new Map(), ...plan.argumentChanges];
    const pivot = slope(driver);
    const first = rows[EARLY];
    const others = [...plan.slopes.keys()].map(slope).filter((name) => name !== pivot);
    const shares = rows.map((row) => (row.get(pivot) ?? 0) / first.get(pivot)!);
    this.perChange = shares.map((share) => share * NODES[EARLY]);
    this.perOther = rows.map((row, i) =>
      others.map((name) => (row.get(name) ?? 0) - shares[i] * (first.get(name) ?? 0)),
    );
    this.perExcess = rows.map((row) => NODES.map((_, j) => row.get(H(j + 1)) ?? 0));
    this.moments = this.perExcess.map((row) => [0, 1, 2, 3, 4].map((k) => moment(row, k)));
    this.others = others;
    this.first = first;
    this.pivot = pivot;
    this.largestSlopes = new Map(
      slopedNames(plan, driver).map((name) => {
        const perSlope = Math.abs(first.get(slope(name)) ?? 0);
        return [name, (NODES[EARLY] * LARGEST_CHANGE) / perSlope];
      }),
    );
  }
}

/** A region for given magnitude and exponential, if there is one. */
class Candidate {
  /** Of the magnitudes of rows' names. */
  private readonly sizes: ReadonlyMap<string, number>;
  /** Of what slopes beside the driver's add to t, and to r. */
  private readonly offBySlopes: readonly number[];
  private readonly restBySlopes: readonly number[];

  constructor(
    private readonly plan: SubstepPlan,
    private readonly rows: ArgumentRows,
    private readonly limits: StepLimits,
    private readonly magnitude: number,
    private readonly exponential: number,
  ) {
    const { others, perOther, first, pivot } = rows;
    const slopes = this.slopeSizes();
    const bySlopes = (row: readonly number[]): number =>
      sum(row, (c, x) => Math.abs(c) * slopes.get(others[x])!);
    this.offBySlopes = perOther.map(bySlopes);
    this.restBySlopes = perOther.map((row, i) =>
      bySlopes(row.map((c, x) => c - NODES[i] * NODES[i] * perOther[LAST][x])),
    );
    const ofFirst = bySlopes(others.map((name) => first.get(name) ?? 0));
    const steepest = (NODES[EARLY] * LARGEST_CHANGE + ofFirst) / Math.abs(first.get(pivot)!);
    this.sizes = slopes.set(pivot, steepest).set(G(1), exponential).set(CONSTANT, 1);
    for (const stage of LATER_STAGES) {
      slopes.set(A(stage), LARGEST_CHANGE);
      slopes.set(H(stage), exponential * EXCESS * LARGEST_CHANGE);
    }
  }

  /** Of slopes at the step's beginning. */
  private slopeSizes(): Map<string, number> {
    const { plan, rows, exponential } = this;
    return new Map(
      [...plan.slopes].map(([name, row]) => {
        const size = this.ofState(row) + Math.abs(row.get(G(1)) ?? 0) * exponential;
        return [slope(name), Math.min(size, rows.largestSlopes.get(name) ?? size)];
      }),
    );
  }

  /** Of what variables, stimuli and the constant contribute to a row. */
  private ofState(row: Row): number {
    return sum([...row], ([name, c]) => {
      if (isExponential(name)) return 0;
      return Math.abs(c) * (name === CONSTANT ? 1 : this.magnitude);
    });
  }

  /** Of a row of the plan. */
  private ofRow(row: Row): number {
    return sum([...row], ([name, c]) => Math.abs(c) * (this.sizes.get(name) ?? this.magnitude));
  }

  region(): CertainRegion | undefined {
    const { plan, limits, magnitude, exponential } = this;
    if (!this.staysWithin()) return undefined;
    const cells = cellsUpTo(exponential);
    const offs = (cell: Cell) => this.changes(changeAt(cell[0], 0), linearIn(cell), cell[1]).offs;
    const offset = Math.max(...cells.flatMap(offs));
    if (!(offset * SLACK <= LARGEST_OFFSET)) return undefined;
    const estimates = plan.estimates.map((row) => this.estimate(row));
    const isAccurate = (cell: Cell): boolean => {
      const stages = this.stages(changeAt(cell[0], offset), cell);
      return estimates.every((error) => error(stages) * SLACK <= limits.tolerance);
    };
    if (!cells.every(isAccurate)) return undefined;
    return {
      ...{ magnitude, exponential, offset: offset * SLACK * NODES[EARLY] },
      remainder: LARGEST_REMAINDER * power(NODES[EARLY], 8),
      ranges: rangedNames(limits).map((name) => this.range(name)),
      slopes: [...this.rows.largestSlopes.values()],
    };
  }

  /** Where a variable must be, lest it leave its bounds: the driver in any stage, others at the end of the step. */
  private range(name: string): readonly [number, number] {
    const { plan, limits } = this;
    const [low, high] = limits.bounds.get(name) ?? [
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ];
    const isDriver = name === limits.driver;
    const stages = isDriver ? plan.driverChanges : [];
    const reach = Math.max(...[...stages, this.increment(name)].map((row) => this.ofRow(row)));
    const top = isDriver ? Math.min(high, limits.ceiling) : high;
    return [low + reach * SLACK, top - reach * SLACK];
  }

  /** By what a variable changes in a step. */
  private increment(name: string): Row {
    const { plan } = this;
    const solution = plan.solutions.get(name);
    // What is not integrated stays what it is, and jumps have their own look.
    if (solution === undefined || plan.increased.has(name)) return solution ?? new Map();
    return plus(solution, itself(name), -1);
  }

  /** Whether no variable that has no range of its own leaves its bounds. */
  private staysWithin(): boolean {
    const { limits, magnitude } = this;
    const ranged = rangedNames(limits);
    return [...limits.bounds].every(([name, [low, high]]) => {
      const reach = (magnitude + this.ofRow(this.increment(name))) * SLACK;
      return ranged.includes(name) || (-reach >= low && reach <= high);
    });
  }

  /** Of t and A. */
  private changes(d: number, linear: Linear, high: number) {
    const { perChange, perExcess, moments } = this.rows;
    const offs: number[] = [];
    const changes: number[] = [];
    for (const [i, c] of NODES.entries()) {
      const bent = sum(changes, (a, j) => Math.abs(perExcess[i][j]) * (offs[j] + SECOND * a * a));
      const inTime = linear(perChange[i] - c, moments[i][1]);
      offs.push(inTime * d + this.offBySlopes[i] + high * bent);
      changes.push(c * d + offs[i]);
    }
    return { offs, changes };
  }

  private stages(d: number, [low, high]: Cell): CellBounds {
    const { perChange, perExcess, moments } = this.rows;
    const linear = linearIn([low, high]);
    const { offs, changes } = this.changes(d, linear, high);
    const [perTime, perExponential] = [perChange[LAST] - 1, moments[LAST][1]];
    const q = linear(perTime, perExponential) * d + this.offBySlopes[LAST];
    const square = q + (d * d) / 2;
    const p = high * Math.abs(moments[LAST][2]) * square;
    const rests: number[] = [];
    /** Of r, of which `rests` is what does not come through H2. */
    const whole: number[] = [];
    for (const [i, c] of NODES.entries()) {
      const [, first, second, third, fourth] = moments[i];
      const c2 = c * c;
      const inTime = linear(perChange[i] - c - c2 * perTime, first - c2 * perExponential);
      const bySquare = Math.abs(second - c2 * c * moments[LAST][2]) * square;
      const byCubic = Math.abs(third) * (p + d * q) + Math.abs(fourth) * d * p;
      const beyond = sum(whole, (r, j) => {
        const bent = (offs[j] * offs[j]) / 2 + THIRD * power(changes[j], 3);
        return Math.abs(perExcess[i][j]) * ((j === EARLY ? 0 : r) + NODES[j] * d * r + bent);
      });
      rests.push(inTime * d + this.restBySlopes[i] + high * (bySquare + byCubic + beyond));
      const early = i > EARLY ? rests[EARLY] : 0;
      whole.push(high * Math.abs(perExcess[i][EARLY]) * early + rests[i]);
    }
    return { d, g: high, changes, q, p, rests, whole };
  }

  /** Of an error estimate, over variables, stimuli and exponentials. */
  private estimate(row: Row): (stages: CellBounds) => number {
    const perStage = NODES.map((_, i) => row.get(G(i + 1)) ?? 0);
    const moments = [0, 1, 2, 3, 4].map((k) => Math.abs(moment(perStage, k)));
    /** By what comes through H2. */
    const early = NODES.map((_, i) => this.rows.perExcess[i][EARLY] * perStage[i]);
    const earlyMoments = [0, 1].map((k) => Math.abs(moment(early, k)));
    const ofState = this.ofState(row);
    return ({ d, g, changes, q, p, rests, whole }) => {
      const all = d + q + p;
      if (!(Math.max(...changes, all) <= LARGEST_CHANGE)) return Number.POSITIVE_INFINITY;
      const [d2, d3, d4] = [2, 3, 4].map((n) => power(d, n));
      const fourth = (q * q) / 2 + d * p + (d2 * q) / 2 + d4 / 24;
      const powers = [1, d, q + d2 / 2, p + d * q + d3 / 6, fourth];
      const left =
        q * p +
        (p * p) / 2 +
        (power(all, 3) - d3 - 3 * d2 * q) / 6 +
        (power(all, 4) - d4) / 24 +
        FIFTH * power(all, 5);
      const inTime = sum(powers, (power, k) => moments[k] * power) + left * sum(perStage, Math.abs);
      const notInTime = sum(perStage, (f, i) => {
        return Math.abs(f) * (LARGEST * rests[i] + SECOND * whole[i] * whole[i]);
      });
      const bent = q + p + SECOND * all * all;
      const throughEarly =
        g * rests[EARLY] * (earlyMoments[0] + d * earlyMoments[1] + bent * sum(early, Math.abs));
      return ofState + g * (inTime + notInTime + throughEarly);
    };
  }
}

/** An interval of exponentials. */
type Cell = readonly [low: number, high: number];

/** A bound for what is linear in the exponential. */
type Linear = (at0: number, per1: number) => number;

function linearIn([low, high]: Cell): Linear {
  return (at0, per1) => Math.max(Math.abs(at0 + low * per1), Math.abs(at0 + high * per1));
}

/** Cells that cover all exponentials up to the largest, from there. */
function cellsUpTo(largest: number): Cell[] {
  const cells: Cell[] = [];
  let high = largest;
  while (high > LEAST_EXPONENTIAL) {
    const low = high / (cells.length < FINE_CELLS ? FINE_CELL : CELL);
    cells.push([low, high]);
    high = low;
  }
  return [...cells, [0, high]];
}

/** The largest d of the region where the exponential is `g`. */
function changeAt(g: number, offset: number): number {
  const eighth = LARGEST_REMAINDER / Math.max(g, LEAST_EXPONENTIAL);
  return Math.sqrt(Math.sqrt(Math.sqrt(eighth))) - offset;
}

function sum<T>(values: readonly T[], of: (value: T, i: number) => number): number {
  return values.reduce((total, value, i) => total + of(value, i), 0);
}

/** Sum of coefficients of stages times powers of their nodes. */
function moment(perStage: readonly number[], n: number): number {
  return sum(perStage, (value, i) => value * power(NODES[i], n));
}
