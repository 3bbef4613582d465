/**
 * The colours of data, in one place: on white, as in all figures and on light pages, and on dark
 * pages. They are those of Okabe and Ito (2008), some darker or lighter, so that on their background
 * all have a contrast of at least 3 (WCAG 2.2, 1.4.11), and no two that stand in one figure look alike
 * with any kind of colour vision.
 */
export const ON_WHITE = {
  black: '#000000',
  blue: '#0072B2',
  vermillion: '#B84A00',
  green: '#009E73',
  purple: '#9C4778',
  orange: '#C28600',
  sky: '#3B9AD1',
  /** For what is to be seen less than the rest. */
  grey: '#6B7177',
  /** Lines and words beside the data. */
  quiet: '#555B61',
  /** Where there is nothing; an area, not a mark. */
  absent: '#DCDCDC',
} as const;

export type ColorName = keyof typeof ON_WHITE;

export const ON_DARK: Readonly<Record<ColorName, string>> = {
  black: '#E8EAEC',
  blue: '#56B4E9',
  vermillion: '#F0803C',
  green: '#159A70',
  purple: '#E6A8CB',
  orange: '#E69F00',
  sky: '#56B4E9',
  grey: '#737B83',
  quiet: '#A6ADB4',
  absent: '#3A4046',
};

/** As a page takes it: the one or the other, as it is light or dark. */
export function pageColor(name: ColorName): string {
  return `var(--${name})`;
}
