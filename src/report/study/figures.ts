/** All figures of a study. */
import type { Study } from '../../scaling/study.js';
import type { Figure } from '../figures/index.js';
import { memoryFigure } from './memory-figure.js';
import { phaseFigure } from './phase-figure.js';
import { scalingFigure } from './scaling-figure.js';
import { timelineFigure } from './timeline-figure.js';

const FIGURES: readonly (readonly [string, (study: Study) => string | undefined])[] = [
  ['scaling', scalingFigure],
  ['phases', phaseFigure],
  ['timeline', timelineFigure],
  ['memory', memoryFigure],
];

/** The figures this study has data for; the same study gives the same bytes. */
export function studyFigures(study: Study): Figure[] {
  if (study.points.length === 0) return [];
  return FIGURES.flatMap(([name, draw]) => {
    const svg = draw(study);
    return svg === undefined ? [] : [{ name, svg }];
  });
}
