/** Which colours of data stand in one figure, and how far apart they must be. */
import type { ColorName } from '../../src/report/colors.js';
import { SLICE_PHASES } from '../../src/report/phases.js';
import { SERIES_COLORS } from '../../src/report/spiking.js';

/** Of CIELAB; about 2 is just noticed side by side. */
export const APART = 15;

export const TOGETHER: readonly (readonly ColorName[])[] = [
  // Populations, and the centre of a stimulus over them.
  [...SERIES_COLORS, 'orange'],
  SLICE_PHASES.map(({ color }) => color),
  // Measured, ideal, and the law of a scaling study.
  ['blue', 'quiet', 'orange'],
  // Changes of single weights: up, down and none.
  ['vermillion', 'blue', 'quiet'],
  // Single synapses and their mean.
  ['sky', 'black'],
];

export function pairs<T>(of: readonly T[]): [T, T][] {
  return of.flatMap((a, i) => of.slice(i + 1).map((b): [T, T] => [a, b]));
}
