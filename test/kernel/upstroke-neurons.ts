/** Neurons with an upstroke, with cycles passed over or without, for upstroke.test.ts and leap.test.ts. */
import { expect } from 'vitest';
import type { AdaptiveModel } from '../../src/kernel/adaptive-model.js';
import { KernelCompiler, type KernelTarget } from '../../src/kernel/compile.js';
import { parseEquation } from '../../src/kernel/equation.js';
import { adaptiveKernel, FIRED_WORDS } from '../../src/kernel/rkf45-kernel.js';
import { Scratch } from '../../src/kernel/substep-code.js';
import {
  UPSTROKE_PARAMETERS,
  type UpstrokeModel,
  upstrokeOf,
  upstrokeParameters,
} from '../../src/kernel/upstroke-model.js';
import { Points } from '../math/points.js';
import { Workbench } from './workbench.js';

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
export const GIVEN = {
  E: -70,
  I: 40,
  tau: 10,
  tau_f: 7,
  D: 2,
  rest: -50,
  peak: 20,
  tol: 1e-6,
  k: 0.3,
};
/** Of each neuron, the last state in an upstroke in which V was below `MARK` is kept. */
export const COLUMNS = [
  'V',
  'f',
  'hs',
  'fired',
  'substeps',
  'marked V',
  'marked f',
  'marked hs',
  'held',
];
export const MARK = -15;

/** What a test may have otherwise. */
export interface Setting {
  readonly changed?: Partial<typeof GIVEN>;
  /** Another derivative of V. */
  readonly derivative?: string;
  /** Grid steps for which V is held at the peak after a spike, this one included. */
  readonly clamp?: number;
  /** Whether it is known that a clamp of several steps holds V; it is. */
  readonly held?: boolean;
  /** Whether sub-steps are counted in spite of a clamp, which leaves none unchanged: so there are no leaps. */
  readonly counted?: boolean;
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

export function upstrokeWith(setting: Setting): UpstrokeModel {
  const shape = { driver: 'V', ceiling: 'peak', counters: new Set(['held']) };
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
      // Else every sub-step would change something.
      if (!setting.clamp || setting.counted) k.set(s.substeps, s.substeps.add(1));
      k.if(
        s.V.ge(p.peak).and(s.held.eq(0)),
        () => {
          k.set(s.V, setting.clamp ? p.peak : -60);
          k.set(s.held, setting.clamp ?? 0);
          k.set(spikes, spikes.add(1));
        },
        () =>
          k.if(s.held.eq(1), () => {
            k.set(s.V, -60);
            k.set(s.held, 0);
          }),
      );
      k.if(s.V.gt(-45).and(s.V.lt(MARK)), () => {
        for (const name of ['V', 'f', 'hs']) k.set(s[`marked ${name}`], s[name]);
      });
      k.if(first, () => k.set(s.V, s.V.add(input)));
    },
    afterStep({ k, state: s, spikes }) {
      k.set(s.fired, s.fired.add(spikes));
      k.set(s.held, s.held.sub(1).max(0));
    },
    ...(passes && { upstroke: upstrokeWith(setting) }),
  };
}

export function parametersFor(setting: Setting): number[] {
  const values = new Map(Object.entries({ ...GIVEN, ...setting.changed }));
  const held = (setting.held ?? true) && (setting.clamp ?? 0) > 1;
  return [...values.values(), ...upstrokeParameters(upstrokeWith(setting))(values, held)];
}

/** Some neurons that go step by step. */
export class Neurons {
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
    const { general } = new KernelCompiler(bench.segment, target).compile('set', () => [
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
export function run(passes: boolean, setting: Setting = {}, steps = 300): number[][][] {
  const neurons = new Neurons(passes, setting);
  return Array.from({ length: steps }, () => {
    neurons.step();
    return COLUMNS.map((name) => [...neurons.columns[name]!]);
  });
}

/** What one grid step in which a neuron fires comes to, from the same state. */
export interface SpikeStep {
  /** Relative errors; that of f is of 1 where f is less. */
  readonly V: number;
  readonly f: number;
  /** The sub-steps that are suggested then, of both. */
  readonly suggested: readonly [literal: number, passing: number];
  /** Accepted sub-steps, literally and with cycles passed over. */
  readonly literal: number;
  readonly passing: number;
}

export function spikeSteps(setting: Setting, steps = 600): SpikeStep[] {
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
        suggested: [literal!.columns.hs![i]!, other.hs![i]!],
        literal: substeps![i]! - before.n[i]!,
        passing: other.substeps![i]! - before.n[i]!,
      });
    });
  }
  return found;
}

/** The value that a part of the given ones is below. */
export function quantile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(part * values.length)]!;
}

export const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Sub-steps of all of them. */
export const accepted = (steps: readonly SpikeStep[], kind: 'literal' | 'passing'): number =>
  total(steps.map((step) => step[kind]));
