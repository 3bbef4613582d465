import { describe, expect, test } from 'vitest';
import { createStudyProgress, jobText, studyLine } from '../../src/cli/scale-progress.js';
import type { StudyProgress } from '../../src/scaling/run-study.js';

function progress(changes: Partial<StudyProgress> = {}): StudyProgress {
  const plan = { threads: 2, seed: 1, repeat: 1 };
  const place = { task: 'point', number: 3, count: 12, job: 3, jobs: 16 } as const;
  return { ...place, plan, phase: 'simulate', fraction: 0.5, left: 90_000, ...changes };
}

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 80, write: (text: string) => written.push(text) };
}

describe('a line', () => {
  test('tells the point, how much is done, and what is left', () => {
    expect(jobText(progress())).toBe('point 3 of 12, 2 threads, seed 1');
    const check = { task: 'check', number: 1, count: 3, job: 13 } as const;
    expect(jobText(progress(check))).toBe('check 1 of 3, 2 threads, seed 1');
    const timeline = { task: 'timeline', number: 1, count: 1, job: 16 } as const;
    expect(jobText(progress(timeline))).toBe('timeline, 2 threads, seed 1');
    expect(studyLine(progress(), 90, false)).toBe(
      'point 3 of 12, 2 threads, seed 1, simulating  [===>                ]  1 min 30 s left',
    );
  });

  test.each([100, 80, 60, 50, 40, 20, 5])('fits %i columns', (width) => {
    for (const left of [undefined, 90_000]) {
      const { left: _, ...rest } = progress();
      const news = left === undefined ? rest : { ...rest, left };
      expect(studyLine(news, width, false).length).toBeLessThanOrEqual(width);
    }
  });
});

describe('on a terminal', () => {
  test('one line is drawn again and again, not more often than needed', () => {
    const tty = screen(true);
    let now = 0;
    const display = createStudyProgress(tty, { NO_COLOR: '1' }, () => now);
    display.update(progress());
    display.update(progress({ fraction: 0.6 }));
    expect(tty.written).toHaveLength(1);
    now = 200;
    display.update(progress({ fraction: 0.7 }));
    display.note('something');
    display.end();
    const clear = '\r\u001b[K';
    expect(tty.written.every((text) => text.startsWith(clear))).toBe(true);
    expect(tty.written.filter((text) => text.includes('point 3'))).toHaveLength(3);
    expect(tty.written).toContain(`${clear}something\n`);
    expect(tty.written.at(-1)).toBe(clear);
  });
});

describe('elsewhere', () => {
  test('each point is one line', () => {
    const log = screen(false);
    const display = createStudyProgress(log, {});
    display.update(progress());
    display.update(progress({ fraction: 0.9 }));
    display.update(progress({ number: 4, job: 4, left: 1000 }));
    display.note('something');
    display.end();
    expect(log.written).toEqual([
      'point 3 of 12, 2 threads, seed 1, 1 min 30 s left\n',
      'point 4 of 12, 2 threads, seed 1, 1 s left\n',
      'something\n',
    ]);
  });
});
