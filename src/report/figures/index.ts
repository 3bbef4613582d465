/**
 * All figures of a run. This module loads Plot, linkedom and resvg (about 0.1 s): import it
 * lazily, after the simulation has started or when figures are wanted.
 */
import type { RunResults } from '../../experiment/results.js';
import { rasterFigure } from './raster.js';
import { ratesFigure } from './rates.js';
import { traceFigures } from './traces.js';
import { weightChangeFigure } from './weight-change.js';
import { weightHistogramsFigure } from './weight-histograms.js';
import { weightsOverTimeFigure } from './weights-over-time.js';

export { type PngOptions, renderPng } from './render-png.js';

export interface Figure {
  /** Name of its files without extension. */
  readonly name: string;
  readonly svg: string;
}

const FIGURES: readonly (readonly [string, (results: RunResults) => string | undefined])[] = [
  ['weight-change', weightChangeFigure],
  ['raster', rasterFigure],
  ['rates', ratesFigure],
  ['weights-over-time', weightsOverTimeFigure],
  ['weight-histograms', weightHistogramsFigure],
];

/** The figures these results have data for; the same results give the same bytes. */
export function figuresOf(results: RunResults): Figure[] {
  const single = FIGURES.flatMap(([name, draw]) => {
    const svg = draw(results);
    return svg === undefined ? [] : [{ name, svg }];
  });
  return [...single, ...traceFigures(results)];
}
