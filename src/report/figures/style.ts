/**
 * The look of all figures, in one place. Lengths are in points (1 pt = 1/72 inch), which are the
 * user units of every SVG written here, so that sizes read as an art department states them.
 */

const POINTS_PER_MM = 72 / 25.4;

/** Widths of one and of two journal columns: 89 mm and 183 mm. */
export const ONE_COLUMN = 89 * POINTS_PER_MM;
export const TWO_COLUMNS = 183 * POINTS_PER_MM;

/** Height of the type area that a figure should not exceed: 230 mm. */
export const PAGE_HEIGHT = 230 * POINTS_PER_MM;

/** Pixels per inch of the PNG files unless asked otherwise. */
export const PNG_DPI = 300;

/** Arimo has the metrics of Arial and Helvetica, so either may replace it without a new layout. */
export const FONT = 'Arimo';
export const FONT_FAMILY = `${FONT}, Arial, Helvetica, sans-serif`;
export const FONT_SIZE = 8;
export const SMALL_FONT_SIZE = 7;
export const LETTER_FONT_SIZE = 9;

export const AXIS_WIDTH = 0.6;
export const TICK_LENGTH = 2.5;

/**
 * Blue for less, white for no change, red for more (ColorBrewer's RdBu, reversed; Harrower and
 * Brewer 2003), at nine equidistant points; between them colours are interpolated in RGB.
 */
export const BLUE_WHITE_RED = [
  '#2166ac',
  '#4393c3',
  '#92c5de',
  '#d1e5f0',
  '#f7f7f7',
  '#fddbc7',
  '#f4a582',
  '#d6604d',
  '#b2182b',
] as const;

/** From low to high: viridis (Smith and van der Walt 2015), at nine equidistant points. */
export const VIRIDIS = [
  '#440154',
  '#472d7b',
  '#3b528b',
  '#2c728e',
  '#21918c',
  '#28ae80',
  '#5ec962',
  '#addc30',
  '#fde725',
] as const;

/** The colour at `fraction` (0 to 1, clamped) of equidistant `stops`, as red, green, blue bytes. */
export function colorAt(stops: readonly string[], fraction: number): [number, number, number] {
  const position = Math.min(Math.max(fraction, 0), 1) * (stops.length - 1);
  const below = Math.min(Math.floor(position), stops.length - 2);
  const part = position - below;
  const a = Number.parseInt(stops[below]!.slice(1), 16);
  const b = Number.parseInt(stops[below + 1]!.slice(1), 16);
  const channel = (shift: number) =>
    Math.round(((a >> shift) & 255) * (1 - part) + ((b >> shift) & 255) * part);
  return [channel(16), channel(8), channel(0)];
}

/** Bytes to '#rrggbb'. */
export function hex([red, green, blue]: readonly [number, number, number]): string {
  return `#${((1 << 24) | (red << 16) | (green << 8) | blue).toString(16).slice(1)}`;
}

/** Neuron numbers to label on an axis of 1 ... size: 1 and the multiples of a round step. */
export function neuronTicks(size: number, most: number): number[] {
  const steps = [1, 2, 5].flatMap((digit) =>
    [1, 10, 100, 1000, 1e4, 1e5, 1e6].map((p) => digit * p),
  );
  const step = steps.sort((a, b) => a - b).find((s) => size / s <= most) ?? size;
  // Beside a 2, there is no room for the 1.
  const ticks = step <= 2 ? [] : [1];
  for (let tick = step; tick <= size; tick += step) ticks.push(tick);
  return ticks;
}

/** How to show a time axis of `end` ms: in s from 2 s on, else in ms. */
export function timeScale(end: number): { readonly label: string; readonly unit: number } {
  return end >= 2000 ? { label: 'Time (s)', unit: 1000 } : { label: 'Time (ms)', unit: 1 };
}

/** Digits of a number on an axis for which there is room; longer ones take an exponent. */
const MOST_DIGITS = 7;

/** A tick's number in its shortest form, without separators of thousands. */
export function plainNumber(value: number): string {
  const shortest = Number(value.toPrecision(12));
  const plain = String(shortest);
  const shown = plain.length <= MOST_DIGITS ? plain : withExponent(shortest, plain);
  return shown.replace('e+', 'e').replaceAll('-', '\u2212');
}

function withExponent(value: number, plain: string): string {
  const short = value.toExponential();
  return short.length < plain.length ? short : plain;
}

/** More of them take an exponent instead. */
const MOST_DECIMALS = 4;

/** Writes numbers of an axis from `low` to `high`, with about so many ticks: as many decimals in each. */
export function evenNumbers(low: number, high: number, ticks: number): (value: number) => string {
  const decimals = -Number(((high - low) / ticks).toExponential().split('e')[1]);
  if (decimals < 0 || decimals > MOST_DECIMALS) return plainNumber;
  return (value) => (value + 0).toFixed(decimals).replace('-', '\u2212');
}

/** A coordinate for a path: hundredths of a point, 4 % of a pixel at 300 dpi. */
export function coordinate(value: number): number {
  return Math.round(value * 100) / 100;
}
