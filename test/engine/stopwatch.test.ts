import { describe, expect, test } from 'vitest';
import { Stopwatch } from '../../src/engine/stopwatch.js';
import { Points } from '../math/points.js';

/** A clock that stands still unless told otherwise, and how often it was looked at. */
function handClock() {
  const state = { ms: 0, looks: 0 };
  const clock = (): number => {
    state.looks += 1;
    return state.ms;
  };
  return { state, clock };
}

/** Slices of two phases; `duration` tells what a phase of a slice takes, in ms. */
function timed(slices: number, duration: (phase: number, slice: number) => number) {
  const { state, clock } = handClock();
  const stopwatch = new Stopwatch(clock, 2);
  stopwatch.start();
  for (let slice = 0; slice < slices; slice++) {
    stopwatch.begin();
    for (const phase of [0, 1]) {
      state.ms += duration(phase, slice);
      stopwatch.lap(phase);
    }
  }
  stopwatch.stop();
  return { times: [0, 1].map((phase) => stopwatch.milliseconds(phase)), looks: state.looks };
}

test('long slices are all timed, to the last digit', () => {
  const { times } = timed(1000, (phase, slice) => (phase === 0 ? 1 : slice % 2));
  expect(times).toEqual([1000, 500]);
});

describe('of short slices', () => {
  test('a few are looked at, and their phases add up to the whole', () => {
    const { times, looks } = timed(100_000, (phase) => (phase === 0 ? 0.003 : 0.001));
    expect(times[0]).toBeCloseTo(300, 6);
    expect(times[1]).toBeCloseTo(100, 6);
    // A look is taken to cost 100 ns; of these 400 ms they may cost 0.5 %.
    expect(looks * 1e-4).toBeLessThan(0.005 * 400 + 100 * 1e-4);
    expect(looks * 1e-4).toBeGreaterThan(0.001 * 400);
  });

  test.each([2, 4, 5, 8, 10, 15, 16, 20, 100])(
    'what comes in every %ith is not missed',
    (every) => {
      const { times } = timed(200_000, (phase, slice) =>
        phase === 0 ? 0.001 : slice % every === every - 1 ? 0.001 * every : 0,
      );
      expect(times[1]! / times[0]!).toBeCloseTo(1, 1);
    },
  );
});

describe('long slices among short ones', () => {
  const points = new Points(7);
  const isHeavy = points.uniform(200_000, 0, 1).map((u) => (u < 0.02 ? 1 : 0));

  test.each<[string, (slice: number) => number]>([
    ['every tenth', (slice) => (slice % 10 === 9 ? 1 : 0.001)],
    ['one in fifty, at random', (slice) => (isHeavy[slice] === 1 ? 1 : 0.001)],
    ['bursts', (slice) => (slice % 500 < 50 ? 5 : 0.001)],
    ['every 1000th', (slice) => (slice % 1000 === 999 ? 1 : 0.001)],
  ])('%s', (_, ofSecond) => {
    const { times } = timed(200_000, (phase, slice) => (phase === 0 ? 0.001 : ofSecond(slice)));
    const second = Array.from({ length: 200_000 }, (_, slice) => ofSecond(slice));
    const expected = second.reduce((sum, ms) => sum + ms, 0);
    expect(times[0]! + times[1]!).toBeCloseTo(200 + expected, 3);
    expect(times[1]! / expected).toBeGreaterThan(0.9);
    expect(times[1]! / expected).toBeLessThan(1.1);
  });
});

test('what comes at the same slices of every run is not missed', () => {
  const { state, clock } = handClock();
  const stopwatch = new Stopwatch(clock, 2);
  for (let run = 0; run < 200; run++) {
    stopwatch.start();
    for (let slice = 0; slice < 1000; slice++) {
      stopwatch.begin();
      state.ms += 0.001;
      stopwatch.lap(0);
      state.ms += slice % 100 === 99 ? 0.03 : 0.001;
      stopwatch.lap(1);
    }
    stopwatch.stop();
  }
  const second = 200 * (990 * 0.001 + 10 * 0.03);
  expect(stopwatch.milliseconds(0) + stopwatch.milliseconds(1)).toBeCloseTo(200 + second, 6);
  expect(stopwatch.milliseconds(1) / second).toBeGreaterThan(0.9);
  expect(stopwatch.milliseconds(1) / second).toBeLessThan(1.1);
});

