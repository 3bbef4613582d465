/** Drawing from distributions: an expression compiled to a short program over flat arrays. */
import { assert, ValueError } from '../errors/index.js';
import { exp } from '../math/index.js';
import { type BasicDistribution, describeParameter, type Parameter } from './distribution.js';
import {
  exponentialFromUniform,
  normalFromUniform,
  uniformBetween,
  uniformFromWords,
} from './draws.js';
import type { Key } from './key.js';
import { philox4x32 } from './philox.js';

/** Instructions for a stack of numbers, each with two operands `a` and `b`. */
const CONSTANT = 0; // push a
const UNIFORM = 1; // push a draw from uniform(a, b)
const NORMAL = 2; // push a draw from normal(a, b)
const LOGNORMAL = 3; // push the exponential of such a draw
const EXPONENTIAL = 4; // push a draw from exponential(a)
const ADD = 5; // the others replace the two topmost numbers by one, ...
const SUBTRACT = 6;
const MULTIPLY = 7;
const DIVIDE = 8;
const MINIMUM = 9;
const MAXIMUM = 10;
const REDRAW = 11; // ... but this one: unless a <= top <= b, pop and go back to its operand

const DRAW_CODES = {
  uniform: UNIFORM,
  normal: NORMAL,
  lognormal: LOGNORMAL,
  exponential: EXPONENTIAL,
} as const;
const BINARY_CODES = {
  '+': ADD,
  '-': SUBTRACT,
  '*': MULTIPLY,
  '/': DIVIDE,
  min: MINIMUM,
  max: MAXIMUM,
} as const;

const MAX_TRIES = 1000;
/**
 * The fourth counter word is leaf * 2^20 + draw, where the leaves (basic distributions) of an
 * expression are numbered from left to right, and the draws of a leaf within one sample by the
 * redraws around it. So neither a change of bounds nor a redraw alters what other leaves draw.
 */
const LEAF_SHIFT = 20;
const MAX_LEAVES = 1 << (32 - LEAF_SHIFT);
const MAX_DRAWS = 1 << LEAF_SHIFT;

interface Instruction {
  readonly code: number;
  readonly a: number;
  readonly b: number;
  /** Leaf number of a draw, position of the first instruction of a redraw's operand. */
  readonly index: number;
}

/**
 * Samples of a parameter. A sample is a pure function of the key and three counter words; the
 * fourth word of the stream's counters is the sampler's own. Allocates nothing per sample.
 */
export class Sampler {
  private readonly codes: Uint8Array;
  private readonly a: Float64Array;
  private readonly b: Float64Array;
  private readonly index: Uint32Array;
  private readonly stack: Float64Array;
  private readonly redraws: boolean;
  /** Within the current sample: draws of each leaf, failed tries of each redraw and of all. */
  private readonly drawn: Uint32Array;
  private readonly tries: Uint32Array;
  private allTries = 0;
  private readonly words = new Uint32Array(4);
  private readonly k0: number;
  private readonly k1: number;

  constructor(
    readonly parameter: Parameter,
    key: Key,
  ) {
    this.k0 = key.k0;
    this.k1 = key.k1;
    const program: Instruction[] = [];
    const leaves = compile(parameter, program, 0);
    if (leaves > MAX_LEAVES) {
      throw new ValueError('distributions in an expression', leaves, `at most ${MAX_LEAVES}`);
    }
    this.codes = Uint8Array.from(program, ({ code }) => code);
    this.a = Float64Array.from(program, ({ a }) => a);
    this.b = Float64Array.from(program, ({ b }) => b);
    this.index = Uint32Array.from(program, ({ index }) => index);
    this.redraws = this.codes.includes(REDRAW);
    this.stack = new Float64Array(program.length);
    this.drawn = new Uint32Array(leaves);
    this.tries = new Uint32Array(program.length);
  }

