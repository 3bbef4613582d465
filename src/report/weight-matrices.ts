/** Weights of a connection as matrices, from each source to each target, at times of the run. */
import type { RunResults, WeightColumns } from '../experiment/results.js';
import type { WeightCourses } from './figures/weights-over-time.js';
import { roundStep } from './round.js';
import { absence, matrixNumbering, sideOf } from './sides.js';

const MOST_FRAMES = 201;
/** Cells a side: blocks of neurons are averaged beyond it. */
const MOST_SIDE = 125;
/** Weights are stored in so many steps from the least to the greatest. */
const STEPS = 65534;
const NO_SYNAPSE = 65535;

/** The neurons of a population that have synapses of a connection, from the first to the last. */
export interface MatrixSide {
  readonly name: string;
  /** What they are called on an axis. */
  readonly noun: string;
  /** In the population, counting from 1. */
  readonly first: number;
  readonly count: number;
}

export interface WeightMatrices {
  readonly connection: string;
  readonly rows: number;
  readonly columns: number;
  /** Neurons a row and a column. */
  readonly rowBlock: number;
  readonly columnBlock: number;
  readonly source: MatrixSide;
  readonly target: MatrixSide;
  /** What the numbers of rows and columns are. */
  readonly numbering: string;
  /** What it means if there is no weight. */
  readonly absent: string;
  /** ms, ascending from 0 to the end; only these two if the weights were not recorded. */
  readonly times: Float64Array;
  /** Row by row, matrix by matrix: 0 to 65534 from `low` to `high`, 65535 where no synapse is. */
  readonly cells: Uint16Array;
  readonly low: number;
  readonly high: number;
  /** Greatest change of a cell since the beginning, up or down. */
  readonly mostChange: number;
}

/**
 * Of at least one synapse.
 * @param mostCells of all matrices together; there are two at least, whatever it says
 */
export function weightMatrices(
  results: RunResults,
  connection: WeightColumns,
  courses: WeightCourses | undefined,
  mostCells: number,
): WeightMatrices {
  const { source: sources, target: targets } = connection;
  const [firstSource, source] = matrixSide(results, connection.sourcePopulation, sources);
  const [firstTarget, target] = matrixSide(results, connection.targetPopulation, targets);
  const rowBlock = Math.ceil(source.count / MOST_SIDE);
  const columnBlock = Math.ceil(target.count / MOST_SIDE);
  const rows = Math.ceil(source.count / rowBlock);
  const columns = Math.ceil(target.count / columnBlock);
  const cellOf = new Uint32Array(sources.length);
  for (let i = 0; i < cellOf.length; i++) {
    const row = Math.floor((sources[i]! - firstSource) / rowBlock);
    const column = Math.floor((targets[i]! - firstTarget) / columnBlock);
    cellOf[i] = row * columns + column;
  }
  const most = Math.min(Math.floor(mostCells / (rows * columns)), MOST_FRAMES);
  const times = frameTimes(results, courses === undefined ? 2 : Math.max(most, 2));
  const sums = sumsAt(times, connection, courses, { cellOf, size: rows * columns });
  const absent = absence(results, connection);
  const numbering = matrixNumbering(results, connection);
  const shape = { rows, columns, rowBlock, columnBlock, source, target, absent, numbering };
  return { connection: connection.connection, ...shape, times, ...quantized(sums) };
}

/** The first node id of a side, and what is on it. */
function matrixSide(
  results: RunResults,
  population: string,
  ids: Uint32Array,
): [number, MatrixSide] {
  const { name, noun, firstId } = sideOf(results, population);
  const lowest = ids.reduce((a, b) => Math.min(a, b));
  const highest = ids.reduce((a, b) => Math.max(a, b));
  const side = { name, noun, first: lowest - firstId + 1, count: highest - lowest + 1 };
  return [lowest, side];
}

/** From 0 to the end, at most `most`, a round and equal time apart but for the last. */
function frameTimes({ simulatedTime, resolution }: RunResults, most: number): Float64Array {
  if (most === 2) return Float64Array.of(0, simulatedTime);
  const round = roundStep(simulatedTime / (most - 1));
  const step = Math.max(Math.ceil(round / resolution - 1e-9), 1) * resolution;
  const whole = Math.ceil(simulatedTime / step - 1e-9);
  return Float64Array.from({ length: whole + 1 }, (_, i) => Math.min(i * step, simulatedTime));
}

/** Mean weight of each cell at each time, one after the other; NaN where no synapse is. */
function sumsAt(
  times: Float64Array,
  connection: WeightColumns,
  courses: WeightCourses | undefined,
  { cellOf, size }: { readonly cellOf: Uint32Array; readonly size: number },
): { readonly values: Float64Array; readonly size: number } {
  const counts = new Uint32Array(size);
  for (const cell of cellOf) counts[cell]!++;
  const values = new Float64Array(size * times.length);
  const last = times.length - 1;
  for (let synapse = 0; synapse < cellOf.length; synapse++) {
    const cell = cellOf[synapse]!;
    const part = 1 / counts[cell]!;
    let weight = connection.initial[synapse]!;
    let event = courses?.starts[synapse] ?? 0;
    const end = courses?.starts[synapse + 1] ?? 0;
    for (let frame = 0; frame <= last; frame++) {
      for (; event < end && courses!.times[event]! <= times[frame]!; event++) {
        weight = courses!.weights[event]!;
      }
      // What changed since the last transmission shows at the end.
      const shown = frame === last ? connection.final[synapse]! : weight;
      values[frame * size + cell]! += shown * part;
    }
  }
  for (let i = 0; i < values.length; i++) if (counts[i % size] === 0) values[i] = Number.NaN;
  return { values, size };
}

function quantized({ values, size }: { readonly values: Float64Array; readonly size: number }) {
  let [low, high, mostChange] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    const change = Math.abs(value - values[i % size]!);
    if (change > mostChange) mostChange = change;
  }
  const scale = high > low ? STEPS / (high - low) : 0;
  const cells = new Uint16Array(values.length).fill(NO_SYNAPSE);
  for (let i = 0; i < cells.length; i++) {
    const value = values[i]!;
    if (!Number.isNaN(value)) cells[i] = Math.round((value - low) * scale);
  }
  return { cells, low, high, mostChange };
}
