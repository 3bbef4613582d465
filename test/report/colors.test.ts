import { describe, expect, test } from 'vitest';
import { type ColorName, ON_DARK, ON_WHITE } from '../../src/report/colors.js';
import { SLICE_PHASES } from '../../src/report/phases.js';
import { phases } from '../../src/scaling/study.js';
import { APART, pairs, TOGETHER } from './colors-together.js';
import { difference, labOf } from './page/colour-vision.js';

/**
 * How colours look, as matrices on linear RGB: Machado, Oliveira and Fernandes, IEEE Trans. Vis.
 * Comput. Graph. 15 (2009) 1291-1298, severity 1.
 */
const VISION = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deuteranopia: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritanopia: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
} as const;
type Vision = keyof typeof VISION;

function linear(hex: string): number[] {
  return [1, 3, 5].map((i) => {
    const value = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

function seen(hex: string, vision: Vision) {
  const rgb = linear(hex);
  const row = (r: number) => {
    const sum = rgb.reduce((all, c, i) => all + VISION[vision][3 * r + i]! * c, 0);
    const value = Math.min(1, Math.max(0, sum));
    return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
  };
  return labOf([row(0), row(1), row(2)]);
}

function contrast(a: string, b: string): number {
  const [x, y] = [a, b].map((hex) => {
    const [red, green, blue] = linear(hex);
    return 0.05 + 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  });
  return Math.max(x! / y!, y! / x!);
}

describe.each([
  ['white', ON_WHITE, '#ffffff'],
  ['dark', ON_DARK, '#14171a'],
] as const)('on %s', (_, colors, paper) => {
  test('all marks stand out', () => {
    const names = (Object.keys(colors) as ColorName[]).filter((name) => name !== 'absent');
    const faint = names.filter((name) => contrast(colors[name], paper) < 3);
    expect(faint).toEqual([]);
  });

  test.each(Object.keys(VISION) as Vision[])(
    'no two colours of a figure look alike (%s)',
    (vision) => {
      for (const set of TOGETHER) {
        const close = pairs(set).filter(([a, b]) => {
          return difference(seen(colors[a], vision), seen(colors[b], vision)) < APART;
        });
        expect(close).toEqual([]);
      }
    },
  );
});

test('the measure finds what cannot be told apart', () => {
  const [orange, vermillion] = ['#b87f00', '#d55e00'];
  const between = (vision: Vision) => difference(seen(orange, vision), seen(vermillion, vision));
  expect(between('normal')).toBeGreaterThan(25);
  expect(between('deuteranopia')).toBeLessThan(3);
});

test('every phase has its place and its colour', () => {
  expect(SLICE_PHASES.map(({ name }) => name).sort()).toEqual([...phases].sort());
  expect(new Set(SLICE_PHASES.map(({ color }) => color)).size).toBe(phases.length);
});
