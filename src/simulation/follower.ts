/** Following a simulation from the outside, between its `simulate` calls, at little cost. */
import type { Observed } from '../engine/observation.js';
import { ValueError } from '../errors/index.js';
import type { WorkerTeam } from '../parallel/worker-team.js';
import type { TimeGrid } from '../units/index.js';
import type { NodeCollection } from './node-collection.js';

/** Nodes whose spikes a recorder notes; of each run of consecutive ids, the first and every n-th after it. */
export interface FollowedRecord {
  /** One node of model spike_recorder. */
  readonly recorder: NodeCollection;
  readonly nodes: NodeCollection;
  readonly every: number;
}

export interface FollowSpec {
  readonly records: readonly FollowedRecord[];
  /** Spikes that one answer holds at most, about; the latest are kept. */
  readonly mostSpikes: number;
  /** Populations whose spikes are counted, recorded or not. */
  readonly populations: readonly NodeCollection[];
}

/** What has happened since the last answer. */
export interface News {
  /** Spikes of the sampled nodes, in no order. */
  readonly senders: Uint32Array;
  /** Stamps in ms. */
  readonly times: Float64Array;
  /** All spikes after this time (ms) are here, none before it: the last answer's, or they were too many. */
  readonly completeAfter: number;
  /** Spikes since the beginning, by population. */
  readonly spikeCounts: readonly number[];
}

/** Throws ValueError. */
export function checkFollowSpec(
  { records, mostSpikes }: FollowSpec,
  deviceOf: (id: number) => string | undefined,
): void {
  const checkWhole = (where: string, value: number): void => {
    if (Number.isInteger(value) && value >= 1) return;
    throw new ValueError(where, value, 'a whole number from 1');
  };
  checkWhole('follow.mostSpikes', mostSpikes);
  for (const { recorder, every } of records) {
    checkWhole('follow.records.every', every);
    if (recorder.length === 1 && deviceOf(recorder.first) === 'spike_recorder') continue;
    throw new ValueError('follow.records.recorder', recorder.model, 'one spike_recorder');
  }
}

export class Follower {
  /** The last step that was told of. */
  private toldStep = 0;

  constructor(
    private readonly spec: FollowSpec,
    private readonly team: WorkerTeam,
    private readonly grid: TimeGrid,
    private readonly queue: <T>(call: () => Promise<T>) => Promise<T>,
    private readonly nowStep: () => number,
  ) {}

  /** The news since the last call; reading them changes nothing, nor what recorders hold. */
  news(): Promise<News> {
    return this.queue(async () => {
      const { records, populations } = this.spec;
      const parts = await this.team.all('observe', {
        after: this.toldStep,
        records: records.map(({ recorder, nodes, every }) => ({
          recorder: recorder.first,
          nodes: nodes.idSet.ranges.map((range) => ({ ...range, every })),
        })),
        mostSpikes: this.share(),
        populations: populations.flatMap(({ idSet }) => idSet.ranges),
      });
      this.toldStep = this.nowStep();
      return this.merge(parts);
    });
  }

  /** Spikes of one recorder on one virtual process. */
  private share(): number {
    return Math.ceil(
      this.spec.mostSpikes / this.team.processes / Math.max(1, this.spec.records.length),
    );
  }

  private merge(parts: readonly Observed[]): News {
    const cut = Math.max(...parts.map((part) => part.completeAfter));
    const senders: number[] = [];
    const times: number[] = [];
    for (const part of parts) {
      part.steps.forEach((step, i) => {
        if (step <= cut) return;
        senders.push(part.senders[i]!);
        times.push(this.grid.ms(step));
      });
    }
    return {
      senders: Uint32Array.from(senders),
      times: Float64Array.from(times),
      completeAfter: this.grid.ms(cut),
      spikeCounts: this.sumCounts(parts),
    };
  }

  /** Workers count by range of ids. */
  private sumCounts(parts: readonly Observed[]): number[] {
    let next = 0;
    return this.spec.populations.map(({ idSet }) => {
      const last = next + idSet.ranges.length;
      let sum = 0;
      for (; next < last; next++) for (const part of parts) sum += part.spikeCounts[next]!;
      return sum;
    });
  }
}
