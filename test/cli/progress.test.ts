import { beforeEach, describe, expect, test } from 'vitest';
import { createProgress, type Progress, type Screen } from '../../src/cli/progress.js';

let now = 0;
const clock = () => now;
let written: string[] = [];
const write = (text: string) => written.push(text);
const terminal: Screen = { isTTY: true, columns: 100, write };

beforeEach(() => {
  now = 0;
  written = [];
});

/** A run of 10 s with news every `newsMs` of wall time, at half the speed of real time. */
function course(progress: Progress, newsMs: number): void {
  const totalMs = 10_000;
  progress.update({ phase: 'build', timeMs: 0, totalMs });
  now += 3000;
  for (let timeMs = newsMs / 2; timeMs <= totalMs; timeMs += newsMs / 2) {
    now += newsMs;
    progress.update({ phase: 'simulate', timeMs, totalMs });
  }
  progress.update({ phase: 'collect', timeMs: totalMs, totalMs });
  progress.update({ phase: 'write' });
  progress.end();
}

describe('on a terminal', () => {
  test('one line is drawn again and again, and goes at the end', () => {
    course(createProgress(terminal, {}, clock), 1000);
    expect(written.every((text) => text.startsWith('\r\u001b[K'))).toBe(true);
    expect(written.join('')).not.toContain('\n');
    expect(written[0]).toContain('building the network');
    expect(written[1]).not.toContain('factor');
    expect(written[2]).toMatch(/10 %.*1\.0 of 10 s {2}real-time factor 2\.0 {2}18 s left$/);
    expect(written.slice(-3)).toEqual([
      '\r\u001b[Kcollecting results',
      '\r\u001b[Kwriting files',
      '\r\u001b[K',
    ]);
  });

  test('at most ten times a second', () => {
    course(createProgress(terminal, {}, clock), 10);
    const drawn = written.filter((text) => text.includes('simulating'));
    expect(drawn).toHaveLength(200);
  });

  test('notes stand above the line', () => {
    const progress = createProgress(terminal, {}, clock);
    progress.note('before');
    progress.update({ phase: 'build', timeMs: 0, totalMs: 1 });
    progress.note('meanwhile');
    expect(written).toEqual([
      '\r\u001b[Kbefore\n',
      '\r\u001b[Kbuilding the network',
      '\r\u001b[Kmeanwhile\n',
      '\r\u001b[Kbuilding the network',
    ]);
  });

  test('a pause is shown, and counts neither for the factor nor for the time left', () => {
    const progress = createProgress(terminal, { NO_COLOR: '1' }, clock);
    progress.update({ phase: 'simulate', timeMs: 0, totalMs: 1000 });
    now += 200;
    progress.update({ phase: 'simulate', timeMs: 100, totalMs: 1000 });
    progress.pause(true, true);
    expect(written.at(-1)).toMatch(/paused \[.*0.1 of 1 s/);
    now += 60_000;
    progress.pause(false, true);
    now += 200;
    progress.update({ phase: 'simulate', timeMs: 200, totalMs: 1000 });
    expect(written.at(-1)).toMatch(/simulating \[.*0.2 of 1 s {2}real-time factor 2.0 {2}2 s left/);
  });

  test('ending twice clears once', () => {
    const progress = createProgress(terminal, {}, clock);
    progress.update({ phase: 'write' });
    progress.end();
    progress.end();
    expect(written.slice(1)).toEqual(['\r\u001b[K']);
  });

  test('colours unless NO_COLOR says otherwise', () => {
    course(createProgress(terminal, {}, clock), 1000);
    expect(written.join('')).toContain('\u001b[36m');
    written = [];
    course(createProgress(terminal, { NO_COLOR: '1' }, clock), 1000);
    expect(written.join('')).not.toContain('\u001b[36m');
  });

  test('follows the width', () => {
    const narrow = { ...terminal, columns: 31 };
    const progress = createProgress(narrow, { NO_COLOR: '1' }, clock);
    progress.update({ phase: 'simulate', timeMs: 1, totalMs: 10 });
    expect(written.at(-1)).toBe('\r\u001b[K10 %  1 of 10 ms');
    narrow.columns = 8;
    now += 1000;
    progress.update({ phase: 'simulate', timeMs: 2, totalMs: 10 });
    expect(written.at(-1)).toBe('\r\u001b[K20 %');
    narrow.columns = 0;
    now += 1000;
    progress.update({ phase: 'simulate', timeMs: 3, totalMs: 10 });
    expect(written.at(-1)).toContain('real-time factor');
  });
});

describe('elsewhere', () => {
  test.each<[string, Screen, Record<string, string>]>([
    ['a file', { write }, {}],
    ['a dumb terminal', terminal, { TERM: 'dumb' }],
  ])('%s gets lines now and then', (_, screen, environment) => {
    course(createProgress(screen, environment, clock), 100);
    expect(written).toEqual([
      'building the network\n',
      'simulating 10 s\n',
      'simulated 2.5 of 10 s (25 %), real-time factor 2.0, 15 s left\n',
      'simulated 5.0 of 10 s (50 %), real-time factor 2.0, 10 s left\n',
      'simulated 7.5 of 10 s (75 %), real-time factor 2.0, 5 s left\n',
      'simulated 10.0 of 10 s (100 %), real-time factor 2.0\n',
      'collecting results\n',
      'writing files\n',
    ]);
  });

  test('pauses are lines, unless told otherwise', () => {
    const progress = createProgress({ write }, {}, clock);
    progress.pause(true, true);
    progress.pause(false, true);
    progress.pause(true, true);
    progress.pause(false, false);
    expect(written).toEqual(['paused\n', 'continued\n', 'paused\n']);
  });

  test('notes are lines', () => {
    createProgress({ write }, {}, clock).note('ending');
    expect(written).toEqual(['ending\n']);
  });
});
