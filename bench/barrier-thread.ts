/** One thread of the barrier benchmark. */
import { parentPort, workerData } from 'node:worker_threads';
import { exp } from '../src/index.js';
import { Barrier } from '../src/parallel/barrier.js';
import { attachControlWords } from '../src/parallel/control-words.js';

export interface BarrierTask {
  readonly rank: number;
  readonly threads: number;
  readonly crossings: number;
  /** Of work between two crossings, in us. */
  readonly work: number;
  readonly control: SharedArrayBuffer;
  /** Two numbers per thread, one for odd and one for even crossings. */
  readonly slots: SharedArrayBuffer;
}

export interface BarrierTimes {
  /** ms for all rounds, with crossings and without. */
  readonly crossing: number;
  readonly working: number;
  /** Slots of other threads that did not show the crossing just made. */
  readonly wrong: number;
}

const CALIBRATION_ROUNDS = 200_000;
const WARM_UP_CROSSINGS = 2000;

const { rank, threads, crossings, work, control, slots: shared } = workerData as BarrierTask;
const barrier = new Barrier(attachControlWords(control), threads);
const slots = new Int32Array(shared);
let sink = 0;

function compute(rounds: number): void {
  for (let i = 0; i < rounds; i++) sink += exp(-1e-3 * i);
}

function roundsForWork(): number {
  if (work === 0) return 0;
  compute(CALIBRATION_ROUNDS);
  const started = performance.now();
  compute(CALIBRATION_ROUNDS);
  const usPerRound = (1000 * (performance.now() - started)) / CALIBRATION_ROUNDS;
  return Math.round(work / usPerRound);
}

/** Returns how many slots were wrong. */
function cross(from: number, to: number, rounds: number): number {
  let wrong = 0;
  for (let k = from; k < to; k++) {
    compute(rounds);
    slots[2 * rank + (k & 1)] = k;
    barrier.arrive();
    barrier.meet();
    for (let r = 0; r < threads; r++) if (slots[2 * r + (k & 1)] !== k) wrong += 1;
  }
  return wrong;
}

const rounds = roundsForWork();
let wrong = cross(0, WARM_UP_CROSSINGS, rounds);
const started = performance.now();
wrong += cross(WARM_UP_CROSSINGS, WARM_UP_CROSSINGS + crossings, rounds);
const between = performance.now();
// All threads again at the same time, so that they share the cores as before.
for (let k = 0; k < crossings; k++) compute(rounds);
const times: BarrierTimes = {
  crossing: between - started,
  working: performance.now() - between,
  wrong: Number.isFinite(sink) ? wrong : Number.NaN,
};
parentPort!.postMessage(times);
