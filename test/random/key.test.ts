import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/errors/index.js';
import { checkSeed, ownStream, type Seed, streamKey } from '../../src/random/key.js';

const keyText = (seed: Seed, purpose: string) => {
  const { k0, k1 } = streamKey(seed, purpose);
  return `${k0} ${k1}`;
};

describe('seeds', () => {
  test.each([0, 1, 12345, 2 ** 53 - 1, 'a', 'Zürich'])('%j is one', (seed) => {
    expect(() => checkSeed(seed)).not.toThrow();
  });

  test.each([
    -1,
    0.5,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    null,
    undefined,
    true,
    {},
    [1],
  ])('%j is none', (seed) => {
    expect(() => checkSeed(seed)).toThrow(ValueError);
    expect(() => streamKey(seed as Seed, 'purpose')).toThrow(ValueError);
    expect(() => ownStream(seed as Seed, 'purpose')).toThrow(ValueError);
  });
});

describe('streamKey', () => {
  test('is the same on every machine', () => {
    expect(streamKey(1, 'weights')).toEqual({ k0: 3760200264, k1: 3934836156 });
    expect(streamKey('Zürich', 'weights')).toEqual({ k0: 3787739139, k1: 2679441721 });
  });

  test('consists of unsigned words', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { k0, k1 } = streamKey(seed, 'sign');
      for (const word of [k0, k1]) expect(word).toBe(word >>> 0);
    }
  });

  test('differs between seeds, between purposes, and between 1 and "1"', () => {
    const keys = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      for (const purpose of ['nodes', 'connections', 'generators']) {
        keys.add(keyText(seed, purpose)).add(keyText(String(seed), purpose));
      }
    }
    expect(keys.size).toBe(300 * 3 * 2);
  });

  test.each([
    ['a repeated seed', 'a', 'aa'],
    ['characters with the same low byte', 'ā', 'ȁ'],
    ['what JSON escapes', '\\u0101', 'ā'],
    ['long seeds', 'x'.repeat(1000), 'x'.repeat(1001)],
    ['a quotation mark', '"', '\\"'],
  ])('tells %s apart', (_, a, b) => {
    expect(keyText(a, 'p')).not.toBe(keyText(b, 'p'));
  });

  test('does not let a seed reach into the purpose', () => {
    expect(keyText('a","b', 'c')).not.toBe(keyText('a', 'b","c'));
    expect(keyText('a/b', 'c')).not.toBe(keyText('a', 'b/c'));
  });
});

describe('ownStream', () => {
  test('repeats itself and lies in [0, 1)', () => {
    const [a, b] = [ownStream(7, 'centre'), ownStream(7, 'centre')];
    for (let i = 0; i < 1000; i++) {
      const value = a();
      expect(value).toBe(b());
      expect(value >= 0 && value < 1).toBe(true);
    }
  });

  test('does not depend on other streams in use', () => {
    const alone = ownStream(7, 'centre');
    const values = Array.from({ length: 10 }, alone);
    const mixed = ownStream(7, 'centre');
    const other = ownStream(8, 'centre');
    const mixedValues = values.map(() => {
      other();
      return mixed();
    });
    expect(mixedValues).toEqual(values);
  });
});