test('what holds up one slice is not taken for what happens to those it stands for', () => {
  const short = (phase: number) => (phase === 0 ? 0.003 : 0.001);
  for (const heldUp of Array.from({ length: 70 }, (_, i) => 50_000 + i)) {
    const { times } = timed(100_000, (phase, slice) =>
      slice === heldUp && phase === 1 ? 10 : short(phase),
    );
    expect(times[0]! + times[1]!).toBeCloseTo(410, 2);
    expect(times[1]!).toBeGreaterThan(100);
    expect(times[1]!).toBeLessThan(111);
  }
});

test('the first slices, which take longer, do not tell how the others divide', () => {
  for (let hitch = 100; hitch < 160; hitch++) {
    const { times } = timed(50_000, (phase, slice) => {
      if (phase === 0) return 0.001;
      return slice === hitch ? 2 : slice < 1000 ? 0.01 : 0.001;
    });
    expect(times[1]).toBeGreaterThan(0.9 * (2 + 10 + 49));
    expect(times[1]).toBeLessThan(1.1 * (2 + 10 + 49));
  }
});

test('pieces of time between runs count for nothing', () => {
  const { state, clock } = handClock();
  const stopwatch = new Stopwatch(clock, 1);
  for (let run = 0; run < 3; run++) {
    stopwatch.start();
    stopwatch.begin();
    state.ms += 2;
    stopwatch.lap(0);
    stopwatch.stop();
    state.ms += 1000;
  }
  expect(stopwatch.milliseconds(0)).toBe(6);
});

test('before anything ran all times are 0', () => {
  expect(new Stopwatch(() => 5, 1).milliseconds(0)).toBe(0);
});

describe('traced', () => {
  const RUN_MS = 25 + (99 * 50) / 1024;
  /** Runs of 100 slices whose phases take 0.25 and slice / 1024 ms. */
  function runs() {
    const { state, clock } = handClock();
    const stopwatch = new Stopwatch(clock, 2);
    const run = () => {
      stopwatch.start();
      for (let slice = 0; slice < 100; slice++) {
        stopwatch.begin();
        state.ms += 0.125;
        stopwatch.lap(0);
        state.ms += slice / 1024;
        stopwatch.lap(1);
        state.ms += 0.125;
        stopwatch.lap(0);
      }
      stopwatch.stop();
    };
    return { stopwatch, run };
  }
  /** Of run 0, 1, ...: beginning and phases of each slice. */
  function ofRun(number: number): number[] {
    let began = number * RUN_MS;
    return Array.from({ length: 100 }, (_, slice) => {
      const entry = [began, 0.25, slice / 1024];
      began += 0.25 + slice / 1024;
      return entry;
    }).flat();
  }

  test('tells when every slice began from then on, and its phases', () => {
    const { stopwatch, run } = runs();
    run();
    expect(stopwatch.trace()).toEqual(new Float64Array(0));
    run();
    run();
    expect(Array.from(stopwatch.trace())).toEqual([...ofRun(1), ...ofRun(2)]);
    run();
    expect(Array.from(stopwatch.trace())).toEqual(ofRun(3));
  });
});

test('a run of few short slices has phases, too', () => {
  const { state, clock } = handClock();
  const stopwatch = new Stopwatch(clock, 2);
  const run = (slices: number) => {
    stopwatch.start();
    for (let slice = 0; slice < slices; slice++) {
      stopwatch.begin();
      for (const phase of [0, 1]) {
        state.ms += phase === 0 ? 0.0003 : 0.0001;
        stopwatch.lap(phase);
      }
    }
    stopwatch.stop();
  };
  // One in a hundred or more is timed by then.
  run(100_000);
  const before = [0, 1].map((phase) => stopwatch.milliseconds(phase));
  run(50);
  const [update, rest] = [0, 1].map((phase) => stopwatch.milliseconds(phase) - before[phase]!);
  expect(update).toBeCloseTo(50 * 0.0003, 9);
  expect(rest).toBeCloseTo(50 * 0.0001, 9);
});
