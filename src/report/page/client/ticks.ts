/** Round numbers on axes. */

/** Multiples of 1, 2 or 5 times a power of ten from `low` to `high`, about as many as `most`, at most. */
export function roundTicks(low: number, high: number, most: number): number[] {
  const step = roundStep((high - low) / most);
  if (!(step > 0)) return [low];
  const ticks: number[] = [];
  // The spare lets ends count that rounding has moved out of reach.
  const first = Math.ceil(low / step - 1e-9);
  for (let i = first; i * step <= high + step * 1e-9; i++) ticks.push(shortened(i * step));
  return ticks;
}

/** The least of 1, 2, 5 times a power of ten that is at least `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((f) => f * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Without the last digits, which arithmetic leaves behind. */
function shortened(value: number): number {
  return Number(value.toPrecision(12));
}

/** A number in its shortest form. */
export function plain(value: number): string {
  return String(shortened(value));
}

/** Time in ms as it stands on an axis from 0 to `end` ms: in s from 2 s on. */
export function timeUnit(end: number): { readonly label: string; readonly ms: number } {
  return end >= 2000 ? { label: 'Time (s)', ms: 1000 } : { label: 'Time (ms)', ms: 1 };
}
