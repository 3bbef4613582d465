/**
 * Routines: logarithms and powers, hundreds of operations each, stand once in a module, and kernels call them. In a
 * kernel of two lanes, once for both.
 */
import { KernelBuilder } from './builder.js';
import {
  CALLED_FUNCTIONS,
  type CalledFunction,
  type F64,
  type Kernel,
  type Routine,
} from './ir.js';
import { log } from './log.js';
import { pow } from './pow.js';

const OPERATIONS: Readonly<Record<CalledFunction, (k: KernelBuilder, ...args: [F64, F64]) => F64>> =
  { log, pow };

/** Those that a set of kernels calls. */
export function routinesOf(kernels: readonly Kernel[]): Routine[] {
  const called = new Set<string>();
  for (const { body } of kernels) findCalls(body, called);
  // The last of an odd number of elements goes alone, so do lanes one after the other.
  const lanes = kernels.some((kernel) => kernel.lanes === 2) ? ([1, 2] as const) : ([1] as const);
  return (Object.keys(CALLED_FUNCTIONS) as CalledFunction[])
    .filter((name) => called.has(name))
    .flatMap((name) => lanes.map((n) => routine(name, n)));
}

function findCalls(part: unknown, found: Set<string>): void {
  if (typeof part !== 'object' || part === null) return;
  const { kind, name } = part as { kind?: string; name?: string };
  if (kind === 'call') found.add(name!);
  for (const child of Object.values(part)) findCalls(child, found);
}

function routine(name: CalledFunction, lanes: 1 | 2): Routine {
  const k = new KernelBuilder(name, lanes);
  const parameters = ['a', 'b'].slice(0, CALLED_FUNCTIONS[name]);
  const [a, b] = parameters.map((parameter) => k.argument(parameter));
  const result = OPERATIONS[name](k, a, b).expr;
  return { name, parameters, lanes, body: k.statements, result };
}
