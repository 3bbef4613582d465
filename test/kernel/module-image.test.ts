import { expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { assembled, linked } from '../../src/kernel/module-image.js';

/** A kernel that adds constants to a variable, some of them twice. */
function adding(...constants: number[]) {
  const k = new KernelBuilder('adding', 2);
  const sum = k.variable(constants[0]!);
  k.each(k.parameter('end'), () => {
    for (const constant of constants) k.set(sum, sum.add(constant));
  });
  const result = k.letInt(0);
  k.eachLane(sum.gt(0), () => k.setInt(result, 1));
  return k.finish(result);
}

/** The signed number in LEB128 that begins at this byte. */
function signedAt(bytes: Uint8Array, at: number): number {
  let [value, shift, byte] = [0, 0, 0];
  do {
    byte = bytes[at++]!;
    value |= (byte & 0x7f) << shift;
    shift += 7;
  } while (byte >= 0x80);
  return shift < 32 && (byte & 0x40) !== 0 ? value | (-1 << shift) : value;
}

test('an image names each constant once, in the order in which they are met first', () => {
  const { constants, places } = assembled([adding(1.5, -0, 1.5, Number.NaN), adding(2.5, -0)]);
  const named = [...constants].filter((constant) => [1.5, 2.5].includes(constant));
  expect(named).toEqual([1.5, 2.5]);
  expect([...constants].filter((constant) => Object.is(constant, -0))).toHaveLength(1);
  expect([...constants].filter(Number.isNaN)).toHaveLength(1);
  const numbers = [...places].filter((_, i) => i % 2 === 1);
  expect(new Set(numbers)).toEqual(new Set(constants.keys()));
});

test.each([0, 8, 64, 8191, 8192, 2 ** 20, 2 ** 27 + 8, 2 ** 31 - 8, 2 ** 31 + 16, 2 ** 32 - 8])(
  'constants are put at address %i on',
  (first) => {
    const image = assembled([adding(1.5, 2.5, 3.5)]);
    const { constants, places } = image;
    const code = linked(image, (constant) => first + 8 * constants.indexOf(constant));
    expect(code.length).toBe(image.code.length);
    for (let i = 0; i < places.length; i += 2) {
      expect(signedAt(code, places[i]!) >>> 0).toBe((first + 8 * places[i + 1]!) >>> 0);
    }
    expect(WebAssembly.validate(code)).toBe(true);
  },
);
