/** Figures that are also files, as parts of a page. */
import type { Figure } from '../figures/index.js';
import { ONE_COLUMN } from '../figures/style.js';

/** Pixels of the page for a point of a figure, so that the text of both is of one size. */
const SCALE = 1.6;

/** @param caption as HTML */
export function drawnHtml({ name, svg }: Figure, caption: string): string {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number);
  const size = ` width="${Math.round(SCALE * width!)}" height="${Math.round(SCALE * height!)}"`;
  const kind = width! > ONE_COLUMN ? 'drawn wide' : 'drawn';
  const figure = `<div class="${kind}">${svg.replace(/ width="[^"]*" height="[^"]*"/, size)}</div>`;
  return `<figure>${figure}<figcaption>${caption}${fileLinks(name)}</figcaption></figure>`;
}

/** Where the files of a figure are. */
export function fileLinks(name: string): string {
  return `<span class="on-screen"> As files: <a href="${name}.svg">SVG</a>, <a href="${name}.png">PNG</a>.</span>`;
}
