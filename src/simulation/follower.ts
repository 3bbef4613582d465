/** Following a simulation from the outside, between its `simulate` calls, at little cost. */
import type { IdRange, IdSet } from '../connectivity/id-set.js';
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

/** What is followed, once checked: ids in place of collections. */
interface Followed {
  readonly records: {
    readonly recorder: number;
    readonly nodes: readonly (IdRange & { readonly every: number })[];
  }[];
  readonly mostSpikes: number;
  readonly populations: readonly (readonly IdRange[])[];
}

/**
 * Throws ValueError.
 *
 * @param idSetOf ids of a collection of the simulation, undefined for anything else
 */
export function checkFollowSpec(
  { records, mostSpikes, populations }: FollowSpec,
  idSetOf: (nodes: unknown) => IdSet | undefined,
  deviceOf: (id: number) => string | undefined,
): Followed {
  const checkWhole = (where: string, value: number): void => {
    if (Number.isInteger(value) && value >= 1) return;
    throw new ValueError(where, value, 'a whole number from 1');
  };
  const rangesOf = (where: string, nodes: NodeCollection): readonly IdRange[] => {
    const ids = idSetOf(nodes);
    if (ids) return ids.ranges;
    throw new ValueError(where, nodes, 'a node collection of this simulation');
  };
  checkWhole('follow.mostSpikes', mostSpikes);
  return {
    records: records.map(({ recorder, nodes, every }) => {
      checkWhole('follow.records.every', every);
      const { first } = rangesOf('follow.records.recorder', recorder)[0]!;
      if (recorder.length !== 1 || deviceOf(first) !== 'spike_recorder') {
        throw new ValueError('follow.records.recorder', recorder.model, 'one spike_recorder');
      }
      const ranges = rangesOf('follow.records.nodes', nodes);
      return { recorder: first, nodes: ranges.map((range) => ({ ...range, every })) };
    }),
    mostSpikes,
    populations: populations.map((nodes) => rangesOf('follow.populations', nodes)),
  };
}

export class Follower {
  /** The last step that was told of. */
  #toldStep = 0;
  readonly #followed: Followed;
  readonly #team: WorkerTeam;
  readonly #grid: TimeGrid;
  readonly #queue: <T>(call: () => Promise<T>) => Promise<T>;
  readonly #nowStep: () => number;

  constructor(
    followed: Followed,
    team: WorkerTeam,
    grid: TimeGrid,
    queue: <T>(call: () => Promise<T>) => Promise<T>,
    nowStep: () => number,
  ) {
    this.#followed = followed;
    this.#team = team;
    this.#grid = grid;
    this.#queue = queue;
    this.#nowStep = nowStep;
  }

  /** The news since the last call; reading them changes nothing, nor what recorders hold. */
  news(): Promise<News> {
    return this.#queue(async () => {
      const { records, populations } = this.#followed;
      const parts = await this.#team.all('observe', {
        after: this.#toldStep,
        records,
        mostSpikes: this.#share(),
        populations: populations.flat(),
      });
      this.#toldStep = this.#nowStep();
      return this.#merge(parts);
    });
  }

  /** Spikes of one recorder on one virtual process. */
  #share(): number {
    const { mostSpikes, records } = this.#followed;
    return Math.ceil(mostSpikes / this.#team.processes / Math.max(1, records.length));
  }

  #merge(parts: readonly Observed[]): News {
    const cut = Math.max(...parts.map((part) => part.completeAfter));
    const senders: number[] = [];
    const times: number[] = [];
    for (const part of parts) {
      part.steps.forEach((step, i) => {
        if (step <= cut) return;
        senders.push(part.senders[i]!);
        times.push(this.#grid.ms(step));
      });
    }
    return {
      senders: Uint32Array.from(senders),
      times: Float64Array.from(times),
      completeAfter: this.#grid.ms(cut),
      spikeCounts: this.#sumCounts(parts),
    };
  }

  /** Workers count by range of ids. */
  #sumCounts(parts: readonly Observed[]): number[] {
    let next = 0;
    return this.#followed.populations.map((ranges) => {
      const last = next + ranges.length;
      let sum = 0;
      for (; next < last; next++) for (const part of parts) sum += part.spikeCounts[next]!;
      return sum;
    });
  }
}
