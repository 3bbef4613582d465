/**
 * The live view of a run: a page on this machine that shows what the simulation is doing, and from
 * which it can be paused, continued and stopped. It looks at the network between two pieces of the
 * simulation, only while a page is open, and not more often than costs a small part of the time.
 */
import type { NetworkView } from '../experiment/network-view.js';
import type { Watcher } from '../experiment/watch.js';
import type {
  EndMessage,
  RunMessage,
  RunPhase,
  StateMessage,
} from '../report/page/client/live-messages.js';
import { networkMessage } from './network-message.js';
import { Pace } from './pace.js';
import { livePage } from './page.js';
import { RunStopwatch } from './run-stopwatch.js';
import { type LocalServer, openServer, type Routes } from './server.js';
import { Stream } from './stream.js';

export interface LiveViewOptions {
  readonly run: RunMessage;
  /** Aborted when the run is to end; a pause ends with it. */
  readonly signal: AbortSignal;
  /** Somebody wants the run to end. */
  readonly onStop: () => void;
  readonly onPause: (paused: boolean, cause: PauseCause) => void;
  /** How long a paused run waits for a page while none is open, in ms. */
  readonly graceMs?: number;
}

/** Why a run stands still or goes on: a page said so, no page was open for too long, the run ends. */
export type PauseCause = 'page' | 'no page' | 'end';

/** Long enough for a page to be loaded anew. */
export const GRACE_MS = 10_000;

/** The first is how often a page moves; the others change more slowly, or cost more. */
const ACTIVITY = { intervalMs: 200, share: 0.01 };
const WEIGHTS = { intervalMs: 500, share: 0.005 };
const TIMES = { intervalMs: 1000, share: 0.005 };
/** For pages to take their last messages. */
const PATIENCE_MS = 500;

export class LiveView implements Watcher {
  private readonly stream = new Stream(
    () => this.onReader(),
    () => this.awaitPage(),
  );
  private readonly stopwatch = new RunStopwatch(wallMs);
  private readonly paces = {
    activity: paceOf(ACTIVITY),
    weights: paceOf(WEIGHTS),
    times: paceOf(TIMES),
  };
  private server: LocalServer | undefined;
  private view: { readonly network: NetworkView; readonly interrupt: () => void } | undefined;
  private state: StateMessage = { phase: 'build', paused: false, timeMs: 0, totalMs: 0 };
  private timer: NodeJS.Timeout | undefined;
  /** Runs while the run is paused and no page is open. */
  private grace: NodeJS.Timeout | undefined;
  /** The biological time that pages have been told about, in ms. */
  private toldMs = 0;
  /** Ends the present wait of a paused run. */
  private wake: () => void = () => {};

  private readonly graceMs: number;

  private constructor(private readonly options: LiveViewOptions) {
    this.graceMs = options.graceMs ?? GRACE_MS;
    options.signal.addEventListener('abort', () => this.goOn('end'));
    this.stream.send('run', options.run);
    this.stream.send('state', this.state);
  }

  /** @throws PortError */
  static async open(options: LiveViewOptions): Promise<LiveView> {
    const live = new LiveView(options);
    live.server = await openServer(live.routes());
    return live;
  }

  /** Where the page is, secret included. */
  get address(): string {
    return this.server!.address;
  }

  /** Follows what the run says of itself. */
  progress(phase: RunPhase, times: Partial<Pick<StateMessage, 'timeMs' | 'totalMs'>> = {}): void {
    const isNew = phase !== this.state.phase;
    this.state = { ...this.state, phase, ...times };
    if (isNew) this.tellState();
  }

  begin(network: NetworkView, interrupt: () => void): void {
    this.view = { network, interrupt };
    this.stream.send('network', networkMessage(network));
    this.stopwatch.go(this.state.timeMs);
    if (this.state.paused) interrupt();
    else this.schedule();
  }

  async look(timeMs: number): Promise<void> {
    this.stopwatch.reach(timeMs);
    this.state = { ...this.state, timeMs, ...this.stopwatch.factors };
    const isLast = timeMs === this.state.totalMs || this.options.signal.aborted;
    await this.tellAll(this.state.paused || isLast);
    if (this.state.paused) await this.standStill(timeMs);
    this.schedule();
  }

