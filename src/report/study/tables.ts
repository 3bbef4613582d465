/**
 * Studies as tables. `scaling.csv` has one row per point under the names of beNNch (Albers et al.,
 * Front. Neuroinform. 16 (2022) 837549), whose scripts it is made for: model times in ms, wall times
 * in s, memory in kB. Phases are means over the threads; `threads.csv` has them thread by thread.
 */
import { loadImbalance } from '../../experiment/results.js';
import { type Phase, type Point, phases, type Study } from '../../scaling/study.js';

type Cell = string | number | boolean;
type Column = readonly [name: string, value: (point: Point, study: Study) => Cell];

/** Our phases under beNNch's names; what it has no name for keeps ours. */
const PHASE_NAMES: Readonly<Record<Phase, string>> = {
  update: 'wall_time_phase_update',
  exchange: 'wall_time_phase_communicate',
  deliver: 'wall_time_phase_deliver',
  record: 'wall_time_phase_record',
  wait: 'wall_time_phase_wait',
};

const COLUMNS: readonly Column[] = [
  ['rng_seed', ({ seed }) => seed],
  ['repeat', ({ repeat }) => repeat],
  ['num_nodes', () => 1],
  ['tasks_per_node', () => 1],
  ['threads_per_task', ({ threads }) => threads],
  ['size', ({ size }) => size ?? ''],
  ['model_time_presim', (_, { warmUp }) => warmUp],
  ['model_time_sim', ({ modelTime }) => modelTime],
  ['wall_time_create', ({ wall }) => wall.create],
  ['wall_time_connect', ({ wall }) => wall.connect],
  ['wall_time_presim', ({ wall }) => wall.warmUp],
  ['wall_time_sim', ({ wall }) => wall.simulate],
  ['wall_time_phase_total', (point) => phases.reduce((sum, phase) => sum + mean(point, phase), 0)],
  ...phases.map((phase): Column => [PHASE_NAMES[phase], (point) => mean(point, phase)]),
  ['load_imbalance', ({ threadTimes }) => loadImbalance(threadTimes)],
  ['real_time_factor', ({ wall, modelTime }) => wall.simulate / (modelTime / 1000)],
  ['base_memory', ({ memory }) => kilobytes(memory.base)],
  ['network_memory', ({ memory }) => kilobytes(memory.network)],
  ['total_memory', ({ memory }) => kilobytes(memory.total)],
  ['total_memory_peak', ({ memory }) => kilobytes(memory.peak)],
  ['network_size', ({ nodes }) => nodes],
  ['num_connections', ({ connections }) => connections],
  ['local_spike_counter', ({ spikes }) => spikes],
  ['synaptic_event_counter', ({ synapticEvents }) => synapticEvents],
  ['oversubscribed', ({ oversubscribed }) => oversubscribed],
  ['load', ({ load }) => load],
  ['simulator_version', (_, { machine }) => `isospike ${machine.isospike}`],
  ['digest', ({ digest }) => digest],
];

export function scalingCsv(study: Study): string {
  const rows = study.points.map((point) => COLUMNS.map(([, value]) => value(point, study)));
  return csv([COLUMNS.map(([name]) => name), ...rows]);
}

/** One row per point and thread; all times in s. */
export function threadsCsv({ points }: Study): string {
  const head = ['rng_seed', 'repeat', 'threads_per_task', 'thread', 'wall_time_build'];
  const rows = points.flatMap(({ seed, repeat, threads, threadTimes }) =>
    threadTimes.map((times, thread) => {
      const each = phases.map((phase) => times[phase]);
      return [seed, repeat, threads, thread + 1, times.build, ...each];
    }),
  );
  return csv([[...head, ...phases.map((phase) => PHASE_NAMES[phase])], ...rows]);
}

function mean({ threadTimes }: Point, phase: Phase): number {
  return threadTimes.reduce((sum, times) => sum + times[phase], 0) / threadTimes.length;
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1024);
}

function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\n`).join('');
}

/** Quoted as RFC 4180 asks; a seed may be any word. */
function field(cell: Cell): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
