/** A kernel as a JavaScript function, element by element. */
import { log, multiplyHigh, pow } from '../math/index.js';
import type { Segment } from '../memory/segment.js';
import {
  constantText,
  type F64Expr,
  type IntExpr,
  type Kernel,
  type MaskExpr,
  type Statement,
  type WordsExpr,
} from './ir.js';
import { variablesOf } from './variables.js';

export type KernelFunction = (...parameters: number[]) => number;

/** 2^k for k = -1022 ... 1023, at index k + 1022. */
const POWERS_OF_TWO = new Float64Array(2046);
for (let i = 0, power = 2 ** -1022; i < POWERS_OF_TWO.length; i++, power *= 2) {
  POWERS_OF_TWO[i] = power;
}

const bits = new DataView(new ArrayBuffer(8));

/** The upper 32 bits of a double >= 0. */
function upperWord(value: number): number {
  bits.setFloat64(0, value);
  return bits.getUint32(0);
}

/** Compile a kernel for a segment; the function reads the segment's views at each call. */
export function compileToJavaScript(kernel: Kernel, segment: Segment): KernelFunction {
  const { ints, doubles, words, masks } = variablesOf(kernel);
  const locals = [...ints, ...doubles, ...words, ...masks];
  const source = `"use strict";
    return function ${kernel.name}(${kernel.parameters.join(', ')}) {
      const f64 = segment.f64, i32 = segment.i32;
      ${kernel.parameters.map((n) => `${n} = ${n} | 0;`).join(' ')}
      ${locals.length > 0 ? `let ${locals.map((n) => `${n} = 0`).join(', ')};` : ''}
      ${statements(kernel.body)}
      return ${kernel.result};
    };`;
  const given = { segment, log, pow, pow2: POWERS_OF_TWO, multiplyHigh, high: upperWord };
  return new Function(...Object.keys(given), source)(...Object.values(given)) as KernelFunction;
}

function statements(body: readonly Statement[]): string {
  return body.map(statement).join('\n');
}

function statement(s: Statement): string {
  switch (s.kind) {
    case 'set':
      return `${s.name} = ${double(s.value)};`;
    case 'set-int':
      return `${s.name} = ${integer(s.value)};`;
    case 'store':
      return `f64[${index(s.address, s.offset, 3)}] = ${double(s.value)};`;
    case 'store-int':
      return `i32[${index(s.address, 0, 2)}] = ${integer(s.value)};`;
    case 'set-words':
      return `${s.name} = ${word(s.value)};`;
    case 'set-mask':
      return `${s.name} = ${condition(s.value)};`;
    case 'store-words':
      return `i32[${index(s.address, 0, 2)}] = ${word(s.value)};`;
    case 'if':
      return branch(condition(s.mask), s.then, s.otherwise);
    case 'if-any':
      return branch(condition(s.mask), s.then, []);
    case 'each-lane':
      return branch(condition(s.mask), s.body, []);
    case 'if-int':
      return branch(`${integer(s.condition)} !== 0`, s.then, s.otherwise);
    case 'while-int':
      return `while (${integer(s.condition)} !== 0) { ${statements(s.body)} }`;
    case 'each':
      return `for (${s.at} = 0; ${s.at} < ${integer(s.end)}; ${s.at} = ${s.at} + 8 | 0) { ${statements(s.body)} }`;
    case 'append':
      return `if (${condition(s.mask)}) { i32[(${integer(s.list)} + (${s.count} << 2)) >>> 2] = ${integer(s.at)} >> 3; ${s.count} = ${s.count} + 1 | 0; }`;
  }
}

function branch(test: string, then: readonly Statement[], otherwise: readonly Statement[]): string {
  const alternative = otherwise.length > 0 ? ` else { ${statements(otherwise)} }` : '';
  return `if (${test}) { ${statements(then)} }${alternative}`;
}

function index(address: IntExpr, offset: number, shift: number): string {
  const at = offset === 0 ? integer(address) : `(${integer(address)} + ${offset})`;
  return `${at} >>> ${shift}`;
}

function integer(e: IntExpr): string {
  switch (e.kind) {
    case 'int':
      return String(e.value | 0);
    case 'int-var':
      return e.name;
    case 'int-load':
      return `i32[${index(e.address, 0, 2)}]`;
    case 'to-int':
      return `(${double(e.a)} | 0)`;
    case 'int-op':
      if (e.op === '*high') return `multiplyHigh(${integer(e.a)}, ${integer(e.b)})`;
      if (e.op === '*') return `Math.imul(${integer(e.a)}, ${integer(e.b)})`;
      if (e.op === '<') return `(${integer(e.a)} < ${integer(e.b)} ? 1 : 0)`;
      if (e.op === '==') return `(${integer(e.a)} === ${integer(e.b)} ? 1 : 0)`;
      return `(${integer(e.a)} ${e.op} ${integer(e.b)} | 0)`;
  }
}

function word(e: WordsExpr): string {
  switch (e.kind) {
    case 'words-var':
      return e.name;
    case 'words-load':
      return `i32[${index(e.address, 0, 2)}]`;
    case 'words-all':
      return integer(e.a);
    case 'words-op':
      if (e.op === '*high') return `multiplyHigh(${word(e.a)}, ${word(e.b)})`;
      if (e.op === '*') return `Math.imul(${word(e.a)}, ${word(e.b)})`;
      return `(${word(e.a)} ^ ${word(e.b)})`;
  }
}

function double(e: F64Expr): string {
  switch (e.kind) {
    case 'const':
      return Object.is(e.value, -0) || e.value < 0
        ? `(${constantText(e.value)})`
        : constantText(e.value);
    case 'var':
      return e.name;
    case 'load':
    case 'load-all':
      return `f64[${index(e.address, e.offset, 3)}]`;
    case 'op':
      if (e.op === 'min')
        return `(${double(e.b)} < ${double(e.a)} ? ${double(e.b)} : ${double(e.a)})`;
      if (e.op === 'max')
        return `(${double(e.a)} < ${double(e.b)} ? ${double(e.b)} : ${double(e.a)})`;
      return `(${double(e.a)} ${e.op} ${double(e.b)})`;
    case 'unary':
      if (e.op === 'pow2') return `pow2[${double(e.a)} + 1022]`;
      if (e.op === 'high') return `high(${double(e.a)})`;
      return e.op === 'neg' ? `(-${double(e.a)})` : `Math.${e.op}(${double(e.a)})`;
    case 'select':
      return `(${condition(e.mask)} ? ${double(e.a)} : ${double(e.b)})`;
    case 'call':
      return `${e.name}(${e.args.map(double).join(', ')})`;
    case 'from-int':
      return e.unsigned ? `(${integer(e.a)} >>> 0)` : `(+${integer(e.a)})`;
  }
}

function condition(e: MaskExpr): string {
  switch (e.kind) {
    case 'mask-var':
      return e.name;
    case 'compare':
      return `${double(e.a)} ${e.op === '==' ? '===' : e.op} ${double(e.b)}`;
    case 'logic':
      return `((${condition(e.a)}) ${e.op === 'and' ? '&&' : '||'} (${condition(e.b)}))`;
    case 'not':
      return `!(${condition(e.a)})`;
  }
}