  /** The last message; nothing of the run may follow. */
  async close(end: EndMessage): Promise<void> {
    clearTimeout(this.timer);
    clearTimeout(this.grace);
    // There is nothing any more that could go on when the last page is gone.
    this.state = { ...this.state, paused: false };
    this.stream.send('end', end);
    await this.stream.end(PATIENCE_MS);
    await this.server!.close();
  }

  private routes(): Routes {
    const command =
      (act: () => void): Routes[string] =>
      (_, response) => {
        act();
        response.writeHead(204).end();
      };
    const { name, description } = this.options.run;
    const page = livePage(name, description, this.graceMs);
    return {
      'GET ': (_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
      },
      'GET events': (_, response) => {
        if (this.stream.isFull) {
          response.writeHead(503).end();
          return;
        }
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        this.stream.add(response);
      },
      'POST pause': command(() => this.pause()),
      'POST continue': command(() => this.goOn('page')),
      'POST stop': command(this.options.onStop),
    };
  }

  private pause(): void {
    const { phase, paused } = this.state;
    const simulates = phase === 'build' || phase === 'simulate';
    if (paused || !simulates || this.options.signal.aborted) return;
    this.state = { ...this.state, paused: true };
    this.options.onPause(true, 'page');
    this.tellState();
    this.view?.interrupt();
    this.awaitPage();
  }

  private goOn(cause: PauseCause): void {
    clearTimeout(this.grace);
    if (!this.state.paused) return;
    this.state = { ...this.state, paused: false };
    this.options.onPause(false, cause);
    this.tellState();
    this.wake();
  }

  /** Whoever paused the run and left must not have ended it. */
  private awaitPage(): void {
    clearTimeout(this.grace);
    if (!this.state.paused || !this.stream.isEmpty) return;
    const goOn = () => this.stream.isEmpty && this.goOn('no page');
    this.grace = setTimeout(goOn, this.graceMs);
  }

  /** Until it goes on; if no page has seen yet where it stands, the first will. */
  private async standStill(timeMs: number): Promise<void> {
    while (this.state.paused) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      if (this.state.paused && this.toldMs < timeMs) await this.tellAll(true);
    }
    this.wake = () => {};
    this.stopwatch.go(timeMs);
  }

  private onReader(): void {
    clearTimeout(this.grace);
    this.schedule();
    this.wake();
  }

  /** The next look, if anybody is there to see. */
  private schedule(): void {
    clearTimeout(this.timer);
    if (this.view === undefined || this.state.paused || !this.stream.hasReaders) return;
    this.timer = setTimeout(this.view.interrupt, Math.ceil(this.paces.activity.waitMs));
  }

  /** @param all whether it is due or not */
  private async tellAll(all = false): Promise<void> {
    this.tellState();
    if (!this.stream.hasReaders) return;
    const { network } = this.view!;
    const { activity, weights, times } = this.paces;
    await activity.turn(() => this.tellActivity(network), all);
    if (network.weights) await weights.turn(() => this.tellWeights(network), all);
    await times.turn(() => this.tellTimes(network), all);
  }

  private tellState(): void {
    this.stream.send('state', this.state);
  }

  private async tellActivity(network: NetworkView): Promise<void> {
    this.toldMs = this.state.timeMs;
    const { completeAfter, ...news } = await network.news();
    this.stream.send('activity', {
      timeMs: this.state.timeMs,
      completeAfterMs: completeAfter,
      ...news,
    });
  }

  private async tellWeights(network: NetworkView): Promise<void> {
    const weights = await network.weightMatrix();
    this.stream.send('weights', { timeMs: this.state.timeMs, weights });
  }

  private async tellTimes(network: NetworkView): Promise<void> {
    const threads = await network.threadTimes();
    this.stream.send('times', { threads });
  }
}

function wallMs(): number {
  return performance.now();
}

function paceOf({ intervalMs, share }: typeof ACTIVITY): Pace {
  return new Pace(intervalMs, share, wallMs);
}
