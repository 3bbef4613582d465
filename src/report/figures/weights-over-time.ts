/**
 * How the recorded plastic weights moved: each synapse as a thin line, their mean in bold. A
 * weight is constant between transmissions, so the lines are steps.
 */
import type { RunResults, WeightColumns } from '../../experiment/results.js';
import { ON_WHITE } from '../colors.js';
import { sideOf } from '../sides.js';
import { incompleteRemark, withUnit } from '../units.js';
import { bottomAxis, drawPlot, elementMark, leftAxis, type Piece, text } from './compose.js';
import { panelFigure } from './panels.js';
import {
  coordinate,
  evenNumbers,
  ONE_COLUMN,
  plainNumber,
  SMALL_FONT_SIZE,
  timeScale,
} from './style.js';

/** More synapses than this are sampled at equal distances; the mean is over all of them. */
const MOST_LINES = 200;
const MEAN_POINTS = 400;

const PANEL_HEIGHT = 160;
const WEIGHT_TICKS = 5;
/** For the title, with a letter where there are several panels. */
const TITLE_HEIGHT = 10;
const MARGINS = { left: 48, right: 12, top: 18, bottom: 26 } as const;

/** Weights of one connection's synapses as they were transmitted. */
export interface WeightCourses {
  readonly connection: WeightColumns;
  /** Events of synapse i are the range starts[i] ... starts[i + 1] - 1 of times and weights. */
  readonly starts: Uint32Array;
  /** ms */
  readonly times: Float64Array;
  readonly weights: Float64Array;
}

/** Undefined if no weights were recorded. */
export function weightsOverTimeFigure(results: RunResults): string | undefined {
  const courses = weightCourses(results);
  if (courses.length === 0) return undefined;
  return panelFigure({
    items: courses,
    nameOf: ({ connection }) => connection.connection,
    noun: 'recorded connections',
    draw: (course, x, y) => panel(results, course, x, y),
    panelHeight: PANEL_HEIGHT,
    title: { x: MARGINS.left, height: TITLE_HEIGHT },
    remarkAt: { right: MARGINS.right, bottom: 4 },
    banner: incompleteRemark(results),
    description: (names) => `Weights over time of ${names}`,
  });
}

/**
 * Sorts the weight events by synapse; connections without events are left out. An event names
 * its neurons only: where several recorded synapses join the same two neurons, the events of one
 * time belong to them in order of creation, which is the order of both events and synapses.
 */
export function weightCourses(results: RunResults): WeightCourses[] {
  const known = sorted.get(results);
  if (known !== undefined) return known;
  const courses = sortedEvents(results);
  sorted.set(results, courses);
  return courses;
}

/** The figure and the report of a run both ask. */
const sorted = new WeakMap<RunResults, WeightCourses[]>();

function sortedEvents(results: RunResults): WeightCourses[] {
  const { senders, targets, times } = results.weightEvents;
  const recorded = recordedConnections(results);
  const owners = recorded.map(() => ({ events: [] as number[], synapses: [] as number[] }));
  let repeat = 0;
  for (let i = 0; i < times.length; i++) {
    const source = senders[i]!;
    const target = targets[i]!;
    const again =
      times[i] === times[i - 1] && source === senders[i - 1] && target === targets[i - 1];
    repeat = again ? repeat + 1 : 0;
    let ahead = repeat;
    for (let c = 0; c < recorded.length; c++) {
      const first = firstSynapse(recorded[c]!, source, target);
      const count = synapsesBetween(recorded[c]!, first, source, target);
      if (ahead < count) {
        owners[c]!.events.push(i);
        owners[c]!.synapses.push(first + ahead);
        break;
      }
      ahead -= count;
    }
  }
  return recorded
    .map((connection, c) => groupBySynapse(results, connection, owners[c]!))
    .filter((courses) => courses.times.length > 0);
}

