/**
 * Server-sent events to any number of pages. A page gets the latest message of each kind when it
 * comes. One that does not read holds up nothing: what does not fit into its connection is left
 * out, and once it reads again it gets the latest of what it missed.
 */
import type { ServerResponse } from 'node:http';
import type { Messages } from '../report/page/client/live-messages.js';
import { encodeData } from '../report/page/data.js';

type Kind = keyof Messages;

/** A page, and the kinds of messages it has missed. It is blocked while its connection is full. */
interface Page {
  readonly response: ServerResponse;
  readonly missed: Set<Kind>;
  blocked: boolean;
}

const MOST_PAGES = 16;
/** A browser that lost the connection waits for so long, in ms. */
const RETRY_MS = 1000;

export class Stream {
  private readonly pages = new Set<Page>();
  private readonly latest = new Map<Kind, string>();

  /**
   * @param onReady a page has come, or reads again
   * @param onEmpty the last page is gone
   */
  constructor(
    private readonly onReady: () => void,
    private readonly onEmpty: () => void = () => {},
  ) {}

  /** Whether no page is open, reading or not. */
  get isEmpty(): boolean {
    return this.pages.size === 0;
  }

  get isFull(): boolean {
    return this.pages.size >= MOST_PAGES;
  }

  /** Whether anybody would get a message now. */
  get hasReaders(): boolean {
    return [...this.pages].some(({ blocked }) => !blocked);
  }

  /** Takes over a response whose head has been written. */
  add(response: ServerResponse): void {
    const page: Page = { response, missed: new Set(this.latest.keys()), blocked: false };
    this.pages.add(page);
    response.on('close', () => this.remove(page));
    response.on('error', () => this.remove(page));
    response.on('drain', () => this.catchUp(page));
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.catchUp(page);
  }

  send<K extends Kind>(kind: K, message: Messages[K]): void {
    this.latest.set(kind, `event: ${kind}\ndata: ${encodeData(message)}\n\n`);
    for (const page of this.pages) this.write(page, kind);
  }

  /** Ends all responses; resolves once the pages have everything, or after `patienceMs`. */
  async end(patienceMs: number): Promise<void> {
    const left = [...this.pages].map(
      ({ response, missed }) =>
        new Promise<void>((resolve) => {
          response.on('close', resolve);
          response.end(missed.has('end') ? this.latest.get('end') : undefined);
        }),
    );
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([Promise.all(left), patience]);
    clearTimeout(timer);
  }

  private remove(page: Page): void {
    if (this.pages.delete(page) && this.isEmpty) this.onEmpty();
  }

  private write(page: Page, kind: Kind): void {
    if (page.blocked) page.missed.add(kind);
    else page.blocked = !page.response.write(this.latest.get(kind));
  }

  private catchUp(page: Page): void {
    page.blocked = false;
    const missed = [...page.missed];
    page.missed.clear();
    for (const kind of missed) this.write(page, kind);
    if (!page.blocked) this.onReady();
  }
}
