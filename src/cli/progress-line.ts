/** Progress in words: one line that fits a terminal, or a sentence. Pure functions. */
import type { RunPhase } from '../experiment/run-experiment.js';
import { RUN_PHASES } from '../report/phases.js';
import { duration } from '../report/units.js';

export interface ProgressState {
  readonly phase: RunPhase | 'write';
  /** Biological time reached and asked for, in ms. */
  readonly timeMs: number;
  readonly totalMs: number;
  /** Whether the simulation stands still. */
  readonly paused?: boolean;
  /** Wall time of Simulate over biological time, pauses left out; undefined until it can be told. */
  readonly realTimeFactor?: number | undefined;
}

const PAUSED = 'paused';
const MIN_BAR = 10;
const MAX_BAR = 30;
const CYAN = '\u001b[36m';
const DEFAULT = '\u001b[39m';

/** At most `width` characters wide; on narrow terminals the less important is left out. */
export function progressLine(state: ProgressState, width: number, colour: boolean): string {
  if (state.phase !== 'simulate') return RUN_PHASES[state.phase].slice(0, width);
  const [percent, time] = [percentage(state), times(state)];
  const texts = [
    [percent, time, factorText(state), timeLeftText(state)],
    [percent, time, timeLeftText(state)],
    [percent, time],
  ].map((parts) => parts.filter((part) => part !== undefined).join('  '));
  const label = state.paused ? PAUSED : RUN_PHASES.simulate;
  for (const before of [`${label} `, '']) {
    for (const text of texts) {
      const room = width - before.length - text.length - '[]  '.length;
      if (room >= MIN_BAR)
        return `${before}${bar(fraction(state), Math.min(room, MAX_BAR), colour)}  ${text}`;
    }
  }
  return [texts.at(-1)!, percent].map((text) => text.trim()).find((t) => t.length <= width) ?? '';
}

/** What is being done now, for logs. */
export function phaseSentence({ phase, totalMs }: ProgressState): string {
  return phase === 'simulate' ? `${RUN_PHASES.simulate} ${duration(totalMs)}` : RUN_PHASES[phase];
}

/** How far Simulate is, for logs. */
export function progressSentence(state: ProgressState): string {
  const parts = [
    `simulated ${times(state)} (${percentage(state).trim()})`,
    factorText(state),
    timeLeftText(state),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** A bar of `width` characters, brackets not counted. */
export function bar(fraction: number, width: number, colour: boolean): string {
  const done = Math.floor(fraction * width);
  const head = done < width ? '>' : '';
  const drawn = ('='.repeat(done) + head).padEnd(width);
  return colour ? `[${CYAN}${drawn}${DEFAULT}]` : `[${drawn}]`;
}

function fraction({ timeMs, totalMs }: ProgressState): number {
  return totalMs > 0 ? Math.min(1, timeMs / totalMs) : 1;
}

function percentage(state: ProgressState): string {
  return `${Math.floor(fraction(state) * 100)} %`.padStart('100 %'.length);
}

/** Reached and total, in the unit of the total and of a width that does not jump about. */
function times({ timeMs, totalMs }: ProgressState): string {
  const total = duration(totalMs);
  const reached = total.endsWith(' ms') ? timeMs.toFixed(0) : (timeMs / 1000).toFixed(1);
  return `${reached} of ${total}`;
}

function factorText({ realTimeFactor: factor }: ProgressState): string | undefined {
  if (factor === undefined) return undefined;
  return `real-time factor ${factor >= 100 ? factor.toFixed(0) : factor.toPrecision(2)}`;
}

/** From the factor so far; nothing at the end, nor once the run has been ended. */
function timeLeftText(state: ProgressState): string | undefined {
  const { phase, timeMs, totalMs, realTimeFactor } = state;
  if (phase !== 'simulate' || realTimeFactor === undefined || timeMs >= totalMs) return undefined;
  return leftText((totalMs - timeMs) * realTimeFactor);
}

/** How long it still takes, from a wall time in ms. */
export function leftText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const two = (count: number) => String(Math.floor(count)).padStart(2, '0');
  if (seconds < 60) return `${seconds} s left`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s left`;
  return `${Math.floor(seconds / 3600)} h ${two((seconds % 3600) / 60)} min left`;
}
