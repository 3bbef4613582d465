/** Kernels that pass over cycles of an upstroke beside the same without. */
import { describe, expect, test } from 'vitest';
import { KernelCompiler, type KernelTarget } from '../../src/kernel/compile.js';
import { parseEquation } from '../../src/kernel/equation.js';
import { type AdaptiveModel, adaptiveKernel, FIRED_WORDS } from '../../src/kernel/rkf45-kernel.js';
import { Scratch } from '../../src/kernel/substep-code.js';
import {
  UPSTROKE_PARAMETERS,
  type UpstrokeModel,
  upstrokeDependsOn,
  upstrokeOf,
  upstrokeParameters,
} from '../../src/kernel/upstroke-model.js';
import { Points } from '../math/points.js';
import { exactly, Workbench } from './workbench.js';

/** An exponential integrate-and-fire neuron with a filter f of V up to the peak, which starts anew at -60 after a spike. */
const equations = {
  derivatives: new Map([
    ['V', parseEquation('(E - V + I) / tau + up')],
    ['f', parseEquation('(min(V, peak) - f) / tau_f')],
  ]),
  definitions: new Map([
    ['up', parseEquation('D / tau * exp((min(V, peak) - T) / D)')],
    ['T', parseEquation('rest + 0 * tau')],
  ]),
  errorControl: { absolute: 'tol', relative: 'tol' },
};
const GIVEN = { E: -70, I: 40, tau: 10, tau_f: 7, D: 2, rest: -50, peak: 20, tol: 1e-6, k: 0.3 };
/** Of each neuron, the last state in an upstroke in which V was below `MARK` is kept. */
const COLUMNS = ['V', 'f', 'hs', 'fired', 'substeps', 'marked V', 'marked f', 'marked hs'];
const MARK = -15;

/** What a test may have otherwise. */
interface Setting {
  readonly changed?: Partial<typeof GIVEN>;
  /** Another derivative of V. */
  readonly derivative?: string;
  /** Whether each neuron has parameters of its own. */
  readonly own?: boolean;
  readonly target?: KernelTarget;
  readonly size?: number;
  /** The grid step. */
  readonly h?: number;
  /** What is added to V after the first sub-step of a grid step. */
  readonly input?: number;
}

function equationsWith({ derivative }: Setting) {
  if (!derivative) return equations;
  const derivatives = new Map([
    ...equations.derivatives,
    ['V', parseEquation(derivative)] as const,
  ]);
  return { ...equations, derivatives };
}

function upstrokeWith(setting: Setting): UpstrokeModel {
  const shape = { driver: 'V', ceiling: 'peak', counters: new Set<string>() };
  return upstrokeOf({ ...equationsWith(setting), ...shape })!;
}

function model(passes: boolean, setting: Setting = {}): AdaptiveModel {
  return {
    ...equationsWith(setting),
    columns: COLUMNS,
    suggestion: 'hs',
    parameters: [...Object.keys(GIVEN), ...UPSTROKE_PARAMETERS],
    signedInput: false,
    bounds: new Map(),
    afterSubstep({ k, state: s, parameters: p, spikes, input, first }) {
      k.set(s.substeps, s.substeps.add(1));
      k.if(s.V.ge(p.peak), () => {
        k.set(s.V, -60);
        k.set(spikes, spikes.add(1));
      });
      k.if(s.V.gt(-45).and(s.V.lt(MARK)), () => {
        for (const name of ['V', 'f', 'hs']) k.set(s[`marked ${name}`], s[name]);
      });
      k.if(first, () => k.set(s.V, s.V.add(input)));
    },
    afterStep: ({ k, state: s, spikes }) => k.set(s.fired, s.fired.add(spikes)),
    ...(passes && { upstroke: upstrokeWith(setting) }),
  };
}

function parametersFor(setting: Setting): number[] {
  const values = new Map(Object.entries({ ...GIVEN, ...setting.changed }));
  return [...values.values(), ...upstrokeParameters(upstrokeWith(setting))(values)];
}

/** Some neurons that go step by step. */
class Neurons {
  readonly columns: Readonly<Record<string, Float64Array>>;
  private readonly kernel: () => void;

  constructor(passes: boolean, setting: Setting = {}) {
    const { own = false, target = 'wasm', size = 9, h = 0.1, input = 0 } = setting;
    const bench = new Workbench();
    const { parameters: parameterNames } = model(passes);
    const columns = COLUMNS.map((name) =>
      bench.column(name === 'V' ? new Points(3).uniform(size, -65, -45) : new Float64Array(size)),
    );
    this.columns = Object.fromEntries(COLUMNS.map((name, i) => [name, columns[i]!]));
    const values = parametersFor(setting);
    const each = new Set(own ? parameterNames : []);
    const parameters = values.map((value) => bench.column(own ? Array(size).fill(value) : [value]));
    const address = (lists: readonly Float64Array[]) => bench.words(lists.map((l) => l.byteOffset));
    const { general } = new KernelCompiler(bench.segment, target).compile([
      adaptiveKernel('general', model(passes, setting), each),
    ]);
    const arrived = bench.column(new Float64Array(size).fill(input));
    const scratch = bench.column(new Float64Array(Scratch.length(2, 2)));
    const list = bench.words(Array.from({ length: size }, (_, i) => i));
    const fired = bench.words(new Int32Array(FIRED_WORDS * size));
    const shared = bench.column(values);
    const where = [address(columns), address(parameters), shared, arrived, arrived, list];
    const after = [fired, bench.column([h]), scratch].map((a) => a.byteOffset);
    const before = where.map((a) => a.byteOffset);
    this.kernel = () => general(...before, size, ...after);
  }

