/** Steps of held neurons that are worked out ahead, against the general path. */
import { expect, test } from 'vitest';
import { KernelCompiler, type KernelTarget } from '../../src/kernel/compile.js';
import { fastPathCoefficients } from '../../src/kernel/fast-path.js';
import { heldKernel } from '../../src/kernel/held-kernel.js';
import { heldPhases } from '../../src/kernel/held-phases.js';
import { adaptiveKernel, FIRED_WORDS } from '../../src/kernel/rkf45-kernel.js';
import { Scratch } from '../../src/kernel/substep-code.js';
import { Points } from '../math/points.js';
import { ADAPTIVE, COLUMNS, FAST, H, PARAMETERS, VARIABLES } from './clamped-neuron.js';
import { Workbench } from './workbench.js';

type State = Readonly<Record<string, number>>;

const VALUES = new Map(Object.entries({ ...PARAMETERS, clamp: 0, refractory: 0 }));

/** Somewhere in the clamp. */
const CLAMPED: State = {
  ...{ V: 20, w: 5, T: -30, u: -40, q: 1, S: 0, clamp: 5, refractory: 0, suggestion: H },
};
const REFRACTORY: State = { ...CLAMPED, V: -60, clamp: 0, refractory: 2 };

/** Neurons in which one thing is such that the general path is needed. */
const LEFT: Record<string, State> = {
  'calm neurons': { ...CLAMPED, V: -65, clamp: 0 },
  'both counters above 0': { ...CLAMPED, refractory: 1 },
  'a sub-step is suggested': { ...CLAMPED, suggestion: 0.01 },
  'an error estimate is too large': { ...CLAMPED, u: 1e7 },
  'a variable leaves its bounds': { ...CLAMPED, q: 100 },
  'a variable leaves its bounds until the clamp ends': { ...CLAMPED, w: 1e5, clamp: 1 },
  'it fires when the clamp ends': { ...CLAMPED, clamp: 1, S: 200 },
};
const DONE: Record<string, State> = {
  'in the clamp': CLAMPED,
  'in the refractory period': REFRACTORY,
  'nothing suggested yet': { ...CLAMPED, suggestion: 0 },
  'when the clamp ends': { ...CLAMPED, clamp: 1 },
  'when the refractory period ends': { ...REFRACTORY, refractory: 1 },
};

function bench(target: KernelTarget, states: readonly State[]) {
  const on = new Workbench();
  const columns = new Map(COLUMNS.map((name) => [name, on.column(states.map((s) => s[name]!))]));
  const addresses = [...columns.values()].map((column) => column.byteOffset);
  const input = on.column(states.map(() => 1000));
  const list = on.words(states.map((_, i) => i));
  const fired = on.words(new Int32Array(FIRED_WORDS * states.length));
  const [table, shared, h] = [
    on.words(addresses),
    on.column(Object.values(PARAMETERS)),
    on.column([H]),
  ];
  const scratch = on.column(new Float64Array(Scratch.length(VARIABLES.length, 2)));
  const coefficients = on.column(
    fastPathCoefficients(FAST, VALUES, H, heldPhases(FAST, VALUES, H)),
  );
  const { held, general } = new KernelCompiler(on.segment, target).compile('set', () => [
    heldKernel('held', FAST, ADAPTIVE, VALUES),
    adaptiveKernel('general', ADAPTIVE, new Set()),
  ]);
  const [at, values] = [table.byteOffset, shared.byteOffset];
  const arriving = [input.byteOffset, input.byteOffset];
  const count = states.length;
  return {
    columns,
    input,
    list,
    hold: () => held(at, values, coefficients.byteOffset, ...arriving, list.byteOffset, count),
    general: () =>
      general(
        ...[at, 0, values, ...arriving, list.byteOffset, count],
        ...[fired.byteOffset, h.byteOffset, scratch.byteOffset],
      ),
  };
}

const TARGETS = ['wasm', 'javascript'] as const;

test.each(TARGETS)('who needs the general path is left as it was, in order: %s', (target) => {
  const states = [...Object.values(LEFT), ...Object.values(DONE)].flatMap((s) => [s, CLAMPED]);
  const { columns, input, list, hold } = bench(target, states);
  const left = hold();
  expect([...list.subarray(0, left)]).toEqual(Object.keys(LEFT).map((_, i) => 2 * i));
  for (const i of list.subarray(0, left)) {
    for (const [name, column] of columns) expect(column[i]).toBe(states[i]![name]);
    expect(input[i]).toBe(1000);
  }
  // The others have taken what arrived.
  const done = [...input].filter((value) => value === 0);
  expect(done.length).toBe(states.length - left);
});

test.each(Object.entries(DONE))('%s, the step is that of the general path', (_, state) => {
  const points = new Points(5);
  const states = Array.from({ length: 50 }, () => {
    const drawn = ['w', 'T', 'u', 'q'].map((name) => [name, points.uniform(1, -90, 90)[0]!]);
    return { ...state, ...Object.fromEntries(drawn) } as State;
  });
  const [one, other] = TARGETS.map((target) => bench(target, states));
  expect(one!.hold()).toBe(0);
  expect(other!.hold()).toBe(0);
  const reference = bench('wasm', states);
  expect(reference.general()).toBe(0);
  for (const [name, column] of one!.columns) {
    expect([...other!.columns.get(name)!]).toEqual([...column]);
    const expected = reference.columns.get(name)!;
    column.forEach((value, i) => {
      const scale = Math.max(1, Math.abs(expected[i]!));
      expect(Math.abs(value - expected[i]!), name).toBeLessThan(1e-13 * scale);
    });
  }
});

test('a phase in which equations are not affine has no steps worked out ahead', () => {
  const phases = (V: string) => {
    const derivatives = new Map([
      ...FAST.derivatives,
      ['V', ADAPTIVE.derivatives.get(V)!] as const,
    ]);
    return heldPhases({ ...FAST, derivatives }, VALUES, H).map(({ counter }) => counter);
  };
  expect(phases('V')).toEqual(['clamp', 'refractory']);
  const always = { ...FAST, derivatives: new Map(FAST.derivatives) };
  always.derivatives.set('u', { kind: 'call', name: 'exp', args: [{ kind: 'name', name: 'V' }] });
  expect(heldPhases(always, VALUES, H)).toEqual([]);
  const least = { ...FAST, derivatives: new Map(FAST.derivatives) };
  const [V, U] = ['V', 'u'].map((name) => ({ kind: 'name', name }) as const);
  least.derivatives.set('u', { kind: 'call', name: 'min', args: [V!, U!] });
  expect(heldPhases(least, VALUES, H)).toEqual([]);
});
