/** Figures of one panel, or of several in two columns with letters. */
import { assemble, type Piece, panelLetter, remark, shortened, text } from './compose.js';
import { ONE_COLUMN, TWO_COLUMNS } from './style.js';

const MOST_PANELS = 6;

export interface Panels<T> {
  /** What has a panel each; of more than fit, the first. At least one. */
  readonly items: readonly T[];
  readonly nameOf: (item: T) => string;
  /** What the items are, in the plural. */
  readonly noun: string;
  /** The pieces of a panel whose upper left corner is at (x, y). */
  readonly draw: (item: T, x: number, y: number) => Piece[];
  readonly panelHeight: number;
  /** Where panels have their names above them, and how high that is. */
  readonly title?: { readonly x: number; readonly height: number };
  /** Distances of a remark on what is left out from the figure's right and lower edge. */
  readonly remarkAt: { readonly right: number; readonly bottom: number };
  /** See `assemble`; `description` ends with the names of the items. */
  readonly banner: string | undefined;
  readonly description: (names: string) => string;
}

/** What has a panel in a figure. */
export function shownOf<T>(items: readonly T[]): T[] {
  return items.slice(0, MOST_PANELS);
}

export function panelFigure<T>(panels: Panels<T>): string {
  const { items, nameOf, noun, draw, panelHeight, title, remarkAt, banner, description } = panels;
  const shown = shownOf(items);
  const titleHeight = title?.height ?? 0;
  const rowHeight = panelHeight + titleHeight;
  const pieces = shown.flatMap((item, index) => {
    const x = (index % 2) * (TWO_COLUMNS - ONE_COLUMN);
    const y = Math.floor(index / 2) * rowHeight;
    return [
      ...(shown.length === 1 ? [] : [panelLetter(index, x + 4, y + 11)]),
      ...(title === undefined ? [] : [text(titleOf(nameOf(item), title), x + title.x, y + 11)]),
      ...draw(item, x, y + titleHeight),
    ];
  });
  const size = {
    width: shown.length === 1 ? ONE_COLUMN : TWO_COLUMNS,
    height: Math.ceil(shown.length / 2) * rowHeight,
  };
  if (items.length > shown.length) {
    const note = `first ${shown.length} of ${items.length} ${noun}`;
    pieces.push(remark(note, size.width - remarkAt.right, size.height - remarkAt.bottom));
  }
  return assemble(size, pieces, { banner, description: description(shown.map(nameOf).join(', ')) });
}

function titleOf(name: string, { x }: { readonly x: number }): string {
  return shortened(name, ONE_COLUMN - x);
}
