/**
 * The quick way for the calls that make large networks: all_to_all and fixed degrees between
 * neurons, with one delay and one set of parameters. Synapses are written straight to where they
 * stay, row by row, without being collected and sorted; the result is that of general-stage.ts.
 */
import type { ConnectCall } from '../connectivity/connect-call.js';
import { idsFrom } from '../connectivity/id-set.js';
import type { Rule } from '../connectivity/rule-spec.js';
import { runChecks, type SynapseModel } from '../models/spec.js';
import type { Seed } from '../random/index.js';
import { BulkDraws } from './bulk-draws.js';
import type { Engine } from './engine.js';
import { OutdegreeRows } from './outdegree-rows.js';
import { StagedRows } from './staged-rows.js';
import type { DelayRange, StagedConnections } from './staging.js';

/** Whether one delay, one set of parameters and a rule with a known order serve the whole call. */
export function isUniform({ rule, synapse, sources, targets }: ConnectCall): boolean {
  const numbers = [synapse.delay, ...Object.values(synapse.parameters)];
  return (
    (rule.rule === 'all_to_all' || (isFixedDegree(rule) && rule.allow_multapses)) &&
    numbers.every((value) => typeof value === 'number') &&
    !(synapse.weight instanceof Float64Array) &&
    !(sources instanceof Uint32Array) &&
    !(targets instanceof Uint32Array)
  );
}

function isFixedDegree({ rule }: Rule): boolean {
  return rule === 'fixed_indegree' || rule === 'fixed_outdegree';
}

/** Owned targets that lie in one group and follow each other there. */
interface Piece {
  readonly group: number;
  /** Index within the group of the first. */
  readonly first: number;
  readonly count: number;
  /** Id of the first and its index among all targets; both grow by the number of virtual processes. */
  readonly firstId: number;
  readonly firstTarget: number;
}

export class UniformStage implements StagedConnections {
  readonly delays: DelayRange | undefined;
  private readonly rows = new StagedRows();
  private readonly blocks: ArrayBufferView[] = [];
  private readonly draws: BulkDraws;

  /** Throws BadParametersError or ValueError if drawn weights are not valid. */
  constructor(
    readonly call: ConnectCall,
    readonly model: SynapseModel,
    private readonly engine: Engine,
    seed: Seed,
  ) {
    this.draws = new BulkDraws(engine.segment, engine.kernels, call, seed);
    try {
      if (call.rule.rule === 'fixed_outdegree') this.fixedOutdegree(call.rule.outdegree);
      else {
        for (const piece of this.pieces()) {
          if (call.rule.rule === 'all_to_all') this.allToAll(piece);
          else this.fixedIndegree(piece);
        }
      }
    } catch (error) {
      this.discard();
      throw error;
    } finally {
      this.draws.release();
    }
    const delay = call.synapse.delay as number;
    this.delays = this.rows.length > 0 ? { min: delay, max: delay } : undefined;
  }

  commit(): void {
    const { call, model, engine } = this;
    if (this.rows.length === 0) return;
    const variant = engine.table.variant(
      call,
      model,
      call.synapse.parameters as Readonly<Record<string, number>>,
    ).index;
    engine.table.reserve(this.rows.length);
    const { delay } = call.synapse;
    const row = {
      ...{ source: 0, group: 0, count: 0, targets: 0, contiguous: false, weights: 0, lasts: 0 },
      ...{ call: call.call, delay: delay as number, variant, positions: 0, base: 0 },
    };
    for (let i = 0; i < this.rows.length; i++) {
      this.rows.read(i, row);
      engine.table.addRow(row);
    }
  }

  discard(): void {
    for (const block of this.blocks) this.engine.segment.release(block);
    this.blocks.length = 0;
  }

