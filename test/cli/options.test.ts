import { describe, expect, test } from 'vitest';
import { collect, parseSeed, parseThreads, parseTime } from '../../src/cli/options.js';
import { ValueError } from '../../src/errors/index.js';

function messageOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(ValueError);
    return (error as ValueError).message;
  }
  throw new Error('the value was accepted');
}

describe('--threads', () => {
  test.each([
    ['1', 1],
    ['64', 64],
    ['08', 8],
  ])('%s', (text, threads) => expect(parseThreads(text)).toBe(threads));

  test.each([
    ['0', '0'],
    ['65', '65'],
    ['-1', '-1'],
    ['1.5', '1.5'],
    ['abc', "'abc'"],
    ['', "''"],
    ['0x2', "'0x2'"],
    [' 2', "' 2'"],
    ['2,', "'2,'"],
    ['Infinity', "'Infinity'"],
  ])('not %j', (text, shown) => {
    expect(messageOf(() => parseThreads(text))).toBe(
      `--threads is ${shown}; expected a whole number from 1 to 64`,
    );
  });
});

describe('--seed', () => {
  test.each([
    ['0', 0],
    ['42', 42],
    ['007', 7],
    ['9007199254740991', 2 ** 53 - 1],
    ['word', 'word'],
    ['two words', 'two words'],
    ['2024-01-01', '2024-01-01'],
    ['-', '-'],
  ])('%s', (text, seed) => expect(parseSeed(text)).toBe(seed));

  test.each([
    '-1',
    '9007199254740992',
    '',
    ' ',
    '1.5',
    '1,5',
    '1e3',
    '.5',
    '0x10',
    '-Infinity',
    'NaN',
  ])('not %j', (text) => {
    expect(messageOf(() => parseSeed(text))).toMatch(
      /^--seed is .*; expected a whole number from 0 to 2\^53 - 1, or a word$/,
    );
  });
});

describe('--time', () => {
  test.each([
    ['100', 100],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['1e3', 1000],
  ])('%s', (text, ms) => expect(parseTime(text)).toBe(ms));

  test.each(['0', '-5', '1s', '100ms', '', 'NaN', 'Infinity', '1e999'])('not %j', (text) => {
    expect(messageOf(() => parseTime(text))).toMatch(
      /^--time is .*; expected a time in ms, > 0, without a unit$/,
    );
  });
});

test('--set collects', () => {
  expect(collect('b=2', collect('a=1'))).toEqual(['a=1', 'b=2']);
});
