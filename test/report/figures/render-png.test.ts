import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../src/report/figures/png.js';
import { renderPng } from '../../../src/report/figures/render-png.js';

const SVG = 'xmlns="http://www.w3.org/2000/svg"';

/** Pixels of a PNG as another decoder (which checks the chunks' sums) sees them. */
function decode(png: Uint8Array, width: number, height: number): Uint8Array {
  const href = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const svg = `<svg ${SVG} width="${width}" height="${height}"><image href="${href}" width="${width}" height="${height}" image-rendering="optimizeSpeed"/></svg>`;
  return new Resvg(svg, { font: { loadSystemFonts: false } }).render().pixels;
}

describe('encodePng', () => {
  it('keeps every pixel in its place', () => {
    const rgb = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 0, 0, 0, 255, 255, 255);
    const pixels = decode(encodePng(3, 2, rgb), 3, 2);
    const opaque = Array.from({ length: 6 }, (_, i) => [...rgb.slice(i * 3, i * 3 + 3), 255]);
    expect([...pixels]).toEqual(opaque.flat());
  });
});

describe('renderPng', () => {
  const figure = (content: string) =>
    `<svg ${SVG} width="10mm" height="5mm" viewBox="0 0 72 36" font-family="Arimo, sans-serif">${content}</svg>`;

  it('draws at 300 dpi unless told otherwise, and says so in the file', async () => {
    const png = await renderPng(figure(''));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([300, 150]);
    const physical = png.indexOf('pHYs');
    expect(png.readUInt32BE(physical + 4)).toBe(Math.round(300 / 0.0254));
    expect(png[physical + 12]).toBe(1);
    const small = await renderPng(figure(''), { scale: 2 });
    expect([small.readUInt32BE(16), small.readUInt32BE(20)]).toEqual([144, 72]);
    // A decoder accepts the file with the added chunk.
    expect(decode(png, 300, 150).length).toBe(300 * 150 * 4);
  });

  it('has its own font for regular and bold text', async () => {
    const ink = async (content: string) => {
      const pixels = decode(await renderPng(figure(content), { scale: 1 }), 72, 36);
      return pixels.reduce((sum, value, i) => (i % 4 === 3 ? sum + value : sum), 0);
    };
    const regular = await ink('<text x="5" y="20" font-size="12">Weight −µ</text>');
    const bold = await ink('<text x="5" y="20" font-size="12" font-weight="700">Weight −µ</text>');
    expect(regular).toBeGreaterThan(10_000);
    expect(bold).toBeGreaterThan(regular * 1.15);
  });

  it('gives the same bytes again', async () => {
    const svg = figure('<text x="5" y="20" font-size="12">again</text>');
    expect(await renderPng(svg)).toEqual(await renderPng(svg));
  });
});
