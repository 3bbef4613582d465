/**
 * Comparison of an outcome with the expected one. Every function returns the largest deviation and
 * throws an error that names the first place where it exceeds the tolerance. Deviations are the
 * smaller of the absolute and the relative one.
 */
import type { Outcome, Spikes, Trace, WeightEvents } from './scenario.js';

/** What agreement means for one reference file. */
export interface Tolerances {
  readonly weight: number;
  /** For the traces of a node. */
  readonly trace: (node: number) => TraceTolerance;
}

/** `nearSpike` holds up to 1 ms before and after a spike of the node, `tolerance` elsewhere. */
export interface TraceTolerance {
  readonly tolerance: number;
  readonly nearSpike: number;
}

const NEAR_SPIKE_MS = 1;

/**
 * The tolerances for a reference file. A spike's upstroke magnifies rounding, so traces of the
 * nonlinear neurons are compared more leniently around spikes; node 6 of neuron-traces integrates
 * with an error tolerance of 1e-9, whose step control reacts to rounding everywhere.
 */
export function referenceTolerances(name: string): Tolerances {
  return {
    weight: name.startsWith('stdp') ? 1e-9 : 1e-10,
    trace: (node) => {
      if (name === 'neuron-traces' && node === 6) return { tolerance: 1e-7, nearSpike: 1e-7 };
      return { tolerance: 1e-9, nearSpike: name === 'iaf-traces' ? 1e-9 : 1e-6 };
    },
  };
}

/** |actual - expected|, divided by |expected| where that is above 1; Infinity if not a number. */
export function deviation(actual: number | undefined, expected: number): number {
  const difference = Math.abs((actual ?? NaN) - expected) / Math.max(1, Math.abs(expected));
  return Number.isNaN(difference) ? Infinity : difference;
}

/** Same spikes, whatever their order within a step; returns 0. */
export function compareSpikes(actual: Spikes, expected: Spikes): number {
  const rows = sortedRows(actual.step, actual.sender);
  const expectedRows = sortedRows(expected.step, expected.sender);
  const show = (row: number[] | undefined) =>
    row === undefined ? 'no spike' : `node ${row[1]} in step ${row[0]}`;
  for (let i = 0; i < Math.max(rows.length, expectedRows.length); i++) {
    if (show(rows[i]) === show(expectedRows[i])) continue;
    throw new Error(
      `spike ${i + 1} of ${expectedRows.length}: expected ${show(expectedRows[i])}, got ` +
        `${show(rows[i])} (${rows.length} in all)`,
    );
  }
  return 0;
}

/** The same transmissions with the same weights. */
export function compareWeightEvents(
  actual: WeightEvents,
  expected: WeightEvents,
  tolerance: number,
): number {
  const rows = sortedRows(actual.step, actual.source, actual.target, actual.weight);
  const expectedRows = sortedRows(expected.step, expected.source, expected.target, expected.weight);
  const show = ([step, source, target]: number[]) => `${source} -> ${target} in step ${step}`;
  const worst = new Worst(tolerance);
  expectedRows.forEach((row, i) => {
    const got = rows[i];
    if (got === undefined || show(got) !== show(row)) {
      const instead = got === undefined ? 'none' : show(got);
      throw new Error(`weight event ${i + 1}: expected ${show(row)}, got ${instead}`);
    }
    worst.see(got[3], row[3]!, () => `weight event ${i + 1}, ${show(row)}`);
  });
  if (rows.length !== expectedRows.length) {
    throw new Error(`${rows.length} weight events, expected ${expectedRows.length}`);
  }
  return worst.deviation;
}

