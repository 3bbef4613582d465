/**
 * What a connect call takes on one virtual process, before it is carried out: expected numbers of
 * synapses and rows (see uniform-stage.ts, build.ts), and the bytes that follow from them.
 */
import type { ConnectCall, ConnectionValues } from '../connectivity/connect-call.js';
import { type IdRange, idsFrom } from '../connectivity/id-set.js';
import { connectionCount, type Rule } from '../connectivity/rule-spec.js';
import { pow } from '../math/index.js';
import { synapseModels } from '../models/registry.js';
import { isDistribution, Sampler, streamKey } from '../random/index.js';
import { MEAN_RUN_LENGTH_WORTH_SPLITTING } from './build.js';
import { BATCH_BYTES } from './connection-batch.js';
import { CURRENT_CONNECTION_BYTES } from './currents.js';
import { FOUND_BYTES } from './outdegree-rows.js';
import { POISSON_CONNECTION_BYTES, poissonColumnBytes } from './poisson-columns.js';
import { synapseBytes } from './row.js';
import { STAGED_ROW_BYTES } from './staged-rows.js';
import { isUniform } from './uniform-stage.js';

/** Nodes of one `create` call: a group of neurons, or devices. */
export interface NodeBlockShape extends IdRange {
  /** What spikes or currents that leave it go through; rows if it is not said. */
  readonly sends?: 'poisson' | 'current' | 'trains';
}

export interface CallFootprint {
  readonly connections: number;
  readonly rows: number;
  /** Whether rows have lists of targets; without, their targets are consecutive. */
  readonly listed: boolean;
  /** Whether it is made the quick way. */
  readonly uniform: boolean;
  /** Bytes in the segment, without the rows. */
  readonly segment: number;
  /** Bytes of objects that stay. */
  readonly objects: number;
  /** Bytes outside the segment while the call is carried out. */
  readonly passing: number;
}

/** Samples by which the probabilities of drawn delays are estimated. */
const DELAY_SAMPLES = 4096;

/** Expected footprint on one of `processes` virtual processes, nodes being dealt round robin. */
export function callFootprint(
  call: ConnectCall,
  blocks: readonly NodeBlockShape[],
  processes: number,
  resolution: number,
): CallFootprint {
  const shape = shapeOf(call, blocks, resolution);
  const connections = shape.connections / processes;
  const inRows = connections * (1 - shape.poisson - shape.currents);
  const layout = shape.explicit
    ? explicitLayout(call, processes)
    : expectedLayout(shape, processes);
  const rows = layout.rows * (1 - shape.poisson - shape.currents);
  const columns = { lasts: shape.plastic, targets: layout.listed, positions: layout.positions };
  const poisson = connections * shape.poisson;
  const objects =
    poisson * POISSON_CONNECTION_BYTES + connections * shape.currents * CURRENT_CONNECTION_BYTES;
  return {
    connections,
    rows,
    listed: layout.listed,
    uniform: shape.uniform,
    segment: inRows * synapseBytes(columns) + poissonColumnBytes(poisson),
    objects,
    passing: passingBytes(shape, connections, rows),
  };
}

interface CallShape {
  readonly rule: Rule;
  readonly sources: number;
  readonly targets: number;
  /** Targets by group. */
  readonly pieces: readonly number[];
  readonly selves: number;
  readonly connections: number;
  /** Connections are lists of pairs. */
  readonly explicit: boolean;
  readonly uniform: boolean;
  readonly plastic: boolean;
  /** Probabilities of the combinations of delay and parameters, or that every connection has its own. */
  readonly classes: readonly number[] | 'each';
  /** Fractions of the sources. */
  readonly poisson: number;
  readonly currents: number;
}

function shapeOf(
  call: ConnectCall,
  blocks: readonly NodeBlockShape[],
  resolution: number,
): CallShape {
  const { rule, synapse } = call;
  const [sources, targets] = [idsFrom(call.sources), idsFrom(call.targets)];
  const explicit = call.sources instanceof Uint32Array || call.targets instanceof Uint32Array;
  const devices = blocks.filter(({ sends }) => sends !== undefined);
  const sourcesIn = (some: readonly NodeBlockShape[]): number =>
    some.reduce((sum, block) => sum + common(sources.ranges, block), 0);
  const sending = (kind: NodeBlockShape['sends']): number =>
    sourcesIn(devices.filter(({ sends }) => sends === kind)) / sources.length;
  return {
    rule,
    sources: sources.length,
    targets: targets.length,
    pieces: blocks.map((block) => common(targets.ranges, block)).filter((count) => count > 0),
    selves: explicit
      ? 0
      : blocks.reduce((n, b) => n + commonOf(sources.ranges, targets.ranges, b), 0),
    connections: connectionCount(rule, sources, targets),
    explicit,
    uniform: isUniform(call) && sourcesIn(devices) === 0,
    plastic: synapseModels.get(synapse.model)!.archive !== undefined,
    classes: classesOf(synapse.delay, Object.values(synapse.parameters), resolution),
    poisson: sending('poisson'),
    currents: sending('current'),
  };
}

/** Number of ids that ranges share with a block. */
function common(ranges: readonly IdRange[], block: IdRange): number {
  return ranges.reduce((sum, range) => sum + overlap(range, block).count, 0);
}

function commonOf(a: readonly IdRange[], b: readonly IdRange[], block: IdRange): number {
  return a.reduce((sum, range) => sum + common(b, overlap(range, block)), 0);
}

function overlap(a: IdRange, b: IdRange): IdRange {
  const first = Math.max(a.first, b.first);
  return { first, count: Math.max(0, Math.min(a.first + a.count, b.first + b.count) - first) };
}

