/** Time and area of dx/dt = e^x + a + b x beside a numerical integral. */
import { expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { courseInKernel, courseInNumbers } from '../../src/kernel/upstroke-course.js';
import { Workbench } from './workbench.js';

/** By Gauss's rule of two points in many parts. */
function literally(a: number, b: number, advance: number) {
  const parts = 20_000;
  const width = advance / parts;
  let [time, area] = [0, 0];
  for (let i = 0; i < parts; i++) {
    for (const side of [-1, 1]) {
      const x = width * (i + 0.5 + side / Math.sqrt(12));
      const part = (width / 2) * (1 / (Math.exp(x) + a + b * x));
      time += part;
      area += x * part;
    }
  }
  return { time, area };
}

const CASES = [
  [0, 0, 12],
  [1e-2, 0, 12],
  [-1e-2, 5e-4, 12],
  [4e-3, -2e-3, 1.5],
  [0, 2.5e-3, 0.4],
  [-8e-3, -1e-3, 0.4],
] as const;

test.each(CASES)('a = %f, b = %f, up to x = %f', (a, b, advance) => {
  const expected = literally(a, b, advance);
  const found = courseInNumbers(a, b, advance, Math.exp(-advance));
  // The sixth order is left out, a part of up to 10^-13 here.
  expect(Math.abs(found.time / expected.time - 1)).toBeLessThan(3e-13);
  expect(Math.abs(found.area / expected.area - 1)).toBeLessThan(3e-13);
});

test('in a kernel it is the same', () => {
  const bench = new Workbench();
  const kernels = bench.compile((lanes) => {
    const k = new KernelBuilder('course', lanes);
    const [from, to, n] = ['from', 'to', 'n'].map((name) => k.parameter(name));
    k.each(n!, (at) => {
      const stride = 8 * CASES.length;
      const [a, b, advance, shrunk] = [0, 1, 2, 3].map((i) => k.load(from!.add(at), stride * i));
      const { time, area } = courseInKernel(k, a!, b!, advance!, shrunk!);
      k.store(to!.add(at), time);
      k.store(to!.add(at), area, stride);
    });
    return k.finish(k.letInt(0));
  });
  const given = [0, 1, 2].map((i) => CASES.map((one) => one[i]!));
  const shrunk = CASES.map(([, , advance]) => Math.exp(-advance));
  const expected = CASES.map(([a, b, advance], i) => courseInNumbers(a, b, advance, shrunk[i]!));
  for (const kernel of kernels) {
    const from = bench.column([...given.flat(), ...shrunk]);
    const to = bench.column(new Float64Array(2 * CASES.length));
    kernel(from.byteOffset, to.byteOffset, CASES.length);
    expect([...to]).toEqual([...expected.map((e) => e.time), ...expected.map((e) => e.area)]);
  }
});
