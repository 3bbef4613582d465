/** Random small networks with stdp_synapse onto neurons of several models and onto relays. */
import fc from 'fast-check';
import type { Parameters, Scenario, ScenarioConnection, ScenarioNode } from '../oracle/scenario.js';
import { between, H, inMs, steps, train } from './random-scenario.js';

/** What distinguishes one family of scenarios from the next. */
export interface StdpStyle {
  readonly exponents: readonly number[];
  readonly lambda: readonly number[];
  /** Initial weights lie between 0 and this many times Wmax. */
  readonly widened: number;
}

const SYNAPSE_MODELS = [0, 1, 2, 3] as const;
/** Largest weight of each model, of either sign. */
const WMAX = [20, 9, 30, -15] as const;

/** Neurons that fire by themselves now and then, or with some input. */
const neuron: fc.Arbitrary<Omit<ScenarioNode, 'id'>> = fc
  .record({
    model: fc.constantFrom('iaf_psc_delta', 'iaf_psc_delta', 'iaf_psc_alpha', 'parrot_neuron'),
    I_e: between(300, 500),
    V_m: between(-70, -60),
    t_ref: fc.constantFrom(0.1, 2),
    tau_minus: between(1, 40),
  })
  .map(({ model, tau_minus, ...own }) => ({
    model,
    params: model === 'parrot_neuron' ? { tau_minus } : { tau_minus, ...own },
  }));

const plastic = fc.record({
  from: fc.nat(),
  to: fc.nat(),
  model: fc.constantFrom(...SYNAPSE_MODELS),
  share: between(0, 1),
  delay: steps(0, 60),
  own: fc.constantFrom<Parameters>({}, {}, { tau_plus: 0.7 }, { tau_plus: 20 }),
});

const fixed = fc.record({
  from: fc.nat(),
  to: fc.nat(),
  weight: between(-3, 20),
  delay: steps(0, 60),
});

const rule = ({ exponents, lambda }: StdpStyle) =>
  fc.record({
    tau_plus: fc.constantFrom(0.8, 1, 1.3, 15),
    lambda: fc.constantFrom(...lambda),
    alpha: between(0.3, 2),
    mu_plus: fc.constantFrom(...exponents),
    mu_minus: fc.constantFrom(...exponents),
  });

export function randomStdpScenario(style: StdpStyle): fc.Arbitrary<Scenario> {
  return fc
    .record({
      neurons: fc.array(neuron, { minLength: 2, maxLength: 5 }),
      trains: fc.array(train, { minLength: 2, maxLength: 5 }),
      rules: fc.tuple(...SYNAPSE_MODELS.map(() => rule(style))),
      plastic: fc.array(plastic, { minLength: 3, maxLength: 14 }),
      fixed: fc.array(fixed, { minLength: 2, maxLength: 8 }),
      shortestDelay: fc.constantFrom(1, 1, 2, 7, 40),
      length: steps(900, 1500),
    })
    .map(({ neurons, trains, rules, shortestDelay, ...drawn }) => {
      const T = trains.length;
      const N = neurons.length;
      const delay = (extra: number) => inMs(shortestDelay + extra);
      // Relays 1 ... T, then neurons, then the relays' generators.
      const nodes = [
        ...trains.map(() => ({ model: 'parrot_neuron' })),
        ...neurons,
        ...trains.map((params) => ({ model: 'spike_generator', params })),
      ].map((node, i) => ({ id: i + 1, ...node }));
      // Relays among the neurons send nothing: they would keep each other firing.
      const sources = nodes.slice(0, T + N).filter(({ id, model }) => id <= T || model[0] === 'i');
      const ends = ({ from, to }: { from: number; to: number }) => ({
        source: sources[from % sources.length]!.id,
        target: T + 1 + (to % N),
      });
      const connections: ScenarioConnection[] = [
        ...trains.map((_, i) => ({
          source: T + N + 1 + i,
          target: 1 + i,
          model: 'static_synapse',
          weight: 1,
          delay: delay(0),
        })),
        ...drawn.plastic.map((one) => ({
          ...ends(one),
          model: `stdp_${one.model}`,
          weight: style.widened * WMAX[one.model] * one.share,
          delay: delay(one.delay),
          params: one.own,
        })),
        ...drawn.fixed.map((one) => ({
          ...ends(one),
          model: 'static_synapse',
          weight: one.weight,
          delay: delay(one.delay),
        })),
      ];
      const models = rules.map((params, i) => [
        `stdp_${i}`,
        { base: 'stdp_synapse', params: { ...params, Wmax: WMAX[i] }, weight_recorder: true },
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