  /**
   * The sample of a counter, whose words are taken modulo 2^32. Throws ValueError if a redraw
   * has not met its bounds after 1000 tries, or if the sample is not finite.
   */
  sample(c0: number, c1: number, c2: number): number {
    const { codes, a, b, stack } = this;
    if (this.redraws) {
      this.drawn.fill(0);
      this.tries.fill(0);
      this.allTries = 0;
    }
    let top = -1;
    for (let at = 0; at < codes.length; at++) {
      const code = codes[at];
      if (code === CONSTANT) {
        stack[++top] = a[at];
      } else if (code <= EXPONENTIAL) {
        stack[++top] = this.draw(at, code, c0, c1, c2);
      } else if (code !== REDRAW) {
        top--;
        stack[top] = combine(code, stack[top], stack[top + 1]);
      } else if (stack[top] >= a[at] && stack[top] <= b[at]) {
        this.tries[at] = 0;
      } else {
        this.countTry(at, stack[top]);
        top--;
        at = this.index[at] - 1;
      }
    }
    const value = stack[0];
    if (!Number.isFinite(value)) {
      throw new ValueError(
        `a draw from ${describeParameter(this.parameter)}`,
        value,
        'a finite number',
      );
    }
    return value;
  }

  private draw(at: number, code: number, c0: number, c1: number, c2: number): number {
    const leaf = this.index[at];
    const draw = this.redraws ? this.drawn[leaf]++ : 0;
    const words = this.words;
    philox4x32(this.k0, this.k1, c0, c1, c2, (leaf << LEAF_SHIFT) | draw, words);
    const u = uniformFromWords(words[0], words[1]);
    const a = this.a[at];
    const b = this.b[at];
    if (code === UNIFORM) return uniformBetween(a, b, u);
    if (code === NORMAL) return a + b * normalFromUniform(u);
    if (code === LOGNORMAL) return exp(a + b * normalFromUniform(u));
    return a * exponentialFromUniform(u);
  }

  private countTry(at: number, value: number): void {
    const tries = ++this.tries[at];
    // Under nested redraws a leaf could run out of draws before the inner one runs out of tries.
    if (tries < MAX_TRIES && ++this.allTries < MAX_DRAWS - 1) return;
    throw new ValueError(
      `the last of ${tries} draws by ${describeParameter(this.parameter)}`,
      value,
      `a value in [${this.a[at]}, ${this.b[at]}]`,
    );
  }
}

function combine(code: number, left: number, right: number): number {
  switch (code) {
    case ADD:
      return left + right;
    case SUBTRACT:
      return left - right;
    case MULTIPLY:
      return left * right;
    case DIVIDE:
      return left / right;
    case MINIMUM:
      return Math.min(left, right);
    default:
      return Math.max(left, right);
  }
}

/** Appends the program of a parameter, in postfix order; returns the number of leaves so far. */
function compile(parameter: Parameter, program: Instruction[], leaves: number): number {
  if (typeof parameter === 'number') {
    program.push({ code: CONSTANT, a: parameter, b: 0, index: 0 });
    return leaves;
  }
  if ('distribution' in parameter) {
    const [a, b] = operands(parameter);
    program.push({ code: DRAW_CODES[parameter.distribution], a, b, index: leaves });
    return leaves + 1;
  }
  if (parameter.op === 'redraw') {
    const start = program.length;
    const after = compile(parameter.of, program, leaves);
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = parameter;
    program.push({ code: REDRAW, a: min, b: max, index: start });
    return after;
  }
  const between = compile(parameter.left, program, leaves);
  const after = compile(parameter.right, program, between);
  const code = BINARY_CODES[parameter.op];
  assert(code !== undefined, 'the distribution was not checked by parseDistribution');
  program.push({ code, a: 0, b: 0, index: 0 });
  return after;
}

function operands(leaf: BasicDistribution): [number, number] {
  switch (leaf.distribution) {
    case 'uniform':
      return [leaf.min, leaf.max];
    case 'exponential':
      return [leaf.beta, 0];
    default:
      return [leaf.mean, leaf.std];
  }
}
