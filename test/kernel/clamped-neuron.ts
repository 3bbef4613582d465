/** A semilinear neuron with a clamp and a refractory period, for the kernels of its paths. */
import type { AdaptiveModel } from '../../src/kernel/adaptive-model.js';
import { parseCondition } from '../../src/kernel/equation.js';
import { type FastPath, INPUT } from '../../src/kernel/fast-path.js';
import { type Model, parsed } from './semilinear-models.js';

export const H = 0.1;
export const CEILING = 20;

export const PARAMETERS = {
  ...{ E: -70, D: 2, T_rest: -50, tau: 10, tau_w: 100, a: 0.2, tau_T: 40, tau_u: 7 },
  ...{ I: 15, rate: 0.01, V_clamp: 20, V_reset: -60, tolerance: 1e-6 },
};

const EQUATIONS = {
  V: 'clamp > 0 || refractory > 0 ? 0 : (E - V - w + I + S + D * exp((V - T) / D)) / tau',
  w: 'clamp > 0 ? 0.5 : (a * (V - E) - w) / tau_w',
  T: '(T_rest - T) / tau_T',
  u: '(U - u) / tau_u',
  // Nothing depends on it, but it has bounds.
  q: 'rate',
};
const DEFINITIONS = { U: 'clamp > 0 ? V_clamp : refractory > 0 ? V_reset : V' };

/** The same as literal steps take it, from calm states. */
export const CALM: Model = {
  derivatives: EQUATIONS,
  definitions: DEFINITIONS,
  driver: 'V',
  parameters: {},
  state: {},
  stimuli: {},
};

export const BOUNDS = new Map([
  ['V', [-1000, Number.POSITIVE_INFINITY] as const],
  ['w', [-1e5, 1e5] as const],
  ['q', [-100, 100] as const],
]);

export const VARIABLES = Object.keys(EQUATIONS);
export const COLUMNS = [...VARIABLES, 'S', 'clamp', 'refractory', 'suggestion'];

const common = {
  derivatives: parsed(EQUATIONS),
  definitions: parsed(DEFINITIONS),
  columns: COLUMNS,
  suggestion: 'suggestion',
  calm: parseCondition('clamp == 0 && refractory == 0'),
  errorControl: { absolute: 'tolerance', relative: 'tolerance' },
  bounds: BOUNDS,
};

export const FAST: FastPath = {
  ...common,
  driver: 'V',
  ceiling: 'V_clamp',
  receives: { V: INPUT },
};

/** The end of the clamp empties w and, if S is above 100, fires once more. */
export const ADAPTIVE: AdaptiveModel = {
  ...common,
  parameters: Object.keys(PARAMETERS),
  signedInput: false,
  afterSubstep({ k, state: s, parameters: p, input, first, spikes }) {
    const free = s.clamp.eq(0).and(s.refractory.eq(0));
    k.if(first.and(free), () => k.set(s.V, s.V.add(input)));
    k.if(s.clamp.eq(1), () => {
      k.set(s.V, p.V_reset);
      k.set(s.w, 0);
      k.set(s.clamp, 0);
      k.set(s.refractory, 3);
      k.set(spikes, spikes.add(s.S.gt(100).select(1, 0)));
    });
  },
  afterStep({ k, state: s }) {
    k.set(s.clamp, s.clamp.sub(1).max(0));
    k.set(s.refractory, s.refractory.sub(1).max(0));
  },
};