  private pieces(): Piece[] {
    const { partition, groups } = this.engine;
    const pieces: Piece[] = [];
    let offset = 0;
    for (const range of idsFrom(this.call.targets).ranges) {
      groups.forEach((group, g) => {
        const from = Math.max(partition.countUpTo(range.first - 1), group.firstLocal);
        const to = Math.min(
          partition.countUpTo(range.first + range.count - 1),
          group.firstLocal + group.size,
        );
        if (to <= from) return;
        const firstId = partition.idOf(from);
        const firstTarget = offset + firstId - range.first;
        pieces.push({
          group: g,
          first: from - group.firstLocal,
          count: to - from,
          firstId,
          firstTarget,
        });
      });
      offset += range.count;
    }
    return pieces;
  }

  /** Rows of consecutive targets, in two parts where the source itself is left out. */
  private allToAll(piece: Piece): void {
    const { call, engine, draws } = this;
    const { processes } = engine.partition;
    const sources = idsFrom(call.sources);
    const ids = sources.toArray();
    const selfOf = (source: number): number => {
      const index = (source - piece.firstId) / processes;
      const inside = Number.isInteger(index) && index >= 0 && index < piece.count;
      return !call.rule.allow_autapses && inside ? index : -1;
    };
    const selves = ids.reduce((n, source) => n + (selfOf(source) >= 0 ? 1 : 0), 0);
    const { weights, lasts } = this.allocate(ids.length * piece.count - selves);
    let used = 0;
    const addRun = (source: number, s: number, from: number, to: number): void => {
      if (to <= from) return;
      const count = to - from;
      draws.targetWeights(weights, used, count, piece.firstTarget + from * processes, processes, s);
      this.addRow(piece, source, count, piece.first + from, true, weights, lasts, used);
      used += count;
    };
    ids.forEach((source, s) => {
      const self = selfOf(source);
      addRun(source, s, 0, self < 0 ? piece.count : self);
      if (self >= 0) addRun(source, s, self + 1, piece.count);
    });
    this.checkWeights(weights);
  }

  /**
   * Partners are drawn twice: once to count the targets of each source, once to put each synapse
   * in its place. That is quicker than to keep and sort them, and takes no memory.
   */
  private fixedIndegree(piece: Piece): void {
    const { call, engine, draws } = this;
    if (call.rule.rule !== 'fixed_indegree') return;
    const { indegree, allow_autapses } = call.rule;
    const { processes } = engine.partition;
    const sources = idsFrom(call.sources);
    const selfOf = (j: number): number =>
      allow_autapses ? -1 : sources.indexOf(piece.firstId + j * processes);
    const next = new Uint32Array(sources.length + 1);
    for (let j = 0; j < piece.count; j++) {
      const partners = draws.partners(piece.firstTarget + j * processes, indegree, selfOf(j));
      for (let i = 0; i < indegree; i++) next[partners[i] + 1] += 1;
    }
    for (let s = 0; s < sources.length; s++) next[s + 1] += next[s];
    const starts = next.slice();
    const total = starts[sources.length];
    const { weights, lasts } = this.allocate(total);
    const targets = engine.segment.allocateU32(total, 'targets of synapses');
    this.blocks.push(targets);
    const constant = draws.constantWeight;
    if (constant !== undefined) weights.fill(constant);
    for (let j = 0; j < piece.count; j++) {
      const target = piece.firstTarget + j * processes;
      const partners = draws.partners(target, indegree, selfOf(j));
      if (constant !== undefined) {
        for (let i = 0; i < indegree; i++) targets[next[partners[i]]++] = piece.first + j;
      } else {
        const drawn = draws.partnerWeights(target, indegree);
        for (let i = 0; i < indegree; i++) {
          const at = next[partners[i]]++;
          targets[at] = piece.first + j;
          weights[at] = drawn[i];
        }
      }
    }
    this.checkWeights(weights);
    for (let s = 0; s < sources.length; s++) {
      const count = starts[s + 1] - starts[s];
      const list = targets.byteOffset / 4 + starts[s];
      if (count > 0)
        this.addRow(piece, sources.id(s), count, list, false, weights, lasts, starts[s]);
    }
  }

