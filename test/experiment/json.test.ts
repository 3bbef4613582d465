import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonSyntaxError } from '../../src/errors/index.js';
import { parseJson } from '../../src/experiment/json.js';

test('reads what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(parseJson(text, 'file')).toEqual(JSON.parse(text));
    }),
    { seed: 11, numRuns: 300 },
  );
});

test('accepts and refuses the same texts as JSON.parse', () => {
  const alphabet = fc.constantFrom(...'{}[],:"\\ \n1-.e0+tf', 'true', 'null', '"a"', '\\u00e9');
  fc.assert(
    fc.property(fc.array(alphabet, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      let expected: { value?: unknown } = {};
      try {
        expected = { value: JSON.parse(text) };
      } catch {}
      if ('value' in expected) expect(parseJson(text, 'file')).toEqual(expected.value);
      else expect(() => parseJson(text, 'file')).toThrow(JsonSyntaxError);
    }),
    { seed: 12, numRuns: 3000 },
  );
});

describe('syntax errors say where', () => {
  test.each([
    ['{\n  "a": 1,\n  "b" 2\n}', 3, 7, "expected ':', found '2'"],
    ['{\n  "a": tru\n}', 2, 8, "expected a value, found 'tru'"],
    ['[1, 2', 1, 6, "expected ',' or ']', found the end"],
    ['{"a": 1} x', 1, 10, "expected the end, found 'x'"],
    ['{"a": 1, }', 1, 10, 'expected a key in double quotes'],
    ["{'a': 1}", 1, 2, 'expected a key in double quotes'],
    ['{"a": "open\n}', 1, 7, 'this string has no end'],
    ['[01]', 1, 3, "expected ',' or ']'"],
    ['', 1, 1, 'found the end'],
    ['{\n "exc": {},\n "exc": {}\n}', 3, 2, "the key 'exc' stands here a second time"],
    ['['.repeat(300), 1, 201, 'levels of nesting'],
  ])('%j', (text, line, column, problem) => {
    let error: unknown;
    try {
      parseJson(text, 'net.json');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(JsonSyntaxError);
    expect(error).toMatchObject({ where: 'net.json', line, column });
    expect((error as Error).message).toContain(`net.json:${line}:${column}: `);
    expect((error as Error).message).toContain(problem);
  });
});

test('a byte order mark is no error', () => {
  expect(parseJson('\ufeff{"a": 1}', 'file')).toEqual({ a: 1 });
});
