/**
 * What a viewer is told between two pieces of a run: the latest recorded spikes of some nodes, and
 * how often populations have fired. It reads only, and what it reads and returns is bounded.
 */
import type { IdRange } from '../connectivity/id-set.js';
import type { Engine } from './engine.js';
import type { SpikeRecord } from './records.js';

/** The nodes first, first + every, ... below first + count. */
export interface NodeSample extends IdRange {
  readonly every: number;
}

/** Of one spike recorder: which nodes. */
export interface RecordRequest {
  readonly recorder: number;
  readonly nodes: readonly NodeSample[];
}

export interface ObserveRequest {
  /** Spikes of later steps are asked for. */
  readonly after: number;
  readonly records: readonly RecordRequest[];
  /** Spikes of each recorder at most. */
  readonly mostSpikes: number;
  /** Nodes whose spikes are counted together. */
  readonly populations: readonly IdRange[];
}

export interface Observed {
  readonly senders: Uint32Array;
  readonly steps: Uint32Array;
  /** Spikes of later steps are all there; earlier ones may be missing. */
  readonly completeAfter: number;
  /** Spikes so far of this worker's nodes, by population as requested. */
  readonly spikeCounts: readonly number[];
}

/** Records looked at for one recorder, so that sparse samples of long records stay cheap. */
const MOST_RECORDS = 500_000;

export function observe(engine: Engine, request: ObserveRequest): Observed {
  const { records, populations } = request;
  const senders: number[] = [];
  const steps: number[] = [];
  const complete = records.map(({ recorder, nodes }) => {
    const record = engine.spikeRecords.byRecorder.get(recorder)!;
    return gather(record, nodes, request, engine.longestSlice, senders, steps);
  });
  return {
    senders: Uint32Array.from(senders),
    steps: Uint32Array.from(steps),
    completeAfter: Math.max(request.after, ...complete),
    spikeCounts: populations.map((range) => spikesOf(engine, range)),
  };
}

/** The newest first, until the known ones or a limit is reached; returns the last step that is not all there. */
function gather(
  { steps: allSteps, senders: allSenders }: SpikeRecord,
  nodes: readonly NodeSample[],
  { after, mostSpikes }: ObserveRequest,
  slice: number,
  senders: number[],
  steps: number[],
): number {
  const last = allSteps.length - 1;
  let room = mostSpikes;
  for (let i = last; i >= 0; i--) {
    const step = allSteps.at(i);
    if (step <= after) return step;
    if (last - i === MOST_RECORDS) return latestUpTo(i, allSteps, slice);
    const sender = allSenders.at(i);
    if (!isAmong(nodes, sender)) continue;
    if (room-- === 0) return latestUpTo(i, allSteps, slice);
    senders.push(sender);
    steps.push(step);
  }
  return 0;
}

/** The latest step of the records up to number `i`. In a slice, spikes of generators come after all of neurons. */
function latestUpTo(i: number, steps: SpikeRecord['steps'], slice: number): number {
  const step = steps.at(i);
  let latest = step;
  for (let j = i - 1; j >= 0 && steps.at(j) > step - slice; j--) {
    latest = Math.max(latest, steps.at(j));
  }
  return latest;
}

function isAmong(nodes: readonly NodeSample[], id: number): boolean {
  for (const { first, count, every } of nodes) {
    const index = id - first;
    if (index >= 0 && index < count && index % every === 0) return true;
  }
  return false;
}

function spikesOf({ partition, output }: Engine, { first, count }: IdRange): number {
  const end = partition.countUpTo(first + count - 1);
  let sum = 0;
  for (let local = partition.countUpTo(first - 1); local < end; local++)
    sum += output.counts[local];
  return sum;
}
