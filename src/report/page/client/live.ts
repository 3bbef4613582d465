/** The live view of a run: entry of its code. */
import { decodeData, pageData } from './data.js';
import type { EndMessage, LiveData, Messages, RunMessage, StateMessage } from './live-messages.js';
import { LiveRaster } from './live-raster.js';
import { LiveRates } from './live-rates.js';
import { LiveWeights } from './live-weights.js';
import { PhaseBars } from './phase-bars.js';
import { startShell } from './shell.js';

const OUTCOMES: Readonly<Record<EndMessage['outcome'], string>> = {
  complete: 'complete',
  incomplete: 'ended before its time',
  nothing: 'ended before it began',
  failed: 'failed',
};

startShell();
const place = (id: string) => document.getElementById(id)!;
const button = (id: string) => document.querySelector<HTMLButtonElement>(`button#${id}`)!;
const facts = new Map<string, HTMLElement>();
const { phases, states } = pageData() as LiveData;
const bars = new PhaseBars(place('phases'), phases);
let views: { raster: LiveRaster; rates: LiveRates; weights: LiveWeights } | undefined;
let state: StateMessage | undefined;
connect();

/** The browser connects again by itself while the run goes on; then it gets the latest of all. */
function connect(): void {
  const source = new EventSource('events');
  const on = <K extends keyof Messages>(kind: K, show: (message: Messages[K]) => void) => {
    source.addEventListener(kind, (event) => show(decodeData(event.data) as Messages[K]));
  };
  on('run', showRun);
  on('state', showState);
  on('network', (network) => {
    views ??= {
      raster: new LiveRaster(network),
      rates: new LiveRates(network),
      weights: new LiveWeights(network),
    };
  });
  on('activity', (activity) => {
    views?.raster.add(activity);
    views?.rates.add(activity);
  });
  on('weights', (weights) => views?.weights.show(weights));
  on('times', (times) => bars.show(times));
  on('end', (end) => {
    source.close();
    showEnd(end);
  });
  source.addEventListener('error', () => {
    place('state').textContent = 'no connection';
    place('outcome').textContent = 'The run may still be going on; its terminal knows.';
    enable({});
  });
  for (const command of ['pause', 'continue', 'stop']) {
    button(command).addEventListener('click', () => send(command));
  }
}

function send(command: string): void {
  const question = 'Stop the run? What has been simulated is written.';
  if (command === 'stop' && !confirm(question)) return;
  // Without an answer the run has ended, which the stream of messages tells.
  fetch(command, { method: 'POST' }).catch(() => undefined);
}

function showRun({ threads }: RunMessage): void {
  fact('Threads', String(threads));
}

function showState(message: StateMessage): void {
  state = message;
  const { phase, paused, timeMs, totalMs, realTimeFactor, recentFactor } = message;
  place('state').textContent = paused ? 'paused' : states[phase];
  place('outcome').textContent = '';
  showProgress(timeMs, totalMs);
  fact('Real-time factor, of late', factor(recentFactor));
  fact('Real-time factor, on average', factor(realTimeFactor));
  const left = realTimeFactor === undefined ? undefined : (totalMs - timeMs) * realTimeFactor;
  fact('Time left', left === undefined ? '-' : duration(left));
  const simulates = phase === 'build' || phase === 'simulate';
  enable({ pause: simulates && !paused, continue: simulates && paused, stop: simulates });
}

function showProgress(timeMs: number, totalMs: number): void {
  const fraction = totalMs > 0 ? timeMs / totalMs : 0;
  document.querySelector<HTMLProgressElement>('#progress')!.value = fraction;
  place('reached').textContent = `${progressOf(timeMs, totalMs)} (${Math.floor(100 * fraction)} %)`;
}

function showEnd({ outcome, text, digest }: EndMessage): void {
  place('state').textContent = OUTCOMES[outcome];
  const isWritten = outcome === 'complete' || outcome === 'incomplete';
  place('outcome').textContent = isWritten ? `Its results are in ${text}.` : text;
  fact('Time left', '-');
  if (digest !== undefined) fact('Digest', digest);
  if (outcome === 'complete' && state) {
    showProgress(state.totalMs, state.totalMs);
  }
  enable({});
}

function enable(enabled: Readonly<Record<string, boolean>>): void {
  for (const id of ['pause', 'continue', 'stop']) button(id).disabled = enabled[id] !== true;
}

/** Sets a value in the list of facts. */
function fact(name: string, value: string): void {
  let shown = facts.get(name);
  if (shown === undefined) {
    const group = document.createElement('div');
    const term = document.createElement('dt');
    term.textContent = name;
    shown = document.createElement('dd');
    group.append(term, shown);
    place('facts').append(group);
    facts.set(name, shown);
  }
  shown.textContent = value;
}

function factor(value: number | undefined): string {
  if (value === undefined) return '-';
  // As `threeDigits` of report/units.ts, which pages do not load.
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Both in the unit of the second. */
function progressOf(timeMs: number, totalMs: number): string {
  if (totalMs < 10_000) return `${timeMs.toFixed(0)} of ${totalMs.toFixed(0)} ms`;
  return `${(timeMs / 1000).toFixed(1)} of ${(totalMs / 1000).toFixed(1)} s`;
}

function duration(ms: number): string {
  const total = Math.ceil(ms / 1000);
  const two = (count: number) => String(Math.floor(count)).padStart(2, '0');
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${two(total % 60)} s`;
  return `${Math.floor(total / 3600)} h ${two((total % 3600) / 60)} min`;
}
