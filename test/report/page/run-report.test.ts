import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResults } from '../../../src/experiment/results.js';
import { figuresOf } from '../../../src/report/figures/index.js';
import { ratesFigure } from '../../../src/report/figures/rates.js';
import { runReport } from '../../../src/report/page/run-report.js';
import { describeInBrowser } from '../../browser.js';
import { seedResults } from '../seed-results.js';
import { contrasts, markContrasts } from './contrasts.js';
import { largeResults } from './large-results.js';

const NASTY = `<img src=x onerror=alert(1)>'"&`;
const FILES = [{ name: 'spikes.dat', bytes: 12, sha256: 'ab'.repeat(32) }];
const COMMAND = ['npx', 'isospike', 'run', 'my net.json', '--seed', '1', '--threads', '2'];

function report(results: RunResults): string {
  return runReport(results, { figures: figuresOf(results), files: FILES }).join('');
}

const none = {
  senders: new Uint32Array(0),
  targets: new Uint32Array(0),
  times: new Float64Array(0),
  weights: new Float64Array(0),
};

const NOTHING = { spikes: none, weightEvents: none, traces: [] };

/** The heading of every section. */
function headings(html: string): string[] {
  return Array.from(html.matchAll(/<h2[^>]*>([^<]*)</g), ([, text]) => text!);
}

describe('runReport', () => {
  it('gives the same bytes for the same results', () => {
    expect(report(seedResults())).toBe(report(seedResults()));
  });

  it('has all sections for the seed experiment', () => {
    const html = report(seedResults({ command: COMMAND }));
    expect(headings(html)).toEqual([
      'Change of weights',
      'Spikes',
      'Rates',
      'Traces',
      'Weights over time',
      'Distribution of weights',
      'Network',
      'Phase times',
      'Experiment as run',
      'Files',
    ]);
    expect(html).toContain(`<code>${seedResults().digest}</code>`);
    expect(html).toContain(
      '<code>npx isospike run &#39;my net.json&#39; --seed 1 --threads 2</code>',
    );
    expect(html).toContain('<a href="spikes.dat">');
  });

  it('says in captions what the keys of figures say, and which neurons their numbers are', () => {
    const caption = (results: RunResults, section: string) => {
      const html = report(results);
      const from = html.indexOf(`<section id="${section}"`);
      return /<figcaption>(.*?)<\/figcaption>/s.exec(html.slice(from))![1]!;
    };
    const change = caption(seedResults(), 'weight-change');
    expect(change).toContain('Grey: no synapse. Numbers: n-th neuron of exc (ids 1–10).');
    const { weights } = seedResults();
    const onto = weights.map((w) => ({
      ...w,
      ...Object.fromEntries(
        (['source', 'target', 'delay', 'initial', 'final'] as const).map((key) => {
          return [key, w[key].filter((_, i) => w.target[i] !== 10)];
        }),
      ),
    }));
    const partly = seedResults({ weights: onto });
    expect(caption(partly, 'weight-change')).toContain('Grey: none recorded.');
    expect(figuresOf(partly).find(({ name }) => name === 'weight-change')!.svg).toContain(
      '>none recorded<',
    );
    expect(caption(seedResults(), 'raster')).toContain(
      'Numbers: n-th neuron of the population (Inputs: ids 14–513; Excitatory: ids 1–10; Inhibitory: ids 11–13).',
    );
    expect(report(seedResults())).toContain('<td class="number">14–513</td>');
  });

  it('has only sections that there are data for', () => {
    const html = report(seedResults({ ...NOTHING, weights: [] }));
    expect(headings(html)).toEqual(['Network', 'Phase times', 'Experiment as run', 'Files']);
    expect(html.slice(0, html.indexOf('<script>'))).not.toMatch(/NaN|undefined/);
  });

  it('says of an incomplete run that it is one', () => {
    const html = report(seedResults({ complete: false, requestedTime: 20_000 }));
    expect(html).toContain('<p class="warning">Incomplete run: 10 s of 20 s simulated</p>');
  });

  it('says of a run that failed why, and gives no digest', () => {
    const { digest: _, ...failed } = seedResults({ complete: false, failure: 'x < y' });
    const html = report(failed);
    expect(html).toContain('<p class="warning">The run failed: x &lt; y. Records');
    expect(html).not.toContain('<h3>Digest</h3>');
  });

  it('shows the beginning of an experiment that is endless', () => {
    const experiment = { times: Array.from({ length: 100_000 }, (_, i) => i) };
    const html = report(seedResults({ experiment }));
    expect(html).toContain('The beginning; all of it is in');
    expect(html.length).toBeLessThan(report(seedResults()).length + 250_000);
  });
});

