/** Which steps the fast path takes: those that a literal step is accepted in, whatever the certain region says. */
import { expect, test } from 'vitest';
import { KernelCompiler, type KernelTarget } from '../../src/kernel/compile.js';
import { fastPathCoefficients, LARGEST_SQUARES } from '../../src/kernel/fast-path.js';
import { scratchLength, semilinearKernel } from '../../src/kernel/semilinear-kernel.js';
import { Points } from '../math/points.js';
import {
  BOUNDS,
  CALM,
  CEILING,
  COLUMNS,
  FAST,
  H,
  PARAMETERS,
  VARIABLES,
} from './clamped-neuron.js';
import { planOf, stepsFrom } from './semilinear-models.js';
import { exactly, Workbench } from './workbench.js';

type State = Record<string, number>;

const CALM_PARAMETERS = { ...PARAMETERS, clamp: 0, refractory: 0 };
const VALUES = new Map(Object.entries(CALM_PARAMETERS));

/** What may be unusual about a neuron: out of each of the region's limits, and of what it is made for. */
const UNUSUAL: readonly ((value: number) => Partial<State>)[] = [
  () => ({}),
  (x) => ({ V: -52 + 8 * x }),
  (x) => ({ V: CEILING - 2 * x, T: 60, S: 200 }),
  (x) => ({ V: -1000 + 3 * x, S: -20 }),
  (x) => ({ T: -50 + 1000 * x, V: -60 }),
  (x) => ({ w: 10 ** (7 * x), S: 10 ** (7 * x) }),
  (x) => ({ w: 0.99999e5 + 2 * x, S: 1e5 }),
  (x) => ({ u: 10 ** (12 * x) }),
  (x) => ({ q: 99.998 + 0.002 * x }),
  (x) => ({ S: 400 * x }),
  (x) => ({ suggestion: 2 * H * x }),
  () => ({ suggestion: 0 }),
  () => ({ clamp: 1, suggestion: 0 }),
  () => ({ refractory: 2, suggestion: 0 }),
];

function starts(points: Points): State[] {
  return Array.from({ length: 40 * UNUSUAL.length + 1 }, (_, i) => {
    const [V, w, T, u, x] = points.uniform(5, 0, 1) as [number, number, number, number, number];
    return {
      ...{ V: -80 + 25 * V, w: 10 * w, T: -50 + 5 * T, u: -80 + 30 * u, q: 1, S: 0 },
      ...{ clamp: 0, refractory: 0, suggestion: H },
      ...(UNUSUAL[i % UNUSUAL.length]!(x) as State),
    };
  });
}

/** Neurons after a step, and those left to another path. @param certain whether the region is asked */
function advanced(target: KernelTarget, states: readonly State[], certain: boolean) {
  const on = new Workbench();
  const columns = COLUMNS.map((name) => on.column(states.map((s) => s[name]!)));
  const table = on.words(columns.map((column) => column.byteOffset));
  const coefficients = on.column(fastPathCoefficients(FAST, VALUES, H, []));
  expect(coefficients[LARGEST_SQUARES]).toBeGreaterThan(500);
  if (!certain) coefficients[LARGEST_SQUARES] = -1;
  const list = on.words(new Int32Array(states.length));
  const scratch = on.column(new Float64Array(scratchLength(FAST)));
  const kernel = semilinearKernel('advance', FAST, VALUES);
  const { advance } = new KernelCompiler(on.segment, target).compile('set', () => [kernel]);
  const [at, numbers] = [table.byteOffset, coefficients.byteOffset];
  const left = advance!(at, numbers, states.length, list.byteOffset, scratch.byteOffset);
  return { columns, left: [...list.subarray(0, left)] };
}

test('where the certain region ends decides nothing but who is looked at twice', () => {
  const points = new Points(31);
  for (let i = 0; i < 5; i++) {
    const states = starts(points);
    const usual = advanced('wasm', states, true);
    for (const other of [advanced('wasm', states, false), advanced('javascript', states, true)]) {
      expect(other.left).toEqual(usual.left);
      expect(other.columns.map(exactly)).toEqual(usual.columns.map(exactly));
    }
  }
});

test('a neuron takes the path if and only if its literal step is accepted', () => {
  const points = new Points(32);
  const plan = planOf(CALM, CALM_PARAMETERS, H);
  const states = starts(points);
  const { columns, left } = advanced('wasm', states, true);
  const isLeft = new Set(left);
  const reasons = new Map<string, number>();
  states.forEach((state, i) => {
    const { ahead, literal, driverAt, names } = stepsFrom(CALM, CALM_PARAMETERS, H, plan, state);
    const after = Object.fromEntries(names.map((name, j) => [name, literal.state[j]!]));
    const isOutside = ([name, [low, high]]: readonly [string, readonly [number, number]]) =>
      !(after[name]! >= low && after[name]! <= high);
    const reason = Object.entries({
      held: state.clamp! + state.refractory! > 0,
      suggestion: state.suggestion! > 0 && state.suggestion! < H,
      error: !(Math.max(...literal.error.map(Math.abs)) <= 1e-6),
      ceiling: !(Math.max(after.V!, ...driverAt) < CEILING),
      bounds: [...BOUNDS].some(isOutside),
      polynomial: !(ahead.largestChange <= 1 && ahead.first * ahead.largestChange ** 8 <= 2 ** -24),
    }).find(([, holds]) => holds)?.[0];
    expect(isLeft.has(i), JSON.stringify({ state, reason })).toBe(reason !== undefined);
    reasons.set(reason ?? 'none', (reasons.get(reason ?? 'none') ?? 0) + 1);
    COLUMNS.forEach((name, c) => {
      const value = columns[c]![i]!;
      if (isLeft.has(i) || !VARIABLES.includes(name)) {
        if (isLeft.has(i)) expect(value).toBe(state[name]);
        return;
      }
      const scale = Math.max(1, Math.abs(after[name]!));
      expect(Math.abs(value - after[name]!), name).toBeLessThan(1e-11 * scale);
    });
  });
  for (const reason of ['none', 'held', 'suggestion', 'error', 'ceiling', 'bounds', 'polynomial']) {
    expect(reasons.get(reason) ?? 0, reason).toBeGreaterThan(3);
  }
});
