/**
 * Random small networks as plain data. A plan holds no size that depends on another: lists of
 * values are repeated, degrees and places are taken modulo what there is, so that every plan can
 * be built and shrinks well.
 */
import fc from 'fast-check';
import type { Distribution } from '../../src/index.js';

/** One value, some that are repeated over the elements, or a distribution. */
export type Values =
  | number
  | boolean
  | Distribution
  | { readonly each: readonly (number | boolean)[] };

export interface Projection {
  readonly from: PopulationName;
  readonly to: PopulationName;
  readonly rule: RuleName;
  /** Indegree, outdegree or number, modulo what is possible. */
  readonly degree: number;
  readonly p: number;
  readonly autapses: boolean;
  readonly multapses: boolean;
  readonly synapse: SynapseName;
  readonly weight: Values;
  readonly delay: Values;
  /** Of a plastic synapse, where they differ from its model's. */
  readonly parameters: Readonly<Record<string, Values>>;
}

export type Action =
  | { readonly kind: 'nodes'; readonly population: PopulationName; readonly params: Params }
  | { readonly kind: 'weights'; readonly synapse: SynapseName; readonly values: Params }
  | { readonly kind: 'connect'; readonly projection: Projection }
  | { readonly kind: 'grow'; readonly size: number; readonly projection: Projection }
  | { readonly kind: 'record'; readonly params: { start?: number; stop?: number; n_events?: 0 } };

export interface Phase {
  readonly actions: readonly Action[];
  readonly steps: number;
  /** Where variants cut the phase, as shares of it. */
  readonly cuts: readonly number[];
}

export interface NetworkPlan {
  readonly resolution: number;
  readonly seed: number | string;
  /** In the order of creation. */
  readonly order: readonly PopulationName[];
  readonly sizes: Readonly<Record<PopulationName, number>>;
  readonly params: Readonly<Partial<Record<PopulationName, Params>>>;
  readonly trains: readonly Train[];
  /** Parameters of the plastic models. */
  readonly plastic: Readonly<Record<PlasticName, Params>>;
  readonly projections: readonly Projection[];
  readonly window: { readonly start: number; readonly stop: number };
  readonly phases: readonly Phase[];
}

/** A spike generator, its times in steps. */
export interface Train {
  readonly steps: readonly number[];
  readonly weights: readonly number[];
  readonly multiplicities: readonly number[];
}

type Params = Readonly<Record<string, Values>>;

export const populationNames = [
  'exc',
  'inh',
  'relays',
  'output',
  'poisson',
  'train',
  'dc',
  'steps',
] as const;
export type PopulationName = (typeof populationNames)[number];
const ruleNames = [
  'one_to_one',
  'all_to_all',
  'fixed_indegree',
  'fixed_outdegree',
  'fixed_total_number',
  'pairwise_bernoulli',
  'explicit',
] as const;
export type RuleName = (typeof ruleNames)[number];
export type PlasticName = 'clopath_a' | 'clopath_b' | 'stdp';
export type SynapseName = 'static_synapse' | PlasticName;

const H = 0.1;
const onGrid = (least: number, most: number) =>
  fc.integer({ min: Math.round(least / H), max: Math.round(most / H) }).map(inMs);
function inMs(steps: number): number {
  return Math.round(steps * H * 10) / 10;
}

const between = (min: number, max: number) =>
  fc.integer({ min: 0, max: 1000 }).map((i) => min + ((max - min) * i) / 1000);

const distribution = (min: number, max: number): fc.Arbitrary<Distribution> =>
  fc.oneof(
    fc.constant({ distribution: 'uniform', min, max } as const),
    fc.constant({
      op: 'redraw',
      of: { distribution: 'normal', mean: (min + max) / 2, std: (max - min) / 2 },
      min,
      max,
    } as const),
    fc.constant({
      op: 'min',
      left: { op: '+', left: min, right: { distribution: 'exponential', beta: (max - min) / 4 } },
      right: max,
    } as const),
  );

/** Values of one of the three forms, all in [min, max]. */
const values = (min: number, max: number): fc.Arbitrary<Values> =>
  fc.oneof(
    between(min, max),
    fc.array(between(min, max), { minLength: 2, maxLength: 7 }).map((each) => ({ each })),
    distribution(min, max),
  );

const delays: fc.Arbitrary<Values> = fc.oneof(
  onGrid(0.1, 2),
  fc.array(onGrid(0.1, 6), { minLength: 2, maxLength: 7 }).map((each) => ({ each })),
  distribution(0.1, 4),
);

const optional = <T extends Record<string, fc.Arbitrary<unknown>>>(model: T) =>
  fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Params>;

