import { describe, expect, it } from 'vitest';
import {
  BLUE_WHITE_RED,
  colorAt,
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
});
