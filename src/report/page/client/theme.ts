/** Appearance of the page: what the reader chose, and what canvases must know of it. */

const root = document.documentElement;
const KEY = 'isospike-theme';
const watchers: (() => void)[] = [];

/** Calls `redraw` when colours have changed, and around printing. */
export function onAppearance(redraw: () => void): void {
  watchers.push(redraw);
}

/** Whether the page is being laid out for paper. */
export function isPrinting(): boolean {
  return root.hasAttribute('data-printing');
}

/** Wires the choice of appearance, which is kept for other pages where the browser allows it. */
export function startTheme(): void {
  const choice = document.querySelector<HTMLSelectElement>('#theme')!;
  choice.value = stored() ?? '';
  apply(choice.value);
  choice.addEventListener('change', () => {
    store(choice.value);
    apply(choice.value);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll);
  addEventListener('beforeprint', () => {
    root.toggleAttribute('data-printing', true);
    apply('light');
  });
  addEventListener('afterprint', () => {
    root.toggleAttribute('data-printing', false);
    apply(choice.value);
  });
}

function apply(theme: string): void {
  if (theme === '') delete root.dataset.theme;
  else root.dataset.theme = theme;
  redrawAll();
}

function redrawAll(): void {
  for (const redraw of watchers) redraw();
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // The reader's settings forbid it.
  }
}

function store(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Then the choice holds for this page alone.
  }
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** What a colour of the style sheet, such as 'var(--blue)', is at present. */
export function currentColor(element: HTMLElement, color: string): Rgb {
  const probe = document.createElement('span');
  probe.style.color = color;
  element.append(probe);
  const [red, green, blue] = getComputedStyle(probe)
    .color.match(/[\d.]+/g)!
    .map(Number);
  probe.remove();
  return [red!, green!, blue!];
}
