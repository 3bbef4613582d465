/**
 * What the server of a live view tells its page, as server-sent events: the kind of the message, and
 * the message as JSON with typed arrays (`encodeData`). Types alone, which both sides read.
 */

/** What the page knows from the beginning. */
export interface LiveData {
  /** Of weights from low to high: red, green and blue, colour by colour. */
  readonly palette: Uint8Array;
  /** Phases of a slice, as they stand in a bar. */
  readonly phases: readonly { readonly name: string; readonly color: string }[];
  /** In words, what a run is doing. */
  readonly states: Readonly<Record<RunPhase, string>>;
}

export type RunPhase = 'build' | 'simulate' | 'collect' | 'write';

export interface Messages {
  readonly run: RunMessage;
  readonly network: NetworkMessage;
  readonly state: StateMessage;
  readonly activity: ActivityMessage;
  readonly weights: WeightsMessage;
  readonly times: TimesMessage;
  readonly end: EndMessage;
}

export interface RunMessage {
  readonly name: string;
  readonly description: string;
  readonly threads: number;
}

/** A population, or a part of it. */
export interface PopulationMessage {
  readonly name: string;
  readonly size: number;
  /** Of the style sheet: 'var(--blue)'. */
  readonly color: string;
}

/** What of the network is shown. */
export interface NetworkMessage {
  readonly populations: readonly PopulationMessage[];
  /** Recorded nodes: the first, its number in the population from 1, and every n-th after it. */
  readonly rows: readonly (PopulationMessage & {
    readonly first: number;
    readonly firstId: number;
    readonly every: number;
  })[];
  readonly weights?: {
    readonly connection: string;
    readonly source: string;
    readonly target: string;
    readonly unit: string;
    readonly sources: readonly number[];
    readonly targets: readonly number[];
    readonly allSources: number;
    readonly allTargets: number;
  };
}

export interface StateMessage {
  readonly phase: RunPhase;
  readonly paused: boolean;
  /** Biological time reached and asked for, in ms. */
  readonly timeMs: number;
  readonly totalMs: number;
  /** Wall time over biological time, pauses left out: of the whole run, and of late. */
  readonly realTimeFactor?: number;
  readonly recentFactor?: number;
}

/** Spikes since the message before, or since `completeAfterMs`, if that is later. */
export interface ActivityMessage {
  readonly timeMs: number;
  readonly completeAfterMs: number;
  /** Node ids, and times in ms, in no order. */
  readonly senders: Uint32Array;
  readonly times: Float64Array;
  /** Spikes since the beginning, by population. */
  readonly spikeCounts: readonly number[];
}

export interface WeightsMessage {
  readonly timeMs: number;
  /** Source by source; NaN where there is no synapse. */
  readonly weights: Float32Array;
}

export interface TimesMessage {
  /** Wall times of each thread in s, by phase. */
  readonly threads: readonly Readonly<Record<string, number>>[];
}

export interface EndMessage {
  readonly outcome: 'complete' | 'incomplete' | 'nothing' | 'failed';
  /** Where the results are, or what went wrong. */
  readonly text: string;
  readonly digest?: string;
}
