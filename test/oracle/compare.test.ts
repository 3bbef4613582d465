import { describe, expect, test } from 'vitest';
import {
  compareSpikes,
  compareTraces,
  compareValues,
  compareWeightEvents,
  compareWeights,
  deviation,
} from './compare.js';

describe('deviation', () => {
  test('is absolute below 1 and relative above', () => {
    expect(deviation(0.5, 0.25)).toBe(0.25);
    expect(deviation(-60, -50)).toBe(0.2);
  });

  test('of what is missing or not a number is infinite', () => {
    expect(deviation(undefined, 1)).toBe(Infinity);
    expect(deviation(NaN, 1)).toBe(Infinity);
  });
});

describe('compareSpikes', () => {
  const expected = { sender: [1, 2, 2], step: [5, 5, 9] };

  test('takes any order within a step', () => {
    expect(compareSpikes({ sender: [2, 1, 2], step: [5, 5, 9] }, expected)).toBe(0);
  });

  test('refuses a shifted, a missing and an additional spike', () => {
    const shifted = { sender: [1, 2, 2], step: [5, 5, 10] };
    expect(() => compareSpikes(shifted, expected)).toThrow(/expected node 2 in step 9, got.*10/);
    const missing = { sender: [1, 2], step: [5, 5] };
    expect(() => compareSpikes(missing, expected)).toThrow(/got no spike/);
    const additional = { sender: [1, 2, 2, 2], step: [5, 5, 9, 9] };
    expect(() => compareSpikes(additional, expected)).toThrow(/expected no spike/);
  });
});

describe('weights', () => {
  const expected = { source: [1, 1], target: [2, 3], step: [4, 4], weight: [0.5, 0.25] };

  test('largest deviation of the events', () => {
    const actual = { ...expected, weight: [0.5, 0.25 + 2 ** -40] };
    expect(compareWeightEvents(actual, expected, 1e-10)).toBe(2 ** -40);
  });

  test('refuses another weight, another transmission, another number', () => {
    const heavier = { ...expected, weight: [0.5, 0.26] };
    expect(() => compareWeightEvents(heavier, expected, 1e-10)).toThrow(/1 -> 3 in step 4.*0.26/);
    const elsewhere = { ...expected, target: [2, 4] };
    expect(() => compareWeightEvents(elsewhere, expected, 1e-10)).toThrow(/got 1 -> 4/);
    const none = { source: [], target: [], step: [], weight: [] };
    expect(() => compareWeightEvents(none, expected, 1e-10)).toThrow(/got none/);
    expect(() => compareWeightEvents(expected, none, 1e-10)).toThrow(/2 weight events, expected 0/);
  });

  test('final weights go by connection', () => {
    const spikes = { sender: [], step: [] };
    const final = (...pairs: [number, number[]][]) => ({ spikes, final_weights: pairs });
    const wanted = final([3, [1]], [7, [2]]);
    expect(compareWeights(final([7, [2]], [3, [1.5]]), wanted, 0.5)).toBe(0.5);
    expect(() => compareWeights(final([3, [2]], [7, [1]]), wanted, 0.4)).toThrow(/connection 3/);
    expect(() => compareWeights(final([3, [1]], [8, [2]]), wanted, 0.4)).toThrow(/connection 7/);
    expect(() => compareWeights(final([3, [1]]), wanted, 0.4)).toThrow(/1 final weights/);
  });

  test('values go by position', () => {
    expect(compareValues('x', [1, 2], [1, 2.25], 0.2)).toBeCloseTo(1 / 9, 15);
    expect(() => compareValues('x', [1, 2], [1, 2.25], 0.1)).toThrow(/x\[1\]: expected 2.25/);
    expect(() => compareValues('x', [1], [1, 2], 1)).toThrow(/1 values, expected 2/);
  });
});

describe('compareTraces', () => {
  const expected = { 4: { step: [10, 20, 30], V_m: [0.1, 0.2, 0.3] } };
  const spikes = { sender: [4, 5], step: [29, 10] };
  const tolerance = () => ({ tolerance: 1e-9, nearSpike: 1e-3 });
  const compare = (V_m: number[], step = [10, 20, 30]) =>
    compareTraces({ 4: { step, V_m } }, expected, spikes, 0.5, tolerance);

  test('is more lenient within 1 ms of a spike of the same node', () => {
    const { apart, nearSpike } = compare([0.1, 0.2, 0.3005]);
    expect(apart).toBe(0);
    expect(nearSpike).toBeCloseTo(5e-4, 12);
    expect(() => compare([0.1005, 0.2, 0.3])).toThrow(/V_m of node 4 in step 10/);
    expect(() => compare([0.1, 0.2, 0.31])).toThrow(/step 30/);
  });

  test('goes by step: more steps may be there, none may be missing', () => {
    expect(compare([9, 0.1, 0.2, 0.3, 9], [5, 10, 20, 30, 40])).toEqual({ apart: 0, nearSpike: 0 });
    expect(() => compare([0.1, 0.2], [10, 20])).toThrow(/step 30: expected 0.3, got undefined/);
    expect(() => compareTraces({}, expected, spikes, 0.5, tolerance)).toThrow(/node 4/);
  });
});
