import { expect, test } from 'vitest';
import { ColumnCopy } from '../../src/engine/column-copy.js';
import { Population } from '../models/population.js';

test.each([1, 7, 48, 49, 64, 1001])('%i numbers go where they belong', (count) => {
  const { engine, group } = new Population('parrot_neuron', 1);
  const { segment } = engine;
  const from = segment.allocateF64(count + 10, 'test');
  const to = segment.allocateF64(count + 10, 'test');
  from.forEach((_, i) => {
    from[i] = i + 0.5;
  });
  new ColumnCopy(group).copy(from, 4, to, 2, count);
  // Few are copied one by one, more by the kernel, which works in pairs.
  const copied = count > 48 ? count + (count & 1) : count;
  expect([...to.subarray(2, 2 + copied)]).toEqual([...from.subarray(4, 4 + copied)]);
  expect([...to.subarray(0, 2)]).toEqual([0, 0]);
  expect([...to.subarray(2 + copied)]).toEqual(Array(8 + count - copied).fill(0));
});
