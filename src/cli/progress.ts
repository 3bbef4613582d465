/** Shows how far a run is: a line that redraws itself on a terminal, a few plain lines elsewhere. */
import type { ProgressInfo } from '../experiment/run-experiment.js';
import {
  type ProgressState,
  phaseSentence,
  progressLine,
  progressSentence,
} from './progress-line.js';

export const REDRAW_INTERVAL_MS = 100;
const SENTENCE_INTERVAL_MS = 5000;
export const DEFAULT_COLUMNS = 80;
export const CLEAR_LINE = '\r\u001b[K';

/** As much of a writable stream as is needed, so that tests can look at what is written. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Progress {
  /** Tells the present state; cheap enough to call often. */
  update(info: ProgressInfo | { readonly phase: 'write' }): void;
  /**
   * The simulation stands still, or goes on.
   * @param told whether it needs a word of its own, where no line shows it
   */
  pause(paused: boolean, told: boolean): void;
  /** Says something beside it. */
  note(text: string): void;
  /** Leaves the screen to what comes next. */
  end(): void;
}

/**
 * @param environment NO_COLOR (no-color.org) and TERM=dumb are heeded
 * @param clock wall time in ms
 */
export function createProgress(
  screen: Screen,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  clock: () => number = () => performance.now(),
): Progress {
  const redraws = screen.isTTY === true && environment.TERM !== 'dumb';
  if (!redraws) return new PlainProgress(screen, clock);
  return new TerminalProgress(screen, !environment.NO_COLOR, clock);
}

export const silentProgress: Progress = { update() {}, pause() {}, note() {}, end() {} };

/** Follows a run and knows its real-time factor. */
class Course {
  private start: { readonly wallMs: number; readonly timeMs: number } | undefined;
  private pausedAtMs = 0;
  private last: ProgressState = { phase: 'build', timeMs: 0, totalMs: 0 };

  constructor(private readonly clock: () => number) {}

  /** The state after this news. */
  follow(info: Parameters<Progress['update']>[0]): ProgressState {
    this.last = { ...this.last, ...info };
    if (this.last.phase === 'simulate') {
      const { timeMs } = this.last;
      const wallMs = this.clock();
      // Building ends some time before the first news of Simulate, hence differences to that.
      this.start ??= { wallMs, timeMs };
      const simulatedMs = timeMs - this.start.timeMs;
      const realTimeFactor = (wallMs - this.start.wallMs) / simulatedMs;
      if (simulatedMs > 0) this.last = { ...this.last, realTimeFactor };
    }
    return this.last;
  }

  /** Time that stands still does not count. */
  pause(paused: boolean): ProgressState {
    const wallMs = this.clock();
    if (paused) this.pausedAtMs = wallMs;
    else if (this.start) {
      const { wallMs: started, timeMs } = this.start;
      this.start = { wallMs: started + wallMs - Math.max(started, this.pausedAtMs), timeMs };
    }
    this.last = { ...this.last, paused };
    return this.last;
  }

  get state(): ProgressState {
    return this.last;
  }
}

class TerminalProgress implements Progress {
  private readonly course: Course;
  private phase: ProgressState['phase'] | undefined;
  private drawnAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly screen: Screen,
    private readonly colour: boolean,
    private readonly clock: () => number,
  ) {
    this.course = new Course(clock);
  }

  update(info: Parameters<Progress['update']>[0]): void {
    const state = this.course.follow(info);
    const now = this.clock();
    if (state.phase === this.phase && now - this.drawnAtMs < REDRAW_INTERVAL_MS) return;
    this.phase = state.phase;
    this.drawnAtMs = now;
    this.draw(state);
  }

  pause(paused: boolean): void {
    const state = this.course.pause(paused);
    if (this.phase !== undefined) this.draw(state);
  }

  note(text: string): void {
    this.screen.write(`${CLEAR_LINE}${text}\n`);
    if (this.phase !== undefined) this.draw(this.course.state);
  }

  end(): void {
    if (this.phase !== undefined) this.screen.write(CLEAR_LINE);
    this.phase = undefined;
  }

  private draw(state: ProgressState): void {
    // Some terminals say 0 columns; a line in the last column would wrap on some others.
    const columns = this.screen.columns || DEFAULT_COLUMNS;
    this.screen.write(CLEAR_LINE + progressLine(state, columns - 1, this.colour));
  }
}

class PlainProgress implements Progress {
  private readonly course: Course;
  private phase: ProgressState['phase'] | undefined;
  private toldAtMs = 0;

  constructor(
    private readonly screen: Screen,
    private readonly clock: () => number,
  ) {
    this.course = new Course(clock);
  }

  update(info: Parameters<Progress['update']>[0]): void {
    const before = this.phase;
    const state = this.course.follow(info);
    this.phase = state.phase;
    if (state.phase !== before) {
      if (before === 'simulate') this.tell(progressSentence(state));
      this.tell(phaseSentence(state));
    } else if (state.phase === 'simulate' && this.clock() - this.toldAtMs >= SENTENCE_INTERVAL_MS) {
      this.tell(progressSentence(state));
    }
  }

  pause(paused: boolean, told: boolean): void {
    this.course.pause(paused);
    if (told) this.tell(paused ? 'paused' : 'continued');
  }

  note(text: string): void {
    this.screen.write(`${text}\n`);
  }

  end(): void {}

  private tell(sentence: string): void {
    this.screen.write(`${sentence}\n`);
    this.toldAtMs = this.clock();
  }
}