/** A third of the plans have neurons whose A_LTP is negative. */
const A_LTP = fc.oneof(
  values(1e-5, 3e-4),
  values(1e-5, 3e-4),
  fc.constant({ each: [2e-4, -1e-4, 8e-5] }),
);

const delayOfBars = fc.oneof(
  fc.constantFrom(0, 5),
  fc
    .array(fc.constantFrom(0, 0.1, 1.3, 5, 7), { minLength: 2, maxLength: 4 })
    .map((each) => ({ each })),
);

const neuronParams = optional({
  V_m: values(-80, -55),
  I_e: values(0, 900),
  A_LTP,
  A_LTD: values(1e-5, 2e-4),
  A_LTD_const: fc.oneof(fc.boolean(), fc.constant({ each: [true, false, false] })),
  delay_u_bars: delayOfBars,
  Delta_T: values(1, 3),
  t_ref: fc.constantFrom(0, 1, 2),
  t_clamp: fc.constantFrom(0, 1, 2),
  tau_u_bar_plus: values(5, 15),
  u_bar_bar: values(-75, -60),
  theta_plus: values(-50, -40),
  tau_minus: values(2, 30),
});

const parameterOfClopath = {
  Wmin: fc.oneof(fc.constant(0), fc.constant({ each: [0, 0, 3] })),
  Wmax: values(4, 20),
};
const exponent = fc.oneof(fc.constantFrom(0, 1, 0.4), fc.constant({ each: [0, 1, 0.3] }));
const parameterOfStdp = {
  tau_plus: fc.oneof(fc.constantFrom(1, 1.7, 20), fc.constant({ each: [1, 15, 2] })),
  lambda: values(0.01, 0.2),
  alpha: values(0.5, 1.5),
  mu_plus: exponent,
  mu_minus: exponent,
  Wmax: values(4, 30),
};

/** tau_x is short in most plans: a source is settled after a silence of 48 tau_x. */
const clopathModel = optional({
  tau_x: fc.constantFrom(1, 1.7, 15),
  Wmin: fc.constantFrom(0, 2),
  Wmax: between(6, 30),
});

const stdpModel = optional({
  tau_plus: fc.constantFrom(1, 1.7, 20),
  lambda: between(0.01, 0.2),
  alpha: between(0.5, 1.5),
  mu_plus: fc.constantFrom(0, 1, 0.4),
  mu_minus: fc.constantFrom(0, 1, 0.4),
  Wmax: between(6, 30),
});

/** What single connections of a model may have for themselves. */
const ownParameters: Readonly<Record<SynapseName, fc.Arbitrary<Params>>> = {
  static_synapse: fc.constant({}),
  clopath_a: optional({ ...parameterOfClopath, tau_x: fc.constant({ each: [1, 2, 1] }) }),
  clopath_b: optional({ ...parameterOfClopath, tau_x: fc.constant({ each: [1, 2, 1] }) }),
  stdp: optional(parameterOfStdp),
};

/** From, to, and range of the weights. Parrots are not connected in a loop: it would explode. */
const routes = {
  input: [
    ['poisson', 'relays', 1, 2],
    ['poisson', 'exc', 1, 8],
    ['poisson', 'inh', -4, 8],
    ['train', 'relays', 1, 2],
    ['train', 'exc', 2, 25],
    ['dc', 'exc', -1, 1],
    ['dc', 'inh', 0, 1],
    ['steps', 'exc', -1, 1],
  ],
  inner: [
    ['relays', 'exc', 1, 25],
    ['relays', 'inh', 1, 25],
    ['exc', 'exc', 1, 12],
    ['exc', 'inh', 1, 12],
    ['inh', 'exc', -8, -1],
    ['inh', 'inh', -8, -1],
    ['relays', 'output', 1, 1],
    ['exc', 'output', 1, 1],
  ],
} as const;
type Route = (typeof routes)['input' | 'inner'][number];

function synapsesOf([from, to, min]: Route): fc.Arbitrary<SynapseName> {
  const canLearn = min > 0 && !['poisson', 'train', 'dc', 'steps'].includes(from);
  if (!canLearn) return fc.constant('static_synapse');
  if (to === 'output') return fc.constantFrom('stdp', 'static_synapse');
  return fc.constantFrom('clopath_a', 'clopath_a', 'clopath_b', 'stdp', 'stdp', 'static_synapse');
}

