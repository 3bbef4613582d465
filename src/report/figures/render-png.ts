import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';
import { withResolution } from './png.js';
import { FONT, PNG_DPI } from './style.js';

const require = createRequire(import.meta.url);
/** Shipped with the package: the same pixels on machines with other fonts, or with none. */
const FONT_FILES = ['400Regular/Arimo_400Regular.ttf', '700Bold/Arimo_700Bold.ttf'].map((file) =>
  require.resolve(`@expo-google-fonts/arimo/${file}`),
);

export interface PngOptions {
  /** Pixels per point; default 300/72, which is 300 dpi at the figure's printed size. */
  readonly scale?: number;
}

/** CSS for an image whose pixels are cells: drawn with edges, at any size. */
export const SHARP_CELLS = 'image-rendering:pixelated';
/** The same for resvg, which smooths what browsers call pixelated; they smooth this. */
const SHARP_FOR_RESVG = 'image-rendering:optimizeSpeed';

/** Draws one of our figures as PNG, on a thread of its own. */
export async function renderPng(svg: string, options: PngOptions = {}): Promise<Buffer> {
  const { scale = PNG_DPI / 72 } = options;
  const width = Math.round(widthInPoints(svg) * scale);
  const image = await renderAsync(svg.replaceAll(SHARP_CELLS, SHARP_FOR_RESVG), {
    fitTo: { mode: 'width', value: width },
    font: {
      loadSystemFonts: false,
      fontFiles: FONT_FILES,
      defaultFontFamily: FONT,
      sansSerifFamily: FONT,
    },
  });
  return withResolution(image.asPng(), scale * 72);
}

function widthInPoints(svg: string): number {
  return Number(/viewBox="0 0 ([\d.]+) /.exec(svg)?.[1]);
}
