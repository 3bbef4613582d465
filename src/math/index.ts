/**
 * Elementary functions whose results are the same bits on every machine and engine, which
 * ECMAScript does not ask of its own. They are built of +, -, *, / on doubles alone, and each is
 * within 1 ulp of the exact value for every double (`tanh` within 2). The tighter bound that each one
 * states is the largest error seen over some 10^5 arguments where errors are greatest, rounded up.
 */
export { exp } from './exp.js';
export { expm1 } from './expm1.js';
export { log } from './log.js';
export { log1p } from './log1p.js';
export { multiplyHigh } from './multiply-high.js';
export { pow } from './pow.js';
export { tanh } from './tanh.js';