/**
 * Which plastic connections are recorded: the results do not say, but events over a pair of
 * neurons that only one connection joins can come from that one alone. Where no pair tells, all
 * plastic connections count as recorded.
 */
function recordedConnections(results: RunResults): WeightColumns[] {
  const plastic = results.weights.filter((w) => w.plastic);
  if (plastic.length < 2) return plastic;
  const { senders, targets } = results.weightEvents;
  const sure = new Set<WeightColumns>();
  for (let i = 0; i < senders.length; i++) {
    const source = senders[i]!;
    const target = targets[i]!;
    const joining = plastic.filter(
      (w) => synapsesBetween(w, firstSynapse(w, source, target), source, target) > 0,
    );
    if (joining.length === 1) sure.add(joining[0]!);
    if (sure.size === plastic.length) break;
  }
  return sure.size === 0 ? plastic : plastic.filter((w) => sure.has(w));
}

/** Index of the first synapse not before (source, target), by bisection of the sorted columns. */
function firstSynapse(columns: WeightColumns, source: number, target: number): number {
  let low = 0;
  let high = columns.source.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const s = columns.source[middle]!;
    if (s < source || (s === source && columns.target[middle]! < target)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function synapsesBetween(columns: WeightColumns, first: number, source: number, target: number) {
  let end = first;
  while (columns.source[end] === source && columns.target[end] === target) end++;
  return end - first;
}

function groupBySynapse(
  results: RunResults,
  connection: WeightColumns,
  owned: { readonly events: readonly number[]; readonly synapses: readonly number[] },
): WeightCourses {
  const starts = new Uint32Array(connection.source.length + 1);
  for (const synapse of owned.synapses) starts[synapse + 1]!++;
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  const next = starts.slice();
  const times = new Float64Array(owned.events.length);
  const weights = new Float64Array(owned.events.length);
  for (let i = 0; i < owned.events.length; i++) {
    const slot = next[owned.synapses[i]!]!++;
    times[slot] = results.weightEvents.times[owned.events[i]!]!;
    weights[slot] = results.weightEvents.weights[owned.events[i]!]!;
  }
  return { connection, starts, times, weights };
}

/**
 * Mean weight of all synapses at `points` + 1 equidistant times from 0 to `end` (ms): every
 * synapse counts with its weight at that time, transmitted or not.
 */
export function meanWeights(courses: WeightCourses, end: number, points: number): Float64Array {
  const { connection, starts, times, weights } = courses;
  const synapses = connection.source.length;
  const mean = new Float64Array(points + 1);
  for (let synapse = 0; synapse < synapses; synapse++) {
    let weight = connection.initial[synapse]!;
    mean[0]! += weight / synapses;
    for (let i = starts[synapse]!; i < starts[synapse + 1]!; i++) {
      const point = Math.min(Math.ceil((times[i]! / end) * points), points);
      mean[point]! += (weights[i]! - weight) / synapses;
      weight = weights[i]!;
    }
  }
  for (let point = 1; point <= points; point++) mean[point]! += mean[point - 1]!;
  return mean;
}

function panel(results: RunResults, courses: WeightCourses, x: number, y: number): Piece[] {
  const pieces = [
    { x: 0, y: 0, markup: coursesPlot(results, courses) },
    ...key(courses.connection.source.length),
  ];
  return pieces.map((piece) => ({ ...piece, x: piece.x + x, y: piece.y + y }));
}

const THIN = { stroke: ON_WHITE.sky, 'stroke-width': 0.35 } as const;
const BOLD = { stroke: ON_WHITE.black, 'stroke-width': 1.2 } as const;

function key(synapses: number): Piece[] {
  const y = MARGINS.top - 7;
  const sample = ({ stroke, 'stroke-width': width }: typeof THIN | typeof BOLD) =>
    `<path d="M0,0H12" stroke="${stroke}" stroke-width="${width}" fill="none"/>`;
  const sampled = synapses > MOST_LINES;
  const single = sampled ? `${MOST_LINES} single synapses` : 'single synapses';
  const mean = sampled ? `mean of all ${synapses}` : `mean of ${synapses}`;
  return [
    { x: MARGINS.left + 8, y: y - 2.5, markup: sample(THIN) },
    text(single, MARGINS.left + 23, y, { size: SMALL_FONT_SIZE }),
    { x: MARGINS.left + 98, y: y - 2.5, markup: sample(BOLD) },
    text(mean, MARGINS.left + 113, y, { size: SMALL_FONT_SIZE }),
  ];
}

function coursesPlot(results: RunResults, courses: WeightCourses): string {
  const { connection } = courses;
  const end = results.simulatedTime;
  const { label, unit } = timeScale(end);
  const synapses = connection.source.length;
  const lines = Math.min(synapses, MOST_LINES);
  const chosen = Array.from({ length: lines }, (_, i) => Math.floor((i * synapses) / lines));
  const mean = meanWeights(courses, end, MEAN_POINTS);
  const [low, high] = weightRange(courses, chosen, mean);
  return drawPlot({
    width: ONE_COLUMN,
    height: PANEL_HEIGHT,
    margins: MARGINS,
    x: { domain: [0, end / unit] },
    y: { domain: [low, high], nice: true },
    marks: [
      elementMark(({ x, y }) => {
        const d = chosen.map((i) => stepPath(courses, i, end, (t) => x(t / unit), y)).join('');
        return { name: 'path', attributes: { d, fill: 'none', ...THIN } };
      }),
      elementMark(({ x, y }) => {
        const steps = Array.from(mean, (weight, i) => {
          const time = (i / MEAN_POINTS) * (end / unit);
          return `H${coordinate(x(time))}V${coordinate(y(weight))}`;
        });
        const d = `M${coordinate(x(0))},${coordinate(y(mean[0]!))}${steps.join('')}`;
        return { name: 'path', attributes: { d, fill: 'none', ...BOLD } };
      }),
      leftAxis({
        label: withUnit('Weight', sideOf(results, connection.targetPopulation).weightUnit),
        labelOffset: 43,
        ticks: WEIGHT_TICKS,
        format: evenNumbers(low, high, WEIGHT_TICKS),
      }),
      bottomAxis({ label, labelOffset: 23, ticks: 5, format: plainNumber }),
    ],
  });
}

/** Least and greatest of what is drawn; widened if all weights are the same. */
function weightRange(
  { connection, starts, weights }: WeightCourses,
  chosen: readonly number[],
  mean: Float64Array,
): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const widen = (weight: number) => {
    if (weight < low) low = weight;
    if (weight > high) high = weight;
  };
  mean.forEach(widen);
  for (const synapse of chosen) {
    widen(connection.initial[synapse]!);
    widen(connection.final[synapse]!);
    weights.subarray(starts[synapse]!, starts[synapse + 1]!).forEach(widen);
  }
  const spare = low === high ? Math.abs(low) * 0.1 || 1 : 0;
  return [low - spare, high + spare];
}

/** Steps finer than a tenth of a point are passed over: of those only the last is seen. */
function stepPath(
  { connection, starts, times, weights }: WeightCourses,
  synapse: number,
  end: number,
  x: (time: number) => number,
  y: (weight: number) => number,
): string {
  let path = `M${coordinate(x(0))},${coordinate(y(connection.initial[synapse]!))}`;
  const last = starts[synapse + 1]! - 1;
  for (let i = starts[synapse]!; i <= last; i++) {
    const tenth = Math.floor(x(times[i]!) * 10);
    if (i < last && Math.floor(x(times[i + 1]!) * 10) === tenth) continue;
    path += `H${coordinate(x(times[i]!))}V${coordinate(y(weights[i]!))}`;
  }
  return `${path}H${coordinate(x(end))}V${coordinate(y(connection.final[synapse]!))}`;
}
