/** Routines: wherever a kernel calls them, and however often. */
import { expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import type { F64 } from '../../src/kernel/ir.js';
import { assembled } from '../../src/kernel/module-image.js';
import { log, pow } from '../../src/math/index.js';
import { exactly, inEveryWay, type Lanes } from './workbench.js';

const PAIRS = Array.from({ length: 21 }, (_, i) => [0.1 + i / 3, i / 7 - 1.5] as const);

test('hundreds of calls in a kernel', () => {
  const many = <T>(x: T, y: T, step: (sum: T, x: T, y: T) => T): T => {
    let sum = x;
    for (let i = 0; i < 300; i++) sum = step(sum, x, y);
    return sum;
  };
  const found = inEveryWay(PAIRS, (k, x, y) =>
    many(x, y, (sum: F64, a, b) =>
      k.let(k.call('pow', sum.abs().add(a), b.mul(0.25)).add(k.call('log', a))),
    ),
  );
  const expected = PAIRS.map(([x, y]) =>
    many(x, y, (sum: number, a, b) => pow(Math.abs(sum) + a, b * 0.25) + log(a)),
  );
  expect(exactly(found)).toEqual(exactly(expected));
});

test('one lane at a time', () => {
  const found = inEveryWay(PAIRS, (k, x, y) => {
    const result = k.variable(x);
    k.eachLane(y.gt(0), () => k.set(result, k.call('pow', k.call('log', x), y)));
    return result;
  });
  const expected = PAIRS.map(([x, y]) => (y > 0 ? pow(log(x), y) : x));
  expect(exactly(found)).toEqual(exactly(expected));
});

test('they stand once in a module, and only if called', () => {
  const kernel = (name: string, lanes: Lanes, calls: number) => {
    const k = new KernelBuilder(name, lanes);
    const [at, n] = [k.parameter('at'), k.parameter('n')];
    k.each(n, (i) => {
      let x = k.load(at.add(i));
      for (let j = 0; j < calls; j++) x = k.call('pow', x, x);
      k.store(at.add(i), x);
    });
    return k.finish(k.letInt(0));
  };
  const bytes = (...calls: number[]): number =>
    assembled(calls.map((n, i) => kernel(`k${i}`, 2, n))).code.length;
  const [none, one, two, apart] = [bytes(0), bytes(1), bytes(2), bytes(1, 1)];
  const routines = one - none;
  expect(routines).toBeGreaterThan(2000);
  expect(two - one).toBeLessThan(100);
  expect(apart - one).toBeLessThan(400);
});