function projection(route: fc.Arbitrary<Route>): fc.Arbitrary<Projection> {
  return route
    .chain((one) => fc.tuple(fc.constant(one), synapsesOf(one)))
    .chain(([[from, to, min, max], synapse]) =>
      fc.record({
        from: fc.constant(from),
        to: fc.constant(to),
        rule: fc.constantFrom(...ruleNames),
        degree: fc.nat(40),
        p: between(0.1, 1),
        autapses: fc.boolean(),
        multapses: fc.boolean(),
        synapse: fc.constant(synapse),
        weight: max > min ? values(min, max) : fc.constant(min),
        delay: delays,
        parameters: ownParameters[synapse],
      }),
    );
}

const routeAmong = (all: readonly Route[]) => fc.constantFrom(...all);
const alwaysThere = [routes.input[0], routes.input[3], routes.inner[0]];

const rate = fc.oneof(
  fc.constantFrom(0, 900, 1000, 1100),
  between(5, 400),
  between(1000, 4000),
  fc.constant({ each: [20, 1500, 300] }),
);

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant('nodes' as const),
    population: fc.constant('poisson' as const),
    params: fc.record({ rate }),
  }),
  fc.record({
    kind: fc.constant('nodes' as const),
    population: fc.constantFrom('exc' as const, 'inh' as const),
    params: neuronParams,
  }),
  fc.record({
    kind: fc.constant('nodes' as const),
    population: fc.constant('steps' as const),
    params: fc.record({ amplitude_values: fc.constant({ each: [300, -500, 700] }) }),
  }),
  fc.record({
    kind: fc.constant('weights' as const),
    synapse: fc.constantFrom('clopath_a' as const, 'clopath_b' as const),
    values: optional({ weight: values(1, 25), ...parameterOfClopath }),
  }),
  fc.record({
    kind: fc.constant('weights' as const),
    synapse: fc.constant('stdp' as const),
    values: optional({ weight: values(1, 25), ...parameterOfStdp }),
  }),
  fc.record({
    kind: fc.constant('connect' as const),
    projection: projection(routeAmong([...routes.input, ...routes.inner])),
  }),
  fc.record({
    kind: fc.constant('grow' as const),
    size: fc.integer({ min: 1, max: 4 }),
    projection: projection(fc.constant(routes.inner[0])),
  }),
  fc.record({
    kind: fc.constant('record' as const),
    params: fc.constantFrom(
      { n_events: 0 as const },
      { start: 0, stop: 60 },
      { start: 30.1, stop: 95 },
    ),
  }),
);

const LONG_SILENCE = fc.integer({ min: 470, max: 720 });

const train: fc.Arbitrary<Train> = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 60 }), LONG_SILENCE), { minLength: 3, maxLength: 9 })
  .chain((gaps) => {
    let step = 1;
    const steps = gaps.map((gap) => (step += gap));
    const list = <T>(of: fc.Arbitrary<T>) =>
      fc.oneof(fc.constant([]), fc.array(of, { minLength: steps.length, maxLength: steps.length }));
    return fc.record({
      steps: fc.constant(steps),
      weights: list(between(-1, 2)),
      multiplicities: list(fc.nat(3)),
    });
  });

const size = (min: number, max: number) => fc.integer({ min, max });

export const networkPlan: fc.Arbitrary<NetworkPlan> = fc.record({
  resolution: fc.constant(H),
  seed: fc.oneof(fc.nat(1000), fc.constant('a word')),
  order: fc.shuffledSubarray([...populationNames], { minLength: populationNames.length }),
  sizes: fc.record({
    exc: size(2, 7),
    inh: size(1, 3),
    relays: size(3, 9),
    output: size(1, 4),
    poisson: size(1, 3),
    train: size(1, 3),
    dc: size(1, 2),
    steps: size(1, 2),
  }),
  params: fc.record({
    exc: neuronParams,
    inh: neuronParams,
    poisson: fc.record({ rate }),
    dc: fc.record({ amplitude: values(100, 1200) }),
  }),
  trains: fc.array(train, { minLength: 3, maxLength: 3 }),
  plastic: fc.record({ clopath_a: clopathModel, clopath_b: clopathModel, stdp: stdpModel }),
  projections: fc
    .tuple(
      fc.tuple(...alwaysThere.map((route) => projection(fc.constant(route)))),
      fc.array(projection(routeAmong([...routes.input, ...routes.inner])), {
        minLength: 3,
        maxLength: 7,
      }),
    )
    .map(([always, more]) => [...always, ...more]),
  window: fc.record({ start: onGrid(0, 20), stop: onGrid(20, 90) }),
  phases: fc.array(
    fc.record({
      actions: fc.array(action, { maxLength: 3 }),
      steps: fc.integer({ min: 1, max: 700 }),
      cuts: fc.array(between(0, 1), { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 2, maxLength: 4 },
  ),
});