/** Weights that belong together by position. */
export function compareValues(
  what: string,
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
): number {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: ${actual.length} values, expected ${expected.length}`);
  }
  const worst = new Worst(tolerance);
  expected.forEach((value, i) => {
    worst.see(actual[i], value, () => `${what}[${i}]`);
  });
  return worst.deviation;
}

/** Weight events (where expected) and final weights. */
export function compareWeights(actual: Outcome, expected: Outcome, tolerance: number): number {
  const none = { step: [], source: [], target: [], weight: [] };
  const ofEvents =
    expected.weight_events === undefined
      ? 0
      : compareWeightEvents(actual.weight_events ?? none, expected.weight_events, tolerance);
  if (actual.final_weights.length !== expected.final_weights.length) {
    throw new Error(
      `${actual.final_weights.length} final weights, expected ${expected.final_weights.length}`,
    );
  }
  const found = new Map(actual.final_weights);
  const ofFinal = expected.final_weights.map(([index, weights]) =>
    compareValues(
      `final weight of connection ${index}`,
      found.get(index) ?? [],
      weights,
      tolerance,
    ),
  );
  return Math.max(ofEvents, ...ofFinal);
}

/** The largest deviations of traces, apart from and near to spikes. */
export interface TraceDeviation {
  readonly apart: number;
  readonly nearSpike: number;
}

/**
 * Every expected node, variable and step; the actual traces may hold more steps (they have the last
 * one, which the expected ones lack).
 *
 * @param spikes those of the expected outcome: near them the wider tolerance holds
 * @param resolution in ms
 */
export function compareTraces(
  actual: Readonly<Record<string, Trace>>,
  expected: Readonly<Record<string, Trace>>,
  spikes: Spikes,
  resolution: number,
  toleranceOf: Tolerances['trace'],
): TraceDeviation {
  let apart = 0;
  let nearSpike = 0;
  for (const [node, trace] of Object.entries(expected)) {
    const tolerance = toleranceOf(Number(node));
    const isNear = nearSpikesOf(Number(node), spikes, Math.round(NEAR_SPIKE_MS / resolution));
    const worstApart = new Worst(tolerance.tolerance);
    const worstNear = new Worst(tolerance.nearSpike);
    const rowOfStep = new Map(actual[node]?.step?.map((step, row) => [step, row]));
    for (const [variable, values] of Object.entries(trace)) {
      if (variable === 'step') continue;
      const column = actual[node]?.[variable] ?? [];
      values.forEach((value, i) => {
        const step = trace.step![i]!;
        const worst = isNear(step) ? worstNear : worstApart;
        const row = rowOfStep.get(step);
        const got = row === undefined ? undefined : column[row];
        worst.see(got, value, () => `${variable} of node ${node} in step ${step}`);
      });
    }
    apart = Math.max(apart, worstApart.deviation);
    nearSpike = Math.max(nearSpike, worstNear.deviation);
  }
  return { apart, nearSpike };
}

function nearSpikesOf(node: number, spikes: Spikes, distance: number): (step: number) => boolean {
  const own = spikes.step.filter((_, i) => spikes.sender[i] === node);
  return (step) => own.some((spike) => Math.abs(spike - step) <= distance);
}

/** Keeps the largest deviation and refuses one above the tolerance. */
class Worst {
  deviation = 0;

  constructor(private readonly tolerance: number) {}

  see(actual: number | undefined, expected: number, where: () => string): void {
    const found = deviation(actual, expected);
    if (found > this.tolerance) {
      throw new Error(
        `${where()}: expected ${expected}, got ${actual}: deviation ${found.toExponential(2)} is ` +
          `above ${this.tolerance}`,
      );
    }
    this.deviation = Math.max(this.deviation, found);
  }
}

/** The rows of a table of columns, in lexicographic order. */
function sortedRows(...columns: (readonly number[])[]): number[][] {
  const rows = columns[0]!.map((_, i) => columns.map((column) => column[i]!));
  const compare = (a: number[], b: number[]) => {
    const differing = a.findIndex((value, i) => value !== b[i]);
    return differing < 0 ? 0 : a[differing]! - b[differing]!;
  };
  return rows.sort(compare);
}
