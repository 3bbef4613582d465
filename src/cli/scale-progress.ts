/** Shows how far a study is: a line that redraws itself on a terminal, a line per point elsewhere. */
import type { StudyProgress } from '../scaling/run-study.js';
import { CLEAR_LINE, DEFAULT_COLUMNS, REDRAW_INTERVAL_MS, type Screen } from './progress.js';
import { bar, leftText } from './progress-line.js';

const BAR = 20;
const LEAST_BAR = 5;

export interface StudyProgressDisplay {
  update(progress: StudyProgress): void;
  /** Says something beside it. */
  note(text: string): void;
  /** Leaves the screen to what comes next. */
  end(): void;
}

/** Without a screen nothing is shown but notes of what went wrong, which go to standard error. */
export function createStudyProgress(
  screen: Screen | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  clock: () => number = () => performance.now(),
): StudyProgressDisplay {
  if (screen === undefined) {
    return { update() {}, note: (text) => process.stderr.write(`${text}\n`), end() {} };
  }
  const redraws = screen.isTTY === true && environment.TERM !== 'dumb';
  return redraws
    ? new TerminalDisplay(screen, !environment.NO_COLOR, clock)
    : new PlainDisplay(screen);
}

/** 'point 3 of 12, 2 threads, seed 1'. */
export function jobText({ task, number, count, plan }: StudyProgress): string {
  const threads = plan.threads === 1 ? '1 thread' : `${plan.threads} threads`;
  const what = task === 'timeline' ? task : `${task} ${number} of ${count}`;
  return `${what}, ${threads}, seed ${plan.seed}`;
}

/** At most `width` characters wide; on narrow terminals the less important is left out. */
export function studyLine(progress: StudyProgress, width: number, colour: boolean): string {
  const { job, jobs, phase, fraction, left } = progress;
  const what = `${jobText(progress)}, ${phase === 'build' ? 'building' : 'simulating'}`;
  const done = (job - 1 + (phase === 'build' ? 0 : fraction)) / jobs;
  const rest = left === undefined ? '' : `  ${leftText(left)}`;
  const room = Math.min(BAR, width - what.length - rest.length - '  []'.length);
  if (room >= LEAST_BAR) return `${what}  ${bar(done, room, colour)}${rest}`;
  return [`${what}${rest}`, what].find((text) => text.length <= width) ?? what.slice(0, width);
}

class TerminalDisplay implements StudyProgressDisplay {
  private last: StudyProgress | undefined;
  private drawnAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly screen: Screen,
    private readonly colour: boolean,
    private readonly clock: () => number,
  ) {}

  update(progress: StudyProgress): void {
    const now = this.clock();
    const same = this.last?.job === progress.job && this.last.phase === progress.phase;
    if (same && now - this.drawnAtMs < REDRAW_INTERVAL_MS) return;
    this.last = progress;
    this.drawnAtMs = now;
    this.draw();
  }

  note(text: string): void {
    this.screen.write(`${CLEAR_LINE}${text}\n`);
    this.draw();
  }

  end(): void {
    if (this.last !== undefined) this.screen.write(CLEAR_LINE);
    this.last = undefined;
  }

  private draw(): void {
    if (this.last === undefined) return;
    const columns = this.screen.columns || DEFAULT_COLUMNS;
    this.screen.write(CLEAR_LINE + studyLine(this.last, columns - 1, this.colour));
  }
}

class PlainDisplay implements StudyProgressDisplay {
  private job = 0;

  constructor(private readonly screen: Screen) {}

  update(progress: StudyProgress): void {
    if (progress.job === this.job) return;
    this.job = progress.job;
    const { left } = progress;
    const rest = left === undefined ? '' : `, ${leftText(left)}`;
    this.screen.write(`${jobText(progress)}${rest}\n`);
  }

  note(text: string): void {
    this.screen.write(`${text}\n`);
  }

  end(): void {}
}
