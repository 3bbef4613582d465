import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ColorName, ON_WHITE } from '../../../src/report/colors.js';
import { htmlCode, htmlTable } from '../../../src/report/page/html.js';
import { type Page, pageHtml } from '../../../src/report/page/page.js';
import { describeInBrowser } from '../../browser.js';
import { APART, pairs, TOGETHER } from '../colors-together.js';
import { DEFICIENCIES, difference, seenColors } from './colour-vision.js';
import { contrasts } from './contrasts.js';

const NAMES = Object.keys(ON_WHITE) as ColorName[];
const NASTY = `<script>alert("1")</script> & '`;

const page: Page = {
  title: `A page on ${NASTY}`,
  lead: '<p class="remark">What it is about.</p>',
  sections: [
    {
      id: 'numbers',
      title: 'Numbers',
      body: htmlTable(
        [{ heading: 'name' }, { heading: 'value', numeric: true }],
        [['<b>a</b>', '1']],
        'Some <i>numbers</i>',
      ),
    },
    { id: 'code', title: `Code of ${NASTY}`, body: htmlCode(`run '${NASTY}'`) },
  ],
  script: 'run-report',
  data: { end: 100, resolution: 0.1, raster: [], rates: [], matrices: [], name: NASTY },
};

describe('pageHtml', () => {
  it('gives the same bytes for the same page', () => {
    expect(pageHtml(page).join('')).toBe(pageHtml(page).join(''));
  });

  it('lets names be text and nothing else', () => {
    const html = pageHtml(page).join('');
    expect(html).not.toContain('<script>alert');
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script/g)).toHaveLength(2);
  });

  it('lets a page talk to its server only where that is wanted', () => {
    expect(pageHtml(page).join('')).not.toContain('connect-src');
    expect(pageHtml({ ...page, connected: true }).join('')).toContain("connect-src 'self'");
  });
});

describeInBrowser('a page', (open) => {
  let folder: string;
  let address: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isospike-page-'));
    const file = join(folder, 'page.html');
    await writeFile(file, pageHtml(page).join(''));
    address = pathToFileURL(file).href;
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('opens without asking for anything, and without errors', async () => {
    const { page, requests, problems } = await open(address);
    expect(await page.title()).toBe(`A page on ${NASTY}`);
    expect(await page.locator('h2').allTextContents()).toEqual(['Numbers', `Code of ${NASTY}`]);
    expect(requests).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('runs no script but its own', async () => {
    const { page, problems } = await open(address);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      document.body.append(script);
    });
    expect(await page.title()).toBe(`A page on ${NASTY}`);
    expect(problems.join()).toContain('Content Security Policy');
  });

  it('is dark where the system is, and as the reader wishes', async () => {
    const { page } = await open(address, { colorScheme: 'dark' });
    const paper = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await paper();
    await page.getByLabel('Appearance').selectOption('light');
    expect(await paper()).toBe('rgb(255, 255, 255)');
    expect(dark).not.toBe('rgb(255, 255, 255)');
    await page.reload();
    expect(await page.getByLabel('Appearance').inputValue()).toBe('light');
    await page.getByLabel('Appearance').selectOption('dark');
    expect(await paper()).toBe(dark);
    await page.emulateMedia({ media: 'print' });
    expect(await paper()).toBe('rgb(255, 255, 255)');
  });

  it.each(['light', 'dark'] as const)('can be read: contrast of text (%s)', async (colorScheme) => {
    const { page } = await open(address, { colorScheme });
    const found = await contrasts(page);
    expect(found.length).toBeGreaterThan(8);
    expect(found.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'draws in colours that stand out (%s)',
    async (colorScheme) => {
      const { page } = await open(address, { colorScheme });
      const drawn = (Object.keys(ON_WHITE) as ColorName[]).filter((name) => name !== 'absent');
      await page.evaluate((colors) => {
        document.body.innerHTML = colors
          .map((c) => `<p style="color: var(--${c})">${c}</p>`)
          .join('');
      }, drawn);
      const found = await contrasts(page);
      expect(found).toHaveLength(drawn.length);
      expect(found.filter(({ ratio }) => ratio < 3)).toEqual([]);
    },
  );

  it.each(['light', 'dark'] as const)(
    'draws in colours that everybody can tell apart (%s)',
    async (colorScheme) => {
      const { page } = await open(address, { colorScheme });
      for (const deficiency of DEFICIENCIES) {
        const seen = await seenColors(page, NAMES, deficiency);
        for (const set of TOGETHER) {
          const close = pairs(set).filter(([a, b]) => {
            return difference(seen[NAMES.indexOf(a)]!, seen[NAMES.indexOf(b)]!) < APART;
          });
          expect(close, deficiency).toEqual([]);
        }
      }
    },
  );

  it('can be used with the keyboard, the content first', async () => {
    const { page } = await open(address);
    const focused: string[] = [];
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press('Tab');
      focused.push(await page.evaluate(() => document.activeElement!.textContent!.trim()));
    }
    expect(focused[0]).toBe('Skip to the content');
    expect(focused.slice(2)).toEqual(['Numbers', `Code of ${NASTY}`, 'Copy']);
  });

  it('selects or copies a command', async () => {
    const { page } = await open(address);
    await page.getByRole('button', { name: 'Copy' }).click();
    const done = page.getByRole('button', { name: /^(Copied|Selected)$/ });
    await done.waitFor();
    if ((await done.textContent()) === 'Selected') {
      expect(await page.evaluate(() => String(getSelection()))).toBe(`run '${NASTY}'`);
    }
  });
});
