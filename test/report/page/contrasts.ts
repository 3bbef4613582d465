/** Contrast of all text and all drawn marks of a page, by the formula of WCAG 2 (relative luminance). */
import type { Page } from 'playwright-core';

export interface Contrast {
  /** Of the element, or the element's name. */
  readonly text: string;
  readonly color: string;
  readonly background: string;
  readonly ratio: number;
}

interface Painted {
  readonly text: string;
  readonly color: string;
  readonly background: string;
  /** Of the colour over the background. */
  readonly opacity: number;
}

/** Of every element that holds text itself, seen or not, against what lies behind it. */
export async function contrasts(page: Page): Promise<Contrast[]> {
  return (await painted(page, 'text')).map(contrastOf);
}

/**
 * Of every shape of a plot, bar and key, seen or not, against the paper. Left out are cells of
 * matrices, whose colours are numbers (WCAG: essential), areas where there is nothing, gaps in the
 * colour of the paper, and what answers the pointer.
 */
export async function markContrasts(page: Page): Promise<Contrast[]> {
  return (await painted(page, 'marks')).map(contrastOf);
}

function painted(page: Page, what: 'text' | 'marks'): Promise<Painted[]> {
  return page.evaluate((what) => {
    const opacityOf = (color: string) => Number(color.match(/[\d.]+/g)?.[3] ?? 1);
    const behind = (element: Element): string => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if (opacityOf(backgroundColor) !== 0) return backgroundColor;
      }
      return 'rgb(255, 255, 255)';
    };
    const holdsText = (element: Element) =>
      Array.from(element.childNodes).some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '',
      );
    if (what === 'text') {
      return Array.from(document.body.querySelectorAll('*'))
        .filter((element) => !/^(script|noscript|title)$/i.test(element.tagName))
        .filter((element) => holdsText(element))
        .map((element) => {
          const style = getComputedStyle(element);
          const color = element instanceof SVGElement ? style.fill : style.color;
          const text = element.textContent!.slice(0, 40);
          return { text, color, background: behind(element), opacity: opacityOf(color) };
        });
    }
    const paper = behind(document.body);
    const probe = document.createElement('p');
    probe.style.color = 'var(--absent)';
    document.body.append(probe);
    const absent = getComputedStyle(probe).color;
    probe.remove();
    const shapes = 'figure svg :is(path, rect, line, circle, polyline, polygon)';
    const passive = ':not(.selection, .gap, clipPath *, [shape-rendering] *)';
    const drawn = Array.from(document.querySelectorAll(shapes + passive)).flatMap((element) => {
      const style = getComputedStyle(element);
      let whole = 1;
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        whole *= Number(getComputedStyle(at).opacity);
      }
      const text = `${element.tagName} ${element.getAttribute('class') ?? ''}`.trim();
      return (['fill', 'stroke'] as const).map((property) => {
        const color = style[property];
        const opacity = whole * Number(style[`${property}Opacity`]) * opacityOf(color);
        return { text: `${text}: ${property}`, color, background: paper, opacity };
      });
    });
    const bars = Array.from(document.querySelectorAll('.shares .bar span')).map((element) => {
      const color = getComputedStyle(element).backgroundColor;
      return { text: 'bar', color, background: paper, opacity: 1 };
    });
    const keys = Array.from(document.querySelectorAll('.keys span')).map((element) => {
      const color = getComputedStyle(element, '::before').backgroundColor;
      return { text: 'key', color, background: paper, opacity: 1 };
    });
    return [...drawn, ...bars, ...keys].filter(
      ({ color, opacity }) =>
        /^rgb/.test(color) && opacity > 0 && color !== absent && color !== paper,
    );
  }, what);
}

function contrastOf({ text, color, background, opacity }: Painted): Contrast {
  const under = channels(background);
  const seen = channels(color).map((c, i) => opacity * c + (1 - opacity) * under[i]!);
  const [a, b] = [luminance(seen), luminance(under)];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return { text, color, background, ratio };
}

function channels(color: string): number[] {
  return color
    .match(/[\d.]+/g)!
    .slice(0, 3)
    .map(Number);
}

function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
