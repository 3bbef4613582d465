import fc from 'fast-check';
import { expect, test } from 'vitest';
import { F64Column, IntList, U32Column } from '../../src/memory/columns.js';

/** Around the length of a chunk and its double. */
const LENGTHS = [0, 1, 8191, 8192, 8193, 16384, 20000];

test.each(LENGTHS)('%i values come back in order', (length) => {
  const column = new U32Column();
  for (let i = 0; i < length; i++) column.push(3 * i);
  expect(column.length).toBe(length);
  expect(column.toArray()).toEqual(Uint32Array.from({ length }, (_, i) => 3 * i));
  expect(Uint32Array.from({ length }, (_, i) => column.at(i))).toEqual(column.toArray());
});

test('doubles keep their bits', () => {
  const column = new F64Column();
  const values = [0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324];
  for (const value of values) column.push(value);
  expect(column.toArray()).toEqual(Float64Array.from(values));
});

test('clearing leaves a column of use', () => {
  const column = new U32Column();
  for (let i = 0; i < 10_000; i++) column.push(i);
  column.clear();
  expect([column.length, column.toArray().length]).toEqual([0, 0]);
  column.push(7);
  expect(column.toArray()).toEqual(Uint32Array.of(7));
});

test('pushing and truncating in any order is what an array does', () => {
  const steps = fc.array(
    fc.record({ push: fc.nat(20_000), keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const column = new U32Column();
      let model: number[] = [];
      for (const { push, keep } of all) {
        for (let i = 0; i < push; i++) {
          column.push(i);
          model.push(i);
        }
        const length = Math.floor(keep * model.length);
        column.truncate(length);
        model = model.slice(0, length);
        expect(column.length).toBe(length);
        expect(column.toArray()).toEqual(Uint32Array.from(model));
      }
    }),
    { seed: 7, numRuns: 40 },
  );
});

test('nothing can be kept that is not there', () => {
  const column = new U32Column();
  column.push(1);
  expect(() => column.truncate(2)).toThrow('2 values of 1');
  expect(() => column.truncate(-1)).toThrow();
});

test('a list that is pushed to, sorted and cleared is what an array is', () => {
  const value = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const rounds = fc.array(fc.array(value, { maxLength: 40 }), { maxLength: 5 });
  fc.assert(
    fc.property(rounds, (all) => {
      const list = new IntList();
      for (const values of all) {
        list.clear();
        for (const each of values) list.push(each);
        expect([...list.values.subarray(0, list.length)]).toEqual(values);
        list.sort();
        expect([...list.values.subarray(0, list.length)]).toEqual(values.sort((a, b) => a - b));
      }
    }),
    { seed: 20261129 },
  );
});
