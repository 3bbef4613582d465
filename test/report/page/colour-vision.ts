/**
 * How colours of a page look to readers with other colour vision, as Chromium simulates it: by the
 * matrices of Machado, Oliveira and Fernandes (2009) for severity 1, which colors.test.ts has, too.
 */
import type { Page } from 'playwright-core';

export const DEFICIENCIES = ['none', 'protanopia', 'deuteranopia', 'tritanopia'] as const;
type Deficiency = (typeof DEFICIENCIES)[number];

const SIDE = 20;

/** CIELAB values of colours of the style sheet, painted on the page as squares side by side. */
export async function seenColors(
  page: Page,
  colors: readonly string[],
  type: Deficiency,
): Promise<Lab[]> {
  await page.evaluate(
    ({ colors, side }) => {
      const style = `position:absolute;top:0;width:${side}px;height:${side}px`;
      document.body.innerHTML = colors
        .map((c, i) => `<div style="${style};left:${i * side}px;background:var(--${c})"></div>`)
        .join('');
    },
    { colors, side: SIDE },
  );
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setEmulatedVisionDeficiency', { type });
  const clip = { x: 0, y: 0, width: SIDE * colors.length, height: SIDE };
  const image = (await page.screenshot({ clip })).toString('base64');
  await session.send('Emulation.setEmulatedVisionDeficiency', { type: 'none' });
  const pixels = await page.evaluate(
    async ({ image, count, side }) => {
      const picture = new Image();
      picture.src = `data:image/png;base64,${image}`;
      await picture.decode();
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d')!;
      [canvas.width, canvas.height] = [picture.width, picture.height];
      context.drawImage(picture, 0, 0);
      return Array.from({ length: count }, (_, i) =>
        Array.from(context.getImageData((i + 0.5) * side, side / 2, 1, 1).data.slice(0, 3)),
      );
    },
    { image, count: colors.length, side: SIDE },
  );
  return pixels.map(labOf);
}

export type Lab = readonly [l: number, a: number, b: number];

/** Of sRGB bytes, for the white point D65. */
export function labOf(rgb: readonly number[]): Lab {
  const [r, g, b] = rgb.map((byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const scaled = (value: number) =>
    value > (6 / 29) ** 3 ? Math.cbrt(value) : value / (3 * (6 / 29) ** 2) + 4 / 29;
  const x = scaled((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = scaled(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = scaled((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Difference of two colours (CIE 1976); about 2 is just noticed side by side. */
export function difference(a: Lab, b: Lab): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