  step(): void {
    this.kernel();
  }

  /** Sets the neurons to the state that others are in. */
  become(others: Readonly<Record<string, Float64Array>>): void {
    for (const [name, column] of Object.entries(others)) this.columns[name]!.set(column);
  }
}

/** Columns of the neurons after each of the steps. */
function run(passes: boolean, setting: Setting = {}, steps = 300): number[][][] {
  const neurons = new Neurons(passes, setting);
  return Array.from({ length: steps }, () => {
    neurons.step();
    return COLUMNS.map((name) => [...neurons.columns[name]!]);
  });
}

/** What one grid step in which a neuron fires comes to, from the same state. */
interface SpikeStep {
  /** Relative errors; that of f is of 1 where f is less. */
  readonly V: number;
  readonly f: number;
  /** Accepted sub-steps, literally and with cycles passed over. */
  readonly literal: number;
  readonly passing: number;
}

function spikeSteps(setting: Setting, steps = 600): SpikeStep[] {
  const [literal, passing] = [false, true].map((passes) => new Neurons(passes, setting));
  const found: SpikeStep[] = [];
  for (let step = 0; step < steps; step++) {
    passing!.become(literal!.columns);
    const before = {
      fired: literal!.columns.fired!.slice(),
      n: literal!.columns.substeps!.slice(),
    };
    literal!.step();
    passing!.step();
    const { V, f, fired, substeps } = literal!.columns;
    const other = passing!.columns;
    expect([...other.fired!], `step ${step}`).toEqual([...fired!]);
    before.fired.forEach((count, i) => {
      if (fired![i] === count) return;
      found.push({
        V: Math.abs(other.V![i]! / V![i]! - 1),
        f: Math.abs(other.f![i]! - f![i]!) / Math.max(1, Math.abs(f![i]!)),
        literal: substeps![i]! - before.n[i]!,
        passing: other.substeps![i]! - before.n[i]!,
      });
    });
  }
  return found;
}

/** The value that a part of the given ones is below. */
function quantile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(part * values.length)]!;
}

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const last = (all: number[][][], column: number): number =>
  all.at(-1)![column]!.reduce((a, b) => a + b);
const [V, F, , FIRED, SUBSTEPS] = [0, 1, 2, 3, 4];

/**
 * Near the peak, where the exponential ends, sub-steps depend on every rounding, and with them the first
 * ones after the spike. From step to step that adds up, so here errors may be larger than in one step.
 */
describe.each([
  ['as it is', {}],
  ['with a low ceiling', { peak: -5 }],
  ['with a steep exponential', { D: 1, peak: -16 }],
])('a neuron %s', (_, changed) => {
  const [literal, passing] = [false, true].map((passes) => run(passes, { changed }));

  test('comes to the same, with fewer sub-steps', () => {
    expect(last(literal!, FIRED)).toBeGreaterThan(9);
    literal!.forEach((columns, step) => {
      expect(passing![step]![FIRED], `step ${step}`).toEqual(columns[FIRED]);
      for (const column of [V, F]) {
        columns[column]!.forEach((expected, i) => {
          // Above rest the exponential makes every difference grow.
          if (columns[V]![i]! > GIVEN.rest) return;
          const got = passing![step]![column]![i]!;
          const error = Math.abs(got - expected) / Math.max(1, Math.abs(expected));
          expect(error, `step ${step}, ${column} of ${i}`).toBeLessThan(1e-11);
        });
      }
    });
    expect(last(passing!, SUBSTEPS)).toBeLessThan(0.9 * last(literal!, SUBSTEPS));
  });

  test('in JavaScript, and with parameters of its own, to the same bits', () => {
    const expected = passing!.at(-1)!.map(exactly);
    for (const target of ['wasm', 'javascript'] as const) {
      for (const own of [false, true]) {
        expect(run(true, { changed, own, target }).at(-1)!.map(exactly)).toEqual(expected);
      }
    }
  });
});

