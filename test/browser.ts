/** A real browser for tests of pages: Debian's Chromium, driven by Playwright. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** Set where tests in the browser must not be skipped. */
const DEMANDED = process.env.BROWSER_TESTS === 'required';

/** It shall ask nobody for anything of its own accord. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const START_TIMEOUT_MS = 60_000;

export interface OpenPage {
  readonly page: Page;
  /** Addresses that were asked for, but for that of the page itself. */
  readonly requests: readonly string[];
  /** Uncaught errors, and what the console tells as an error or a warning. */
  readonly problems: readonly string[];
}

/** Opens a page in a profile of its own. */
export type Open = (address: string, options?: BrowserContextOptions) => Promise<OpenPage>;

/**
 * A suite in the browser; `open` gives pages, which are closed at its end. Without Chromium the
 * suite is skipped, unless it is demanded.
 */
export function describeInBrowser(name: string, suite: (open: Open) => void): void {
  if (!existsSync(CHROMIUM) && !DEMANDED) {
    describe(name, () => it.skip(`needs Chromium, and there is none at ${CHROMIUM}`, () => {}));
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    }, START_TIMEOUT_MS);
    afterAll(() => browser?.close());
    suite((address, options) => openPage(browser, address, options));
  });
}

async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('data:')) {
      requests.push(request.url());
    }
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  await page.goto(address);
  return { page, requests, problems };
}
