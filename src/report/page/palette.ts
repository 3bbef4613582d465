/** Colours of a scale as pages take them. */
import { colorAt } from '../figures/style.js';

const COLORS = 256;

/** Red, green and blue, colour by colour, over equidistant stops. */
export function palette(stops: readonly string[]): Uint8Array {
  const colors = Array.from({ length: COLORS }, (_, i) => colorAt(stops, i / (COLORS - 1)));
  return Uint8Array.from(colors.flat());
}