describeInBrowser('the report of a run', (open) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isospike-report-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function opened(results: RunResults, options = {}) {
    const file = join(folder, 'report.html');
    await writeFile(file, report(results));
    return { file, ...(await open(pathToFileURL(file).href, options)) };
  }

  /** Number of pixels drawn on the canvas of a view, and a sum over them. */
  function canvasOf(page: Page, view: string): Promise<{ drawn: number; sum: number }> {
    return page.evaluate(async (id) => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const canvas = document.querySelector<HTMLCanvasElement>(`#${id} canvas`)!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let [drawn, sum] = [0, 0];
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] === 0) continue;
        drawn++;
        sum = (sum * 31 + data[i]! + 256 * data[i + 1]! + 65536 * data[i + 2]! + i) % 1e9;
      }
      return { drawn, sum };
    }, view);
  }

  it.each([
    ['the seed experiment', seedResults()],
    ['nothing recorded', seedResults(NOTHING)],
    ['no plastic synapses', seedResults({ weightEvents: none, weights: [] })],
    ['nothing at all', seedResults({ ...NOTHING, weights: [], stimulus: [] })],
    ['an incomplete run', seedResults({ complete: false, requestedTime: 1e6 })],
  ])('opens without asking for anything, and without errors: %s', async (_, results) => {
    const { requests, problems } = await opened(results);
    expect(requests).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('takes names for what they are', async () => {
    const { populations, weights, ...others } = seedResults();
    const renamed = {
      ...others,
      name: NASTY,
      description: NASTY,
      populations: populations.map((p) => ({ ...p, name: `${p.name}${NASTY}` })),
      weights: weights.map((w) => ({
        ...w,
        connection: `${w.connection}${NASTY}`,
        sourcePopulation: `${w.sourcePopulation}${NASTY}`,
        targetPopulation: `${w.targetPopulation}${NASTY}`,
      })),
      experiment: { [NASTY]: NASTY },
      command: ['npx', NASTY],
    };
    const { page, problems, requests } = await opened(renamed);
    expect(await page.locator('h1').textContent()).toBe(NASTY);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('#weights-connection option').first().textContent()).toContain(NASTY);
    expect({ problems, requests }).toEqual({ problems: [], requests: [] });
  });

  it('zooms into the spikes by wheel, keys, buttons and dragging', async () => {
    const { page } = await opened(seedResults());
    const shown = page.locator('#raster-shown');
    const plot = page.locator('#raster-view .plot');
    const all = await canvasOf(page, 'raster-view');
    expect(all.drawn).toBeGreaterThan(5000);
    expect(await shown.textContent()).toBe('0 to 10000 ms');

    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 60);
    // Without focus the page scrolls.
    await page.mouse.wheel(0, 100);
    await page.waitForFunction(() => scrollY > 0);
    expect(await shown.textContent()).toBe('0 to 10000 ms');
    await plot.focus();
    await plot.hover({ position: { x: box.width / 2, y: 60 } });
    await page.mouse.wheel(0, -100);
    await page.waitForFunction(() => document.activeElement!.matches('#raster-view .plot'));
    await expect.poll(() => shown.textContent()).not.toBe('0 to 10000 ms');
    const zoomed = await canvasOf(page, 'raster-view');
    expect(zoomed.drawn).toBeLessThan(all.drawn);

    await page.keyboard.press('0');
    expect(await shown.textContent()).toBe('0 to 10000 ms');
    expect(await canvasOf(page, 'raster-view')).toEqual(all);
    await page.keyboard.press('+');
    expect(await shown.textContent()).toBe('1667 to 8333 ms');
    await page.keyboard.press('ArrowRight');
    expect(await shown.textContent()).toBe('2333 to 9000 ms');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    expect(await shown.textContent()).toBe('2500 to 7500 ms');
    await page.getByRole('button', { name: 'Later' }).click();
    expect(await shown.textContent()).toBe('5000 to 10000 ms');
    await page.getByRole('button', { name: 'Show all' }).click();

    const canvas = (await plot.locator('canvas').boundingBox())!;
    const at = (fraction: number) => canvas.x + fraction * canvas.width;
    await page.mouse.move(at(0.2), canvas.y + 50);
    await page.mouse.down();
    await page.mouse.move(at(0.4), canvas.y + 50, { steps: 4 });
    await page.mouse.up();
    const [start, end] = (await shown.textContent())!.match(/\d+/g)!.map(Number);
    expect(Math.abs(start! - 2000)).toBeLessThan(15);
    expect(Math.abs(end! - 4000)).toBeLessThan(15);
  });

  it('zooms into neurons by a box, in the panel where it is drawn', async () => {
    const { page } = await opened(seedResults());
    await page.locator('#raster-view .plot').focus();
    const canvas = (await page.locator('#raster-view canvas').boundingBox())!;
    const labels = () => page.locator('#raster-view text').allTextContents();
    const before = await labels();
    expect(before.slice(0, 6)).toEqual(['1', '100', '200', '300', '400', '500']);
    await page.mouse.move(canvas.x + 100, canvas.y + 40); // The panel of the inputs has 200 px.
    await page.mouse.down();
    await page.mouse.move(canvas.x + 400, canvas.y + 80, { steps: 4 });
    await page.mouse.up();
    await expect.poll(labels).not.toEqual(before);
    const [first, ...others] = (await labels()).map(Number).filter((n) => n > 250);
    expect(first).toBeGreaterThan(298);
    expect(Math.max(...others)).toBeLessThanOrEqual(401);
    expect(await labels()).toContain('Excitatory');
    await page.keyboard.press('0');
    await expect.poll(labels).toEqual(before);
  });

  it('shows the stretch that is being chosen, on a plot that follows the pointer, too', async () => {
    const { page } = await opened(seedResults());
    await page.locator('#rates-view .plot').focus();
    const box = (await page.locator('#rates-view .plot').boundingBox())!;
    await page.mouse.move(box.x + 100, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 40, { steps: 4 });
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    expect(await page.locator('#rates-view .selection').getAttribute('width')).toBe('200');
    await page.mouse.up();
    await expect.poll(() => page.locator('#rates-view .selection').count()).toBe(0);
    expect(await page.locator('#raster-shown').textContent()).not.toBe('0 to 10000 ms');
  });

  it('shows finer rates in less time', async () => {
    const { page } = await opened(seedResults());
    const bins = () => page.locator('#rates-view .quiet').allTextContents();
    // As in the figure.
    const inFigure = [...ratesFigure(seedResults())!.matchAll(/bins of \d+ ms/g)].map(String);
    expect((await bins()).map((bin) => bin.replace('\u00a0', ' '))).toEqual(inFigure);
    expect(inFigure).toEqual(['bins of 100 ms', 'bins of 500 ms', 'bins of 1000 ms']);
    await page.locator('#rates-view .plot').focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('+');
    // No shorter than so that ten spikes are in one on average.
    await expect.poll(bins).toEqual([10, 500, 1000].map((bin) => `bins of ${bin}\u00a0ms`));
  });

  it('shows the weights at the time of the slider, and tells those of a cell', async () => {
    const results = seedResults();
    const { page } = await opened(results);
    const slider = page.getByLabel('Time', { exact: true });
    expect(await page.locator('#weights-shown').textContent()).toBe('10000 ms');
    const end = await canvasOf(page, 'weights-view');
    await slider.focus();
    await page.keyboard.press('Home');
    expect(await page.locator('#weights-shown').textContent()).toBe('0 ms');
    expect((await canvasOf(page, 'weights-view')).sum).not.toBe(end.sum);

    const cell = page.locator('#weights-view output');
    const plot = page.locator('#weights-view .plot');
    await slider.press('End');
    await plot.focus();
    await page.keyboard.press('ArrowRight');
    expect(await cell.textContent()).toBe('exc 1 to exc 1: no synapse');
    await page.keyboard.press('ArrowRight');
    const { source, target, final } = results.weights[2]!;
    const synapse = source.findIndex((id, i) => id === 1 && target[i] === 2);
    const told = Number(/ ([\d.]+)$/.exec((await cell.textContent())!)![1]);
    expect(Math.abs(told - final[synapse]!)).toBeLessThan(1e-4);
  });

  it('has no slider where nothing was recorded over time', async () => {
    const { page } = await opened(seedResults({ weightEvents: none }));
    expect(await page.locator('#weights h2').textContent()).toBe('Weights: start and end');
    expect(await page.locator('#weights-time').count()).toBe(0);
    const end = await canvasOf(page, 'weights-view');
    await page.getByRole('combobox', { name: 'At the' }).selectOption('start');
    expect((await canvasOf(page, 'weights-view')).sum).not.toBe(end.sum);
    const note = await page.locator('#weights-note').textContent();
    expect(note).not.toContain('not recorded');
  });

  it('shows changes as well as weights, and every plastic connection', async () => {
    const { page } = await opened(seedResults());
    const weight = await canvasOf(page, 'weights-view');
    await page.getByRole('combobox', { name: 'Show' }).selectOption('change');
    expect((await canvasOf(page, 'weights-view')).sum).not.toBe(weight.sum);
    await page.getByRole('combobox', { name: 'Connection' }).selectOption('input-to-exc');
    expect(await page.locator('#weights-note').textContent()).toBe(
      'Numbers: from the n-th neuron of input (ids 14–513) to the n-th neuron of exc (ids 1–10). Cells are means over 4 × 1 neurons. These weights were not recorded in between.',
    );
    expect(await page.locator('#weights-time').isVisible()).toBe(false);
    const end = await canvasOf(page, 'weights-view');
    await page.getByRole('combobox', { name: 'At the' }).selectOption('start');
    expect((await canvasOf(page, 'weights-view')).sum).not.toBe(end.sum);
  });

  it.each(['light', 'dark'] as const)('can be read: contrast of text (%s)', async (colorScheme) => {
    const { page } = await opened(seedResults(), { colorScheme });
    const found = await contrasts(page);
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('draws marks that stand out (%s)', async (colorScheme) => {
    const { page } = await opened(seedResults(), { colorScheme });
    const found = await markContrasts(page);
    expect(found.length).toBeGreaterThan(40);
    expect(found.filter(({ ratio }) => ratio < 3)).toEqual([]);
  });

  it.each([390, 700, 1400])('fits a window of %i px', async (width) => {
    const { page } = await opened(seedResults(), { viewport: { width, height: 800 } });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(width);
  });

  it('prints light, with no figure wider than the paper, and comes back', async () => {
    const { page } = await opened(seedResults(), { colorScheme: 'dark' });
    const before = await canvasOf(page, 'raster-view');
    await page.setViewportSize({ width: 680, height: 960 }); // A4 less margins of 15 mm.
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const printed = await page.evaluate(() => ({
      paper: getComputedStyle(document.documentElement).backgroundColor,
      density: document.querySelector<HTMLCanvasElement>('#raster-view canvas')!.width / 616,
      cut: Array.from(document.querySelectorAll('figure svg, figure canvas, table'))
        .map((element) => element.getBoundingClientRect())
        .filter(({ left, right }) => left < -1 || right > 681).length,
      // A figure is cut if it may be, or if it must be: 267 mm are 1009 px.
      breaks: Array.from(document.querySelectorAll<HTMLElement>('figure')).filter(
        (figure) => getComputedStyle(figure).breakInside !== 'avoid' || figure.offsetHeight > 1009,
      ).length,
      controls: document.querySelector<HTMLElement>('.controls')!.offsetHeight,
    }));
    expect(printed).toEqual({
      paper: 'rgb(255, 255, 255)',
      density: 3,
      cut: 0,
      breaks: 0,
      controls: 0,
    });
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    await page.setViewportSize({ width: 1280, height: 720 });
    await expect.poll(() => canvasOf(page, 'raster-view')).toEqual(before);
  });

  it('stays below 10 MB with millions of spikes and synapses, says what it samples, and moves', async () => {
    const { page, file, problems } = await opened(largeResults());
    expect((await stat(file)).size).toBeLessThan(10e6);
    expect(await page.locator('#raster figcaption').textContent()).toContain(
      'Of 5000000 recorded spikes one in 5 is shown',
    );
    expect((await canvasOf(page, 'raster-view')).drawn).toBeGreaterThan(100_000);
    await page.locator('#raster-view .plot').focus();
    const milliseconds = await page.evaluate(async () => {
      const start = performance.now();
      for (let i = 0; i < 10; i++) {
        const plot = document.activeElement!;
        plot.dispatchEvent(new KeyboardEvent('keydown', { key: i % 2 ? '-' : '+' }));
        await new Promise(requestAnimationFrame);
      }
      return (performance.now() - start) / 10;
    });
    expect(milliseconds).toBeLessThan(500);
    expect(problems).toEqual([]);
  });
});
