import { describe, expect, test } from 'vitest';
import { IdList, IdSet, idsFrom } from '../../src/connectivity/id-set.js';

const set = new IdSet([
  { first: 4, count: 3 },
  { first: 10, count: 1 },
  { first: 20, count: 2 },
]);
const ids = [4, 5, 6, 10, 20, 21];

describe('IdSet', () => {
  test('knows its ids by index, and back', () => {
    expect(set.length).toBe(6);
    expect(Array.from({ length: 6 }, (_, i) => set.id(i))).toEqual(ids);
    expect(ids.map((id) => set.indexOf(id))).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...set.toArray()]).toEqual(ids);
  });

  test.each([0, 3, 7, 9, 11, 19, 22])('%i is not in it', (id) => {
    expect(set.indexOf(id)).toBe(-1);
  });

  test('of many ranges', () => {
    const ranges = Array.from({ length: 1000 }, (_, i) => ({ first: 1 + 3 * i, count: 2 }));
    const many = new IdSet(ranges);
    expect(many.length).toBe(2000);
    for (const i of [0, 1, 2, 999, 1000, 1998, 1999]) {
      expect(many.id(i)).toBe(1 + 3 * Math.floor(i / 2) + (i % 2));
      expect(many.indexOf(many.id(i))).toBe(i);
    }
  });
});

describe('IdList', () => {
  const list = new IdList(Uint32Array.of(7, 3, 7, 9));

  test('keeps order and repetitions', () => {
    expect(list.length).toBe(4);
    expect([0, 1, 2, 3].map((i) => list.id(i))).toEqual([7, 3, 7, 9]);
    expect([...list.toArray()]).toEqual([7, 3, 7, 9]);
  });

  test('finds the first place of an id', () => {
    expect([7, 3, 9, 4].map((id) => list.indexOf(id))).toEqual([0, 1, 3, -1]);
  });

  test('its ranges name each id once', () => {
    const named = list.ranges.flatMap(({ first, count }) =>
      Array.from({ length: count }, (_, i) => first + i),
    );
    expect(named.toSorted((a, b) => a - b)).toEqual([3, 7, 9]);
  });
});

test('ids survive the way to a worker', () => {
  for (const original of [set, new IdList(Uint32Array.of(7, 3, 7))]) {
    const data = original instanceof IdSet ? original.ranges : original.toArray();
    const back = idsFrom(structuredClone(data));
    expect(back).toBeInstanceOf(original.constructor);
    expect(back.toArray()).toEqual(original.toArray());
  }
});
