/** The phases of a run and of its slices, as reports, studies and the live view call and draw them. */
import type { Phase } from '../scaling/study.js';
import type { ColorName } from './colors.js';
import type { RunPhase } from './page/client/live-messages.js';

/** What a run is doing. */
export const RUN_PHASES: Readonly<Record<RunPhase, string>> = {
  build: 'building the network',
  simulate: 'simulating',
  collect: 'collecting results',
  write: 'writing files',
};

interface SlicePhase {
  readonly name: Phase;
  readonly color: ColorName;
  readonly meaning: string;
}

/** Of a slice, as they stand in bars, stacks and tables: work first, then what comes of being several. */
export const SLICE_PHASES: readonly SlicePhase[] = [
  { name: 'update', color: 'blue', meaning: 'neurons advance' },
  { name: 'deliver', color: 'green', meaning: 'spikes reach their targets, weights change' },
  { name: 'record', color: 'orange', meaning: 'multimeters sample' },
  { name: 'exchange', color: 'vermillion', meaning: 'spikes go to the other threads' },
  { name: 'wait', color: 'grey', meaning: 'until the slowest thread is there' },
];
