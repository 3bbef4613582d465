/** The course of slices, on processes and an exchange that only note what they are asked for. */
import { describe, expect, test } from 'vitest';
import { Cycle, type VirtualProcess } from '../../src/engine/cycle.js';
import type { ExchangeOutcome, SpikeExchange } from '../../src/engine/spike-exchange.js';

interface Course {
  /** Whether this thread is the last to arrive, by number of the crossing. */
  readonly last: (crossing: number) => boolean;
  /** What is decided at the crossing. */
  readonly outcome?: (crossing: number) => ExchangeOutcome;
  /** The step after which something changes, as told after step `now`. */
  readonly next?: (now: number) => number;
}

function cycleOf({ last, outcome = () => 'continue', next = () => 1000 }: Course) {
  const course: string[] = [];
  let crossing = 0;
  const exchange: SpikeExchange = {
    push: () => {},
    publish: (reached) => course.push(`publish ${reached}`),
    arrive: () => {
      crossing += 1;
      return last(crossing);
    },
    meet: () => course.push('meet'),
    take: () => outcome(crossing),
    lists: [],
  };
  const process = {
    now: 0,
    exchange,
    change: (now: number) => next(now),
    goAhead: () => course.push('ahead'),
    update: (from: number, to: number) => course.push(`update ${from}-${to}`),
    deliver(_: number, to: number, atEnd: boolean) {
      this.now = to;
      course.push(atEnd ? 'deliver, at end' : 'deliver');
    },
  };
  const cycle = new Cycle([process as VirtualProcess], () => 0);
  return { cycle, course };
}

describe('a thread that waits for others goes ahead', () => {
  test('unless it is the last, or no slice follows', () => {
    const { cycle, course } = cycleOf({ last: (crossing) => crossing === 2 });
    expect(cycle.run(7, 2)).toBe(7);
    expect(course).toEqual([
      ...['update 1-2', 'publish 2', 'ahead', 'meet', 'deliver'],
      ...['update 3-4', 'publish 4', 'meet', 'deliver'],
      ...['update 5-6', 'publish 6', 'ahead', 'meet', 'deliver'],
      ...['update 7-7', 'publish 7', 'meet', 'deliver, at end'],
    ]);
  });

  test('also into the slice after which all stop', () => {
    const outcome = (crossing: number) => (crossing === 2 ? 'stop' : 'continue');
    const { cycle, course } = cycleOf({ last: () => false, outcome });
    expect(cycle.run(10, 1)).toBe(3);
    expect(course).toEqual([
      ...['update 1-1', 'publish 1', 'ahead', 'meet', 'deliver'],
      ...['update 2-2', 'publish 2', 'ahead', 'meet', 'deliver'],
      ...['update 3-3', 'publish 3', 'meet', 'deliver, at end'],
    ]);
    expect(cycle.run(1, 1)).toBe(4);
  });
});

test('a slice ends where something changes', () => {
  const { cycle, course } = cycleOf({ last: () => true, next: (now) => (now < 3 ? 3 : 1000) });
  expect(cycle.run(6, 2)).toBe(6);
  expect(course.filter((what) => what.startsWith('update'))).toEqual([
    'update 1-2',
    'update 3-3',
    'update 4-5',
    'update 6-6',
  ]);
});
