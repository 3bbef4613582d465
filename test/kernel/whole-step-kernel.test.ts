/** The whole-step path beside the general one: the same bits, whoever takes which. */
import { expect, test } from 'vitest';
import type { AdaptiveModel } from '../../src/kernel/adaptive-model.js';
import { KernelCompiler, type KernelTarget } from '../../src/kernel/compile.js';
import { parseEquation } from '../../src/kernel/equation.js';
import { adaptiveKernel, FIRED_WORDS } from '../../src/kernel/rkf45-kernel.js';
import { Scratch } from '../../src/kernel/substep-code.js';
import { wholeStepKernel } from '../../src/kernel/whole-step-kernel.js';
import { Points } from '../math/points.js';
import { exactly, Workbench } from './workbench.js';

/** The model of FitzHugh (1961) and Nagumo (1962), in which V fires when it comes up to 1. */
const MODEL: AdaptiveModel = {
  derivatives: new Map([
    ['V', parseEquation('V - V * V * V / 3 - u + I')],
    ['u', parseEquation('rate * (V + a - b * u)')],
  ]),
  definitions: new Map(),
  columns: ['V', 'u', 'fired', 'hs'],
  suggestion: 'hs',
  parameters: ['I', 'rate', 'a', 'b'],
  errorControl: { absolute: 1e-4, relative: 0 },
  signedInput: true,
  bounds: new Map([['V', [-5, 5]]]),
  afterSubstep: () => {},
  afterStep({ k, state: s, input, inhibitoryInput, before, spikes }) {
    k.set(s.u, s.u.add(inhibitoryInput));
    k.set(s.V, s.V.add(input));
    k.set(spikes, before('V').lt(1).and(s.V.ge(1)).select(1, 0));
    k.set(s.fired, s.fired.add(spikes));
  },
};
const SIZE = 13;
const STEPS = 400;
const DIFFERENT = ['I', 'b'];

/** All numbers of the neurons after all steps, and how many neuron-steps the general path did. */
function run(target: KernelTarget, each: readonly string[], withWholeSteps: boolean) {
  const points = new Points(7);
  const bench = new Workbench();
  const columns = MODEL.columns.map((name) =>
    bench.column(
      name === 'V' || name === 'u' ? points.uniform(SIZE, -2, 2) : new Float64Array(SIZE),
    ),
  );
  const values = [0.6, 0.08, 0.7, 0.8];
  const parameters = MODEL.parameters.map((name, i) =>
    bench.column(
      each.includes(name)
        ? points.uniform(SIZE, 0.8 * values[i], 1.2 * values[i])
        : Float64Array.of(values[i]),
    ),
  );
  const table = bench.words(columns.map((column) => column.byteOffset));
  const parameterTable = bench.words(parameters.map((column) => column.byteOffset));
  const shared = bench.column(values);
  const [input, inhibitory] = [
    bench.column(new Float64Array(SIZE)),
    bench.column(new Float64Array(SIZE)),
  ];
  const scratch = bench.column(new Float64Array(Scratch.length(MODEL.derivatives.size, 2)));
  const [h, list, fired] = [
    bench.column([0.5]),
    bench.words(new Int32Array(SIZE)),
    bench.words(new Int32Array(FIRED_WORDS * SIZE)),
  ];
  const { general, whole } = new KernelCompiler(bench.segment, target).compile('set', () => [
    adaptiveKernel('general', MODEL, new Set(each)),
    wholeStepKernel('whole', MODEL, new Set(each)),
  ]);

  let listed = 0;
  let spikes = 0;
  for (let step = 0; step < STEPS; step++) {
    const kick = points.word() % SIZE;
    input.fill(0).fill(points.uniform(1, 0, 1)[0], kick, kick + 1);
    inhibitory.fill(0).fill(points.uniform(1, -0.2, 0)[0], 0, 2);
    const [columnsAt, parametersAt] = [table.byteOffset, parameterTable.byteOffset];
    const inputs = [input.byteOffset, inhibitory.byteOffset];
    let count = SIZE;
    if (withWholeSteps) {
      count = whole(
        columnsAt,
        parametersAt,
        shared.byteOffset,
        ...inputs,
        SIZE,
        list.byteOffset,
        h.byteOffset,
        scratch.byteOffset,
      );
    } else {
      list.set(list.map((_, i) => i));
    }
    listed += count;
    spikes += general(
      ...[columnsAt, parametersAt, shared.byteOffset, ...inputs],
      ...[list.byteOffset, count, fired.byteOffset, h.byteOffset, scratch.byteOffset],
    );
  }
  return { numbers: columns.flatMap((column) => exactly(column)), listed, spikes };
}

test.each([
  ['alike', []],
  ['with parameters of their own', DIFFERENT],
])('neurons %s', (_, each) => {
  const expected = run('wasm', each, false);
  expect(expected.spikes).toBeGreaterThan(20);
  for (const target of ['wasm', 'javascript'] as const) {
    const { numbers, listed, spikes } = run(target, each, true);
    expect(numbers, target).toEqual(expected.numbers);
    expect(spikes, target).toBe(expected.spikes);
    expect(listed / (SIZE * STEPS)).toBeLessThan(0.5);
    expect(listed).toBeGreaterThan(spikes);
  }
});
