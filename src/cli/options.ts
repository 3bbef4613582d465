/** Values of command-line options: from text to what they mean, or an error that says what is allowed. */
import { ValueError } from '../errors/index.js';
import { MAX_THREADS } from '../simulation/process-numbers.js';

const MAX_COUNT = 1000;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WHOLE = /^[+-]?\d+$/;

/** @throws ValueError */
export function parseThreads(text: string): number {
  const threads = numberOf(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS) return threads;
  throw wrong('--threads', text, `a whole number from 1 to ${MAX_THREADS}`);
}

/**
 * Numbers of threads, with commas between them, to ascending numbers.
 * @throws ValueError
 */
export function parseThreadCounts(text: string): number[] {
  const counts = text.split(',').map((part) => numberOf(part.trim()));
  const valid = (n: number) => Number.isInteger(n) && n >= 1 && n <= MAX_THREADS;
  if (counts.every(valid) && new Set(counts).size === counts.length) {
    return counts.sort((a, b) => a - b);
  }
  const expected = `different whole numbers from 1 to ${MAX_THREADS} with commas between them, as in 1,2,4`;
  throw wrong('--threads', text, expected);
}

/**
 * How many of something there are to be.
 * @throws ValueError
 */
export function parseCount(option: string): (text: string) => number {
  return (text) => {
    const count = numberOf(text);
    if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return count;
    throw wrong(option, text, `a whole number from 1 to ${MAX_COUNT}`);
  };
}

/**
 * A whole number is the seed of that number; a word is a seed as it stands. What looks like a number and is no
 * whole one from 0 is neither: as a word it would be another seed than the number that was meant.
 * @throws ValueError
 */
export function parseSeed(text: string): number | string {
  if (!looksLikeNumber(text)) return text;
  const number = Number(text);
  if (WHOLE.test(text) && Number.isSafeInteger(number) && number >= 0) return number;
  throw wrong('--seed', text, 'a whole number from 0 to 2^53 - 1, or a word');
}

/**
 * A time in ms. Whether it fits the experiment's grid and protocol shows when that is read.
 * @throws ValueError
 */
export function parseTime(text: string): number {
  const ms = numberOf(text);
  if (ms > 0 && Number.isFinite(ms)) return ms;
  throw wrong('--time', text, 'a time in ms, > 0, without a unit');
}

/**
 * A time in ms that is discarded; 0 for none.
 * @throws ValueError
 */
export function parseWarmUp(text: string): number {
  const ms = numberOf(text);
  if (ms >= 0 && Number.isFinite(ms)) return ms;
  throw wrong('--warm-up', text, 'a time in ms, >= 0, without a unit');
}

/** Collects the values of an option that may be given several times. */
export function collect(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text];
}

/** All that `Number` reads, nothing and NaN too, also with a decimal comma. */
function looksLikeNumber(text: string): boolean {
  return text === 'NaN' || !Number.isNaN(Number(text.replace(',', '.')));
}

/** Decimal numbers only: `Number` also reads '', '0x10' and ' 1 '. */
function numberOf(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}

function wrong(option: string, text: string, expected: string): ValueError {
  const number = numberOf(text);
  return new ValueError(option, Number.isNaN(number) ? text : number, expected);
}