  /** A source's targets, those of other processes left out, in the order (target, number of the draw). */
  private fixedOutdegree(outdegree: number): void {
    const { call, engine, draws } = this;
    const sources = idsFrom(call.sources);
    const targetIds = idsFrom(call.targets).toArray();
    const locals = this.localIndices(targetIds);
    // Of synapses that are alike, the number of the draw tells nothing.
    const width = draws.constantWeight === undefined ? outdegree : 1;
    const keys = sortableKeys(outdegree, width * engine.groupOfLocal.length);
    const found = new OutdegreeRows();
    for (let s = 0; s < sources.length; s++) {
      const source = sources.id(s);
      const self = call.rule.allow_autapses ? -1 : targetIds.indexOf(source);
      const partners = draws.partners(s, outdegree, self);
      let count = 0;
      for (let i = 0; i < outdegree; i++) {
        const local = locals[partners[i]];
        if (local >= 0) keys[count++] = local * width + (width === 1 ? 0 : i);
      }
      const drawn =
        draws.constantWeight === undefined ? draws.partnerWeights(s, outdegree) : undefined;
      found.add(source, keys.subarray(0, count).sort(), width, drawn ?? draws.constantWeight!);
    }
    const { weights, lasts } = this.allocate(found.length);
    weights.set(found.weights.subarray(0, found.length));
    const targets = engine.segment.allocateU32(found.length, 'targets of synapses');
    this.blocks.push(targets);
    for (const row of found.rows(engine.groups)) {
      const { firstLocal } = engine.groups[row.group];
      for (let j = row.from; j < row.to; j++) targets[j] = found.targets[j] - firstLocal;
      const list = targets.byteOffset / 4 + row.from;
      this.addRow(row, row.source, row.to - row.from, list, false, weights, lasts, row.from);
    }
    this.checkWeights(weights);
  }

  /** Of these nodes, -1 for those of other processes. */
  private localIndices(ids: Uint32Array): Int32Array {
    const { partition } = this.engine;
    return Int32Array.from(ids, (id) => (partition.owns(id) ? partition.localIndex(id) : -1));
  }

  private allocate(count: number): { weights: Float64Array; lasts: Float64Array | undefined } {
    const { segment } = this.engine;
    const weights = segment.allocateF64(count, 'weights');
    this.blocks.push(weights);
    if (!this.model.archive) return { weights, lasts: undefined };
    const lasts = segment.allocateF64(count, 'states of plastic synapses');
    this.blocks.push(lasts);
    return { weights, lasts };
  }

  private addRow(
    piece: Pick<Piece, 'group'>,
    source: number,
    count: number,
    targets: number,
    contiguous: boolean,
    weights: Float64Array,
    lasts: Float64Array | undefined,
    at: number,
  ): void {
    this.rows.push({
      source,
      group: piece.group,
      count,
      targets,
      contiguous,
      weights: weights.byteOffset / 8 + at,
      lasts: lasts ? lasts.byteOffset / 8 + at : 0,
    });
  }

  /** A model's checks of the weight need its extremes alone. */
  private checkWeights(weights: Float64Array): void {
    if (this.model.checks.length === 0 || this.draws.constantWeight !== undefined) return;
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < weights.length; i++) {
      if (weights[i] < lowest) lowest = weights[i];
      if (weights[i] > highest) highest = weights[i];
    }
    if (lowest > highest) return;
    const { name, parameters } = this.call.synapse;
    for (const weight of [lowest, highest]) {
      runChecks(name, this.model.checks, { ...(parameters as Record<string, number>), weight });
    }
  }
}

/** Room for whole numbers below `end`; those of 32 bits are sorted in half the time. */
function sortableKeys(length: number, end: number): Uint32Array | Float64Array {
  return end <= 2 ** 32 ? new Uint32Array(length) : new Float64Array(length);
}
