/**
 * Figures are laid out for Arimo, and so for Arial and Helvetica. Where there is none of them, another
 * font stands in; DejaVu Sans, and Verdana, which is as wide, are the widest that are common.
 */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { RunResults, WeightColumns } from '../../../src/experiment/results.js';
import { figuresOf } from '../../../src/report/figures/index.js';
import { studyFigures } from '../../../src/report/study/figures.js';
import { describeInBrowser } from '../../browser.js';
import { study } from '../../scaling/studies.js';
import { seedResults } from '../seed-results.js';

const WIDE = 'DejaVu Sans, Verdana, sans-serif';

/** Texts that leave the figure or lie over one another. */
async function misfits(page: Page, svg: string): Promise<string[]> {
  await page.setContent(svg.replace(/ font-family="[^"]*"/, ` font-family="${WIDE}"`));
  return page.evaluate(() => {
    const figure = document.querySelector('svg')!.getBoundingClientRect();
    const texts = Array.from(document.querySelectorAll('text'), (element) => ({
      words: element.textContent!,
      box: element.getBoundingClientRect(),
    }));
    const outside = texts.filter(
      ({ box }) =>
        box.left < figure.left ||
        box.right > figure.right ||
        box.top < figure.top - 1 ||
        box.bottom > figure.bottom + 1,
    );
    const over = texts.flatMap((one, i) =>
      texts.slice(i + 1).flatMap((other) => {
        const [a, b] = [one.box, other.box];
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // Boxes are higher than letters.
        return width > 0.5 && height > 2.5 ? [`${one.words} over ${other.words}`] : [];
      }),
    );
    return [...outside.map(({ words }) => `${words} outside`), ...over];
  });
}

const LONG = 'excitatory-pyramidal-cells-of-layer-five-of-the-barrel-cortex';

function longNames(): RunResults {
  const renamed = (name: string) => (name === 'exc' ? LONG : name);
  const { populations, weights, traces, ...others } = seedResults();
  return {
    ...others,
    populations: populations.map((p) => ({ ...p, name: renamed(p.name) })),
    weights: weights.map((w) => ({
      ...w,
      connection: `${w.connection}-${LONG}`,
      sourcePopulation: renamed(w.sourcePopulation),
      targetPopulation: renamed(w.targetPopulation),
    })),
    traces: traces.map((t) => ({
      ...t,
      values: { [LONG]: t.values.V_m! },
      units: { [LONG]: 'mV' },
    })),
  };
}

/** Among so many neurons, few of which have synapses onto all. */
function matrixOf(neurons: number): RunResults {
  const [exc] = seedResults().populations;
  const length = 20 * neurons;
  const weights: WeightColumns = {
    ...seedResults().weights[2]!,
    source: Uint32Array.from({ length }, (_, i) => 1 + Math.floor(i / 20) * 1),
    target: Uint32Array.from({ length }, (_, i) => 1 + ((i * 7) % (neurons - 1))),
    delay: new Float64Array(length).fill(1),
    initial: new Float64Array(length).fill(0.0001),
    final: Float64Array.from({ length }, (_, i) => 0.0001 - (i % 17) * 1e-6),
  };
  return seedResults({ populations: [{ ...exc!, size: neurons }], weights: [weights] });
}

describeInBrowser('with a wider font', (open) => {
  it.each([
    ['the seed experiment', figuresOf(seedResults())],
    ['an incomplete run', figuresOf(seedResults({ complete: false, requestedTime: 1e6 }))],
    ['a long run', figuresOf(seedResults({ simulatedTime: 1_000_000, requestedTime: 1e6 }))],
    ['long names', figuresOf(longNames())],
    ['20 neurons', figuresOf(matrixOf(20))],
    ['1500 neurons', figuresOf(matrixOf(1500))],
    ['a study', studyFigures(study())],
    ['a study of many', studyFigures(study({ threads: [1, 2, 3, 4, 6, 8, 12, 16] }))],
  ])('the words of all figures have room: %s', async (_, figures) => {
    const { page } = await open('about:blank');
    for (const { name, svg } of figures) {
      expect({ name, misfits: await misfits(page, svg) }).toEqual({ name, misfits: [] });
    }
  });

  it('a matrix of many cells is drawn with edges', async () => {
    const svg = figuresOf(matrixOf(200)).find(({ name }) => name === 'weight-change')!.svg;
    const { page } = await open('about:blank', { deviceScaleFactor: 4 });
    await page.setContent(svg);
    const rendering = await page
      .locator('image')
      .first()
      .evaluate((image) => {
        return getComputedStyle(image).imageRendering;
      });
    expect(rendering).toBe('pixelated');
  });
});
