/** Loops and branches of kernels: the same in WebAssembly, with and without SIMD, and JavaScript. */
import { describe, expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { f64, int } from '../../src/kernel/ir.js';
import { Workbench } from './workbench.js';

const bench = new Workbench();

test('what has to be done if any element needs it', () => {
  // Per pair or per element, the sum of what is done is the same if nobody needs it or everybody.
  const kernels = bench.compile((lanes) => {
    const k = new KernelBuilder('any', lanes);
    const [values, n] = [k.parameter('values'), k.parameter('n')];
    const any = k.letInt(0);
    k.each(n, (at) => k.ifAny(k.load(values.add(at)).gt(1), () => k.setInt(any, 1)));
    return k.finish(any);
  });
  const values = bench.column([0, 0, 0, 0]);
  for (let mask = 0; mask < 16; mask++) {
    values.forEach((_, i) => {
      values[i] = (mask >> i) & 1 ? 2 : NaN;
    });
    for (const any of kernels) expect(any(values.byteOffset, 4)).toBe(mask === 0 ? 0 : 1);
  }
});

test('columns that end with their last element', () => {
  // Nothing behind element `count` is written, in any way of running.
  const kernels = bench.compile((lanes) => {
    const k = new KernelBuilder('squares', lanes);
    const [from, to, count] = ['from', 'to', 'count'].map((name) => k.parameter(name));
    const elements = k.letInt(0);
    k.eachAlone(count, (at) => {
      const value = k.let(k.load(from.add(at)));
      k.store(to.add(at), value.mul(value).add(value.gt(0).select(0.5, -0.5)));
      k.setInt(elements, elements.add(1));
    });
    return k.finish(elements);
  });
  for (let count = 0; count <= 7; count++) {
    const given = Array.from({ length: count }, (_, i) => i - 2.5);
    const expected = [...given.map((x) => x * x + (x > 0 ? 0.5 : -0.5)), 123, 456];
    for (const kernel of kernels) {
      const from = bench.column([...given, 7, 7]);
      const to = bench.column([...given.map(() => 0), 123, 456]);
      kernel(from.byteOffset, to.byteOffset, count);
      expect(Array.from(to)).toEqual(expected);
    }
  }
});

test('a condition that is named keeps what it was', () => {
  const kernels = bench.compile((lanes) => {
    const k = new KernelBuilder('named', lanes);
    const [values, flags, wholes, n] = [
      ...['values', 'flags', 'wholes', 'n'].map((name) => k.parameter(name)),
    ];
    const counted = k.letInt(0);
    k.each(n, (at) => {
      const x = k.load(values.add(at));
      const large = k.letMask(x.gt(1));
      const whole = k.variable(0);
      k.eachLane(large.not(), () => {
        k.setInt(counted, counted.add(1));
        // Of another that is named, beside the other lane.
        k.set(whole, k.letMask(large.or(x.eq(-1))).select(3.7, 0));
      });
      k.store(wholes.add(at), whole);
    });
    // The last one alone.
    k.eachAlone(n, (at) => {
      const x = k.load(values.add(at));
      const large = k.letMask(x.gt(1));
      const neither = k.letMask(large.not().and(x.eq(x)));
      k.set(x, large.select(0, 5));
      k.store(values.add(at), large.or(neither).select(x, -1));
      k.store(flags.add(at), large.select(1, 0));
    });
    return k.finish(counted);
  });
  for (const named of kernels) {
    const values = bench.column([2, 0, Number.NaN, 3, 4, -1, 7]);
    const flags = bench.column(values);
    const wholes = bench.column(values);
    // Beyond the last there is a 0, which a pair counts.
    const found = named(values.byteOffset, flags.byteOffset, wholes.byteOffset, 7);
    expect(found - 3).toBeOneOf([0, 1]);
    expect([...wholes]).toEqual([0, 0, 0, 0, 0, 3.7, 0]);
    expect([...values]).toEqual([0, 5, -1, 0, 0, 5, 0]);
    expect([...flags]).toEqual([1, 0, 0, 1, 1, 0, 1]);
  }
});

test('constants of a short loop, of either sign', () => {
  const kernels = bench.compile((lanes) => {
    const k = new KernelBuilder('zeros', lanes);
    const [to, n] = ['to', 'n'].map((name) => k.parameter(name));
    k.each(n!, (at) => {
      k.store(to!.add(at), f64(1).div(0), 0);
      k.store(to!.add(at), f64(1).div(-0), 32);
    });
    return k.finish(k.letInt(0));
  });
  for (const zeros of kernels) {
    const to = bench.column(new Float64Array(8));
    zeros(to.byteOffset, 4);
    expect([...to]).toEqual([1, -1].flatMap((sign) => Array(4).fill(sign * Infinity)));
  }
});

describe('kernels of one lane', () => {
  test('branch and loop on numbers, and truncate', () => {
    /** Steps until x is 1, for whole numbers x > 0; at most 100. */
    const collatz = (x: number): number => Math.min(100, collatzSteps(x));
    const kernels = bench.compile(() => {
      const k = new KernelBuilder('collatz', 1);
      const [values, n] = [k.parameter('values'), k.parameter('n')];
      const total = k.letInt(0);
      k.each(n, (at) => {
        const x = k.load(values.add(at));
        const steps = k.letInt(0);
        const goesOn = k.letInt(1);
        k.whileInt(goesOn, () => {
          k.setInt(goesOn, 0);
          const half = k.let(x.mul(0.5));
          const whole = half.toInt().toF64();
          k.if(x.gt(1), () => {
            k.if(
              half.eq(whole),
              () => k.set(x, half),
              () => k.set(x, x.mul(3).add(1)),
            );
            k.setInt(steps, steps.add(1));
            k.ifInt(steps.lt(100), () => k.setInt(goesOn, 1));
          });
        });
        k.setInt(total, total.add(steps));
      });
      return k.finish(total);
    }, false);
    const values = bench.column(Array.from({ length: 40 }, (_, i) => i + 1));
    const expected = values.reduce((sum, x) => sum + collatz(x), 0);
    expect(expected).toBeGreaterThan(200);
    for (const kernel of kernels) expect(kernel(values.byteOffset, values.length)).toBe(expected);
  });
});

/** Lanes go their own ways: each takes the next number as soon as its own has come to 1. */
test('lanes that take one element after the other, and branches in lanes', () => {
  const kernels = bench.compile((lanes) => {
    const k = new KernelBuilder('lanes', lanes);
    const [from, to, n] = [k.parameter('from'), k.parameter('to'), k.parameter('n')];
    const [next, left] = [k.letInt(0), k.letInt(n)];
    const [busy, x, steps, at] = [0, 1, 0, 0].map((value) => k.variable(value));
    k.whileInt(int(0).lt(left), () => {
      k.eachLane(busy.eq(0), () =>
        k.ifInt(next.lt(n), () => {
          k.set(x, k.load(from.add(next.shl(3))));
          k.set(at, next.toF64());
          k.set(steps, 0);
          k.set(busy, 1);
          k.setInt(next, next.add(1));
        }),
      );
      k.if(x.gt(1), () => {
        const half = k.let(x.mul(0.5));
        const ROUNDER = 1.5 * 2 ** 52;
        k.if(
          half.eq(k.let(half.add(ROUNDER).sub(ROUNDER))),
          () => k.set(x, half),
          () => k.set(x, x.mul(3).add(1)),
        );
        k.set(steps, steps.add(1));
      });
      k.eachLane(busy.eq(1).and(x.le(1)), () => {
        k.if(
          steps.gt(0),
          () => k.store(to.add(at.toInt().shl(3)), steps),
          () => k.store(to.add(at.toInt().shl(3)), x.neg()),
        );
        k.set(busy, 0);
        k.setInt(left, left.sub(1));
      });
    });
    return k.finish(left);
  });
  for (const length of [0, 1, 2, 41]) {
    const values = bench.column(Array.from({ length }, (_, i) => ((7 * i) % 41) + 1));
    const to = bench.column(values);
    const expected = Array.from(values, (x) => collatzSteps(x) || -1);
    for (const kernel of kernels) {
      to.fill(7);
      expect(kernel(values.byteOffset, to.byteOffset, length)).toBe(0);
      expect(Array.from(to)).toEqual(expected);
    }
  }
});

function collatzSteps(x: number): number {
  let steps = 0;
  for (let y = x; y > 1; steps++) y = y % 2 === 0 ? y / 2 : 3 * y + 1;
  return steps;
}
