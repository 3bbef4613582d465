/**
 * Routines: logarithms and powers, hundreds of operations each, stand once in a module, and kernels call them. In a
 * kernel of two lanes, once for both.
 */
import { KernelBuilder } from './builder.js';
import type { CalledFunction, F64, Routine } from './ir.js';
import { log } from './log.js';
import { pow } from './pow.js';

const ROUTINES: Readonly<
  Record<
    CalledFunction,
    {
      readonly parameters: readonly string[];
      readonly operations: (k: KernelBuilder, ...args: [F64, F64]) => F64;
    }
  >
> = {
  log: { parameters: ['x'], operations: log },
  pow: { parameters: ['x', 'y'], operations: pow },
};

export function routine(name: CalledFunction, lanes: 1 | 2): Routine {
  const { parameters, operations } = ROUTINES[name];
  const k = new KernelBuilder(name, lanes);
  const [x, y] = parameters.map((parameter) => k.argument(parameter));
  const result = operations(k, x, y).expr;
  return { name, parameters, lanes, body: k.statements, result };
}