/** Each step begins in the same state, as else errors of one spike are seen in the next. */
describe('one step with a spike', () => {
  const accepted = (steps: readonly SpikeStep[], kind: 'literal' | 'passing') =>
    total(steps.map((step) => step[kind]));

  test('comes to the same V but for roundings, with half the sub-steps', () => {
    const steps = spikeSteps({ size: 32 });
    expect(steps.length).toBeGreaterThan(100);
    const errors = steps.map((step) => step.V);
    expect(quantile(errors, 0.5)).toBeLessThan(1e-14);
    expect(accepted(steps, 'passing')).toBeLessThan(0.5 * accepted(steps, 'literal'));
  });

  // What remains beside the exponential matters more here, and an error of the sub-step suggested then.
  test('comes to nearly the same V with a strong current', () => {
    const steps = spikeSteps({ size: 32, changed: { I: 400 } });
    expect(steps.length).toBeGreaterThan(1000);
    const errors = steps.map((step) => step.V);
    expect(quantile(errors, 0.9)).toBeLessThan(5e-13);
    expect(quantile(errors, 0.99)).toBeLessThan(3e-11);
    expect(accepted(steps, 'passing')).toBeLessThan(0.7 * accepted(steps, 'literal'));
  });

  // With so steep an exponential, sub-steps get too short to change the time long before the peak. They
  // are then taken however large the error, and f with them becomes what nobody would call a solution,
  // up to 10^6. What it becomes depends on where that begins.
  test('does not pass over sub-steps too short to change the time', () => {
    const steps = spikeSteps({ size: 32, changed: { D: 0.7 } });
    expect(steps.length).toBeGreaterThan(100);
    expect(Math.max(...steps.map((step) => step.f))).toBeLessThan(1e-4);
    expect(accepted(steps, 'passing')).toBeLessThan(0.9 * accepted(steps, 'literal'));
  });

  // It is of the rest, like any other factor: were it lost, cycles would be found later.
  test.each([
    ['before', 'exp(k) * (E - V + I) / tau + up', 'k * (E - V + I) / tau + up'],
    ['after', 'up + exp(k) * (E - V + I) / tau', 'up + k * (E - V + I) / tau'],
  ])('is as good with an exponential of parameters %s that of V', (_, derivative, simpler) => {
    const steps = spikeSteps({ size: 32, derivative });
    expect(steps.length).toBeGreaterThan(100);
    const errors = steps.map((step) => step.V);
    expect(quantile(errors, 0.9)).toBeLessThan(1e-12);
    const changed = { k: Math.exp(GIVEN.k) };
    const expected = spikeSteps({ size: 32, derivative: simpler, changed });
    expect(steps.length).toBe(expected.length);
    expect(accepted(steps, 'passing')).toBeLessThan(1.02 * accepted(expected, 'passing'));
  });
});

describe('a grid step that begins in an upstroke', () => {
  /** States within upstrokes, at various places of the cycle: the sub-step suggested is often too long. */
  function withinUpstrokes(size: number) {
    const neurons = new Neurons(false, { size });
    for (let step = 0; step < 300; step++) neurons.step();
    const marked = (name: string) => neurons.columns[`marked ${name}`]!;
    expect(Math.min(...marked('hs'))).toBeGreaterThan(0);
    return { V: marked('V'), f: marked('f'), hs: marked('hs') };
  }

  /** The neurons after such a step, literally and with cycles passed over. */
  function oneStep(setting: Setting) {
    const size = 32;
    const start = withinUpstrokes(size);
    const [literal, passing] = [false, true].map((passes) => {
      const neurons = new Neurons(passes, { ...setting, size });
      neurons.become(start);
      neurons.step();
      return neurons.columns;
    });
    return { start, literal: literal!, passing: passing! };
  }

  test('passes over sub-steps', () => {
    const { literal, passing } = oneStep({});
    expect(total([...passing.substeps!])).toBeLessThan(0.7 * total([...literal.substeps!]));
  });

  test('takes the first sub-step, after which input is added', () => {
    const { literal, passing } = oneStep({ input: -30 });
    expect(total([...literal.fired!])).toBe(0);
    for (const name of COLUMNS) {
      expect(exactly(passing[name]!), name).toEqual(exactly(literal[name]!));
    }
  });

  test('ends in it where the step does', () => {
    // From `MARK`, V would reach infinity a little later.
    const h = 0.99 * GIVEN.tau * Math.exp((GIVEN.rest - MARK) / GIVEN.D);
    const { start, literal, passing } = oneStep({ h });
    expect(total([...literal.fired!])).toBe(0);
    expect(Math.max(...literal.V!)).toBeGreaterThan(MARK + 2);
    expect(Math.min(...literal.V!.map((V, i) => V - start.V[i]!))).toBeGreaterThan(0);
    literal.V!.forEach((V, i) => {
      expect(Math.abs(passing.V![i]! / V - 1), `neuron ${i}`).toBeLessThan(1e-11);
    });
  });
});

test('parameters that the cycle depends on', () => {
  const names = upstrokeDependsOn(upstrokeWith({}));
  expect([...names].sort()).toEqual(['D', 'V', 'peak', 'rest', 'tau', 'tol']);
});

test('without a slope factor above 0, nothing is passed over', () => {
  for (const D of [0, -2])
    expect(parametersFor({ changed: { D } }).slice(-8)).toEqual(Array(8).fill(0));
});