function classesOf(
  delay: ConnectionValues,
  parameters: readonly ConnectionValues[],
  resolution: number,
): CallShape['classes'] {
  if (parameters.some((value) => typeof value !== 'number')) return 'each';
  if (typeof delay === 'number') return [1];
  const counts = new Map<number, number>();
  const samples = delayStepsOf(delay, resolution);
  for (let i = 0; i < samples.length; i++)
    counts.set(samples[i], (counts.get(samples[i]) ?? 0) + 1);
  return [...counts.values()].map((count) => count / samples.length);
}

/** The delays of a call in steps: those given, or what a distribution may yield. */
export function delayStepsOf(delay: ConnectionValues, resolution: number): ArrayLike<number> {
  if (typeof delay === 'number') return [delay];
  if (!isDistribution(delay)) return delay;
  const sampler = new Sampler(delay, streamKey(0, 'expected delays'));
  return Float64Array.from({ length: DELAY_SAMPLES }, (_, i) =>
    Math.max(1, Math.round(sampler.sample(i, 0, 0) / resolution)),
  );
}

interface Layout {
  readonly rows: number;
  /** Whether lists of targets, and of places, are kept. */
  readonly listed: boolean;
  readonly positions: boolean;
}

function expectedLayout(shape: CallShape, processes: number): Layout {
  const { pieces, classes, connections } = shape;
  const own = connections / processes;
  const positions = classes !== 'each' && classes.length === 1 ? false : hasTwins(shape, processes);
  if (classes === 'each' || shape.rule.rule === 'one_to_one') {
    return { rows: own, listed: false, positions };
  }
  let rows = 0;
  let listed = false;
  for (const piece of pieces) {
    for (const q of classes) {
      const found = rowsOf(shape, piece, piece / processes, q);
      rows += found.rows;
      listed ||= found.listed;
    }
  }
  // Rows of single synapses need no list.
  return { rows: Math.min(rows, own), listed: listed && own - rows > 0.5, positions };
}

/** Expected rows from all sources to `own` of a piece's targets, of a class with probability `q`. */
function rowsOf(
  { rule, sources: S, targets: T, selves, connections, uniform }: CallShape,
  piece: number,
  own: number,
  q: number,
): Pick<Layout, 'rows' | 'listed'> {
  const atLeastOne = (p: number, tries: number): number => 1 - pow(1 - Math.min(1, p), tries);
  if (rule.rule === 'fixed_outdegree') {
    return { rows: S * atLeastOne((q * own) / T, rule.outdegree), listed: true };
  }
  if (rule.rule === 'fixed_indegree' || rule.rule === 'fixed_total_number') {
    const synapses = (q * connections * own) / T;
    if (rule.allow_multapses) return { rows: S * atLeastOne(1 / S, synapses), listed: true };
  }
  // Of every pair that may be connected, the probability that it is, in this class.
  const density = (q * connections) / (S * T - (rule.allow_autapses ? 0 : selves));
  if (density < 1) {
    const runs = own * density * (1 - density);
    const split = runs * MEAN_RUN_LENGTH_WORTH_SPLITTING < own * density;
    const rows = S * atLeastOne(density, own);
    return split ? { rows: rows * Math.max(1, runs), listed: false } : { rows, listed: true };
  }
  const interrupted = rule.allow_autapses ? 0 : (selves * piece * own) / (T * piece);
  const splits = uniform || own >= 2 * MEAN_RUN_LENGTH_WORTH_SPLITTING;
  return {
    rows: S * Math.min(1, own) + (splits ? interrupted : 0),
    listed: !splits && interrupted > 0,
  };
}

/** Whether pairs are to be expected that are connected twice, with different delays or parameters. */
function hasTwins({ rule, sources, targets, connections, classes }: CallShape, processes: number) {
  if (!rule.allow_multapses || rule.rule === 'one_to_one') return false;
  if (rule.rule === 'all_to_all' || rule.rule === 'pairwise_bernoulli') return false;
  const alike = classes === 'each' ? 0 : classes.reduce((sum, q) => sum + q * q, 0);
  const perPair = connections / (sources * targets);
  return ((sources * targets) / processes) * ((perPair * perPair) / 2) * (1 - alike) > 0.5;
}

/** Of lists of pairs: on the virtual process that gets most. */
function explicitLayout({ sources, targets, synapse }: ConnectCall, processes: number): Layout {
  const [from, to] = [idsFrom(sources), idsFrom(targets)];
  const rows = Array.from({ length: processes }, () => new Map<string, number>());
  for (let i = 0; i < from.length; i++) {
    const parameters = [synapse.delay, ...Object.values(synapse.parameters)];
    const values = parameters.map((value) => (value instanceof Float64Array ? value[i] : 0));
    const key = `${from.id(i)} ${values.join()}`;
    const own = rows[(to.id(i) - 1) % processes];
    own.set(key, (own.get(key) ?? 0) + 1);
  }
  const most = Math.max(...rows.map(({ size }) => size));
  return {
    rows: most,
    listed: rows.some((r) => [...r.values()].some((n) => n > 1)),
    positions: false,
  };
}

function passingBytes(
  { uniform, rule, sources }: CallShape,
  connections: number,
  rows: number,
): number {
  if (!uniform) return connections * BATCH_BYTES;
  const found = rule.rule === 'fixed_outdegree' ? 1.5 * FOUND_BYTES * connections : 0;
  return rows * STAGED_ROW_BYTES + 12 * sources + found;
}
