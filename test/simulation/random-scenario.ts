/** Random small networks, written out in full as scenarios, made to strain plastic synapses. */
import fc from 'fast-check';
import type { Parameters, Scenario, ScenarioConnection, ScenarioNode } from '../oracle/scenario.js';

export const H = 0.1;

/** What distinguishes one family of scenarios from the next. */
export interface ScenarioStyle {
  /** Amplitudes of potentiation that neurons take. */
  readonly A_LTP: readonly number[];
  /** Initial weights lie within bounds that are this many times as wide; 1 or more. */
  readonly widened: number;
}

/** Bounds of the plastic synapse models. */
const BOUNDS = [
  { Wmin: 0, Wmax: 12 },
  { Wmin: 0, Wmax: 30 },
  { Wmin: 3, Wmax: 9 },
  { Wmin: -20, Wmax: -1 },
] as const;
const SYNAPSE_MODELS = [0, 1, 2, 3] as const;

export const steps = (min: number, max: number) => fc.integer({ min, max });
export const between = (min: number, max: number) =>
  fc.integer({ min: 0, max: 4000 }).map((i) => min + ((max - min) * i) / 4000);
export const inMs = (n: number): number => Math.round(n * H * 10) / 10;

function neuron(style: ScenarioStyle): fc.Arbitrary<Parameters> {
  return fc.record({
    V_m: between(-80, -55),
    I_e: fc.constantFrom(0, 400, 800),
    A_LTP: fc.constantFrom(...style.A_LTP),
    A_LTD: fc.constantFrom(14e-5, 5e-4, 0),
    A_LTD_const: fc.boolean(),
    delay_u_bars: fc.constantFrom(0, 0.1, 2.5, 5),
    t_ref: fc.constantFrom(0, 1),
    theta_plus: fc.constantFrom(-45.3, -55, -68),
  });
}

/** Spike times in steps, with bursts and with silences beyond 48 tau_x of most synapse models. */
export const train = fc
  .array(
    fc.oneof({ weight: 5, arbitrary: steps(0, 60) }, { weight: 1, arbitrary: steps(460, 720) }),
    {
      minLength: 5,
      maxLength: 16,
    },
  )
  .chain((gaps) => {
    let step = 1;
    const times = gaps.map((gap) => {
      step += gap;
      return inMs(step);
    });
    const lists = { minLength: times.length, maxLength: times.length };
    return fc.record({
      spike_times: fc.constant(times),
      spike_multiplicities: fc.array(fc.constantFrom(1, 1, 1, 2, 3), lists),
    });
  });

interface Plastic {
  readonly from: number;
  readonly to: number;
  readonly model: number;
  readonly share: number;
  readonly delay: number;
  readonly own: Parameters;
}

const plastic = fc.record({
  from: fc.nat(),
  to: fc.nat(),
  model: fc.constantFrom(...SYNAPSE_MODELS),
  share: between(0, 1),
  delay: steps(0, 60),
  own: fc.constantFrom<Parameters>({}, {}, { tau_x: 2.3 }, { tau_x: 15 }),
});

const fixed = fc.record({
  from: fc.nat(),
  to: fc.nat(),
  weight: between(-6, 30),
  delay: steps(0, 60),
});

export function randomScenario(style: ScenarioStyle): fc.Arbitrary<Scenario> {
  return fc
    .record({
      neurons: fc.array(neuron(style), { minLength: 1, maxLength: 4 }),
      trains: fc.array(train, { minLength: 2, maxLength: 5 }),
      /** tau_x of the four models, in ms. */
      taus: fc.tuple(...SYNAPSE_MODELS.map(() => fc.constantFrom(1, 1.3, 2, 15))),
      plastic: fc.array(plastic, { minLength: 2, maxLength: 12 }),
      fixed: fc.array(fixed, { minLength: 1, maxLength: 6 }),
      amplitude: fc.constantFrom(0, 300, 700),
      shortestDelay: fc.constantFrom(1, 1, 2, 7, 40),
      length: steps(900, 1500),
    })
    .map((drawn) => {
      const { neurons, trains, taus, shortestDelay } = drawn;
      const N = neurons.length;
      const T = trains.length;
      const delay = (extra: number) => inMs(shortestDelay + extra);
      const nodes: ScenarioNode[] = [
        ...neurons.map((params) => ({ model: 'aeif_psc_delta_clopath', params })),
        ...trains.map(() => ({ model: 'parrot_neuron' })),
        ...trains.map((params) => ({ model: 'spike_generator', params })),
        { model: 'dc_generator', params: { amplitude: drawn.amplitude, start: 10, stop: 60 } },
      ].map((node, i) => ({ id: i + 1, ...node }));
      // Sources of plastic synapses are the relays (nodes N + 1 ...) and the neurons.
      const connections: ScenarioConnection[] = [
        ...trains.map((_, i) => ({
          source: N + T + 1 + i,
          target: N + 1 + i,
          model: 'static_synapse',
          weight: 1,
          delay: delay(0),
        })),
        ...drawn.plastic.map((one) => plasticConnection(one, N, T, style, delay)),
        ...drawn.fixed.map(({ from, to, weight, delay: extra }) => ({
          source: 1 + (from % (N + T)),
          target: 1 + (to % N),
          model: 'static_synapse',
          weight,
          delay: delay(extra),
        })),
        { source: N + 2 * T + 1, target: 1, model: 'static_synapse', weight: 1, delay: delay(3) },
      ];
      const models = taus.map((tau_x, i) => [
        `plastic_${i}`,
        { base: 'clopath_synapse', params: { tau_x, ...BOUNDS[i] }, weight_recorder: true },
      ]);
      return {
        name: 'random',
        resolution: H,
        nodes,
        connections,
        synapse_models: Object.fromEntries(models),
        simulate: inMs(drawn.length),
      };
    });
}

function plasticConnection(
  { from, to, model, share, delay, own }: Plastic,
  N: number,
  T: number,
  { widened }: ScenarioStyle,
  delayOf: (extra: number) => number,
): ScenarioConnection {
  const { Wmin, Wmax } = BOUNDS[model]!;
  const low = Wmax > 0 ? 0 : widened * Wmin;
  const high = Wmax > 0 ? widened * Wmax : Wmax / widened;
  return {
    source: 1 + ((N + from) % (N + T)),
    target: 1 + (to % N),
    model: `plastic_${model}`,
    weight: low + (high - low) * share,
    delay: delayOf(delay),
    params: own,
  };
}
