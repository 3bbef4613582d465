/**
 * What a scaling study leaves behind, in memory: the hand-over from measuring to writing and drawing
 * (`report/study/`). Times and memory are those of this machine; digests and counts are functions of
 * the experiments and their seeds.
 */
import type { ThreadTimes } from '../simulation/index.js';
import type { Machine } from './machine.js';
import type { Timeline } from './timeline.js';
import type { UslFit } from './usl.js';

export { type Phase, phases } from '../simulation/index.js';

/** Version of this structure as stored in `study.json`; raised when a reader must change. */
export const STUDY_VERSION = 2;

/** How one point came out, measured in a process of its own. */
export interface Measurement {
  readonly digest: string;
  /** Biological time measured, in ms: after the warm-up. */
  readonly modelTime: number;
  /** Wall time in s: making nodes, making connections, the warm-up, all of Simulate after it. */
  readonly wall: {
    readonly create: number;
    readonly connect: number;
    readonly warmUp: number;
    readonly simulate: number;
  };
  /** Of each thread in s: `build` before the warm-up ended, the phases after. */
  readonly threadTimes: readonly ThreadTimes[];
  /** Spikes of neurons and transmissions over connections after the warm-up. */
  readonly spikes: number;
  readonly synapticEvents: number;
  readonly nodes: number;
  readonly connections: number;
  /**
   * Bytes: of the process (resident set) before there was a network, when it was built, at the end,
   * and at most; and what the threads account for themselves.
   */
  readonly memory: {
    readonly base: number;
    readonly network: number;
    readonly total: number;
    readonly peak: number;
    readonly accounted: number;
  };
}

/** What is measured. */
export interface PointPlan {
  readonly threads: number;
  readonly seed: number | string;
  /** Counts from 1. */
  readonly repeat: number;
  /** Value of the parameter that grows with the threads; undefined in strong scaling. */
  readonly size?: number;
}

/** A run of which only the digest counts: of weak scaling, a network on another number of threads. */
export interface Check {
  readonly threads: number;
  readonly seed: number | string;
  readonly size: number;
  readonly digest: string;
}

/** A point or, where there is no repeat, a check. */
export type RunPlan = Omit<PointPlan, 'repeat'> & Partial<Pick<PointPlan, 'repeat'>>;

export interface Point extends PointPlan, Measurement {
  /** More threads than the machine has cores for. */
  readonly oversubscribed: boolean;
  /** Load of the machine (average of a minute) when the point began. */
  readonly load: number;
}

/** Runs of the same experiment and seed whose digests differ. */
export interface Disagreement {
  readonly seed: number | string;
  readonly size?: number;
  readonly digests: readonly { readonly digest: string; readonly points: readonly RunPlan[] }[];
}

export interface Study {
  readonly version: typeof STUDY_VERSION;
  readonly name: string;
  readonly description: string;
  readonly kind: 'strong' | 'weak';
  /** Name of the parameter that grows with the threads, in weak scaling. */
  readonly sizeParameter?: string;
  /** Every point was measured. */
  readonly complete: boolean;
  /** What ended the study, if it was not the user. */
  readonly failure?: string;
  readonly threads: readonly number[];
  readonly repeats: number;
  readonly seeds: readonly (number | string)[];
  /** Biological time discarded at the beginning of each point, in ms. */
  readonly warmUp: number;
  /** The command that repeats the study. */
  readonly command: string;
  readonly machine: Machine;
  /** The experiment with one thread's share, parameters substituted and overrides applied. */
  readonly experiment: unknown;
  /** In the order in which they were measured. */
  readonly points: readonly Point[];
  /** In weak scaling one for each seed, unless the study ended before. */
  readonly checks: readonly Check[];
  readonly disagreements: readonly Disagreement[];
  readonly usl: UslFit;
  /** Of an extra run at the largest number of threads; undefined if the study ended before. */
  readonly timeline?: Timeline;
}
