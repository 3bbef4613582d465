import { describe, expect, it } from 'vitest';
import {
  BLUE_WHITE_RED,
  colorAt,
  evenNumbers,
  hex,
  neuronTicks,
  plainNumber,
  timeScale,
} from '../../../src/report/figures/style.js';

describe('colorAt', () => {
  it('gives the stops themselves and their mean between them', () => {
    expect(hex(colorAt(BLUE_WHITE_RED, 0))).toBe('#2166ac');
    expect(hex(colorAt(BLUE_WHITE_RED, 0.5))).toBe('#f7f7f7');
    expect(hex(colorAt(BLUE_WHITE_RED, 1))).toBe('#b2182b');
    expect(colorAt(['#000000', '#04080c'], 0.5)).toEqual([2, 4, 6]);
  });

  it('clamps what lies outside', () => {
    expect(hex(colorAt(['#010203', '#ffffff'], -1))).toBe('#010203');
    expect(hex(colorAt(['#010203', '#ffffff'], 7))).toBe('#ffffff');
  });
});

describe('neuronTicks', () => {
  it('labels every neuron of few', () => {
    expect(neuronTicks(3, 3)).toEqual([1, 2, 3]);
    expect(neuronTicks(10, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('labels the first and round numbers of many', () => {
    expect(neuronTicks(10, 4)).toEqual([1, 5, 10]);
    expect(neuronTicks(20, 10)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(neuronTicks(500, 5)).toEqual([1, 100, 200, 300, 400, 500]);
    expect(neuronTicks(1234, 5)).toEqual([1, 500, 1000]);
  });
});

describe('axes', () => {
  it('measures short runs in ms and long ones in s', () => {
    expect(timeScale(1999.9)).toEqual({ label: 'Time (ms)', unit: 1 });
    expect(timeScale(2000)).toEqual({ label: 'Time (s)', unit: 1000 });
  });

  it('writes ticks without rounding noise or separators', () => {
    expect([0.1 + 0.2, 1400, 0].map(plainNumber)).toEqual(['0.3', '1400', '0']);
  });

  it('writes minus as such, and long numbers with an exponent', () => {
    expect([-0.5, 2e22, -2.5e-9, 1e6, 1.25e7].map(plainNumber)).toEqual([
      '−0.5',
      '2e22',
      '−2.5e−9',
      '1000000',
      '1.25e7',
    ]);
  });
});

describe('evenNumbers', () => {
  const written = (low: number, high: number, values: readonly number[]) =>
    values.map(evenNumbers(low, high, 5));

  it('have the same decimals', () => {
    expect(written(0.248, 0.263, [0.25, 0.255, 0.26])).toEqual(['0.250', '0.255', '0.260']);
    expect(written(-1, 3, [-1, 0, 2])).toEqual(['−1.0', '0.0', '2.0']);
    expect(written(0, 30, [0, 10])).toEqual(['0', '10']);
  });

  it('have an exponent where these would be many', () => {
    expect(written(-1e-5, 0, [-1e-5, 0])).toEqual(['−1e−5', '0']);
    expect(written(0, 9e8, [2e8])).toEqual(['2e8']);
  });
});
