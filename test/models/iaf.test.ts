/** The leaky integrate-and-fire neurons against literal ones, and their bits in every way of running. */
import { describe, expect, test } from 'vitest';
import { Points } from '../math/points.js';
import { createIafPscAlpha, createIafPscDelta, createIafPscExp } from '../oracle/iaf.js';
import type { Parameters } from '../oracle/scenario.js';
import { type Arrival, compareWithOracle } from './beside-oracle.js';
import { Population } from './population.js';
import { between, bitsOf, columns, type Numbers, pick } from './populations.js';

const h = 0.1;
const CURRENTS = ['I_syn_ex', 'I_syn_in'];
/** Of the weights, in mV or pA, the largest. */
const MODELS = [
  { model: 'iaf_psc_delta', create: createIafPscDelta, recorded: ['V_m'], largest: 6 },
  { model: 'iaf_psc_exp', create: createIafPscExp, recorded: ['V_m', ...CURRENTS], largest: 500 },
  {
    model: 'iaf_psc_alpha',
    create: createIafPscAlpha,
    recorded: ['V_m', ...CURRENTS],
    largest: 400,
  },
] as const;
type Model = (typeof MODELS)[number];

const isDelta = ({ model }: Model): boolean => model === 'iaf_psc_delta';

function randomParameters(points: Points, model: Model): Numbers {
  const tau_m = between(points, 5, 30);
  const membrane = {
    tau_m,
    C_m: between(points, 100, 400),
    t_ref: pick(points, [0, 0.1, 0.54, 2, 3]),
    E_L: between(points, -75, -65),
    I_e: pick(points, [0, between(points, -200, 500)]),
    V_th: between(points, -58, -45),
    V_reset: between(points, -80, -60),
    V_m: between(points, -80, -60),
  };
  const V_min = pick(points, [-1000, -75, -71]);
  if (isDelta(model)) return { ...membrane, V_min, refractory_input: points.word() % 2 };
  const synapse = () => pick(points, [tau_m, tau_m * (1 + 1e-9), 2, between(points, 0.2, 20)]);
  const synaptic = { ...membrane, tau_syn_ex: synapse(), tau_syn_in: synapse() };
  return model.model === 'iaf_psc_alpha' ? { ...synaptic, V_min } : synaptic;
}

/** V_m is state; the others are parameters. */
function population(model: Model, each: readonly Numbers[], kernels: 'wasm' | 'javascript') {
  const { V_m, ...parameters } = columns(each);
  return new Population(model.model, each.length, { kernels, parameters, state: { V_m } });
}

function literal({ create }: Model, { refractory_input, ...given }: Numbers) {
  const flag: Parameters =
    refractory_input === undefined ? {} : { refractory_input: refractory_input === 1 };
  return create({ ...given, ...flag }, h);
}

function randomArrivals(points: Points, size: number, steps: number, largest: number): Arrival[][] {
  const often = (n: number, low: number, high: number): number =>
    points.word() % n === 0 ? between(points, low, high) : 0;
  return Array.from({ length: steps }, () =>
    Array.from({ length: size }, () => ({
      excitatory: often(10, 0, largest),
      inhibitory: often(20, -largest, 0),
      current: often(50, -200, 800),
    })),
  );
}

describe.each(MODELS)('$model', (model) => {
  test('agrees with literal neurons, each with parameters of its own', () => {
    const points = new Points(401);
    const each = Array.from({ length: 33 }, () => randomParameters(points, model));
    const spikes = compareWithOracle(
      population(model, each, 'wasm'),
      each.map((one) => literal(model, one)),
      randomArrivals(points, each.length, 2000, model.largest),
      { recorded: model.recorded, tolerance: 1e-12 },
    );
    expect(spikes).toBeGreaterThan(500);
  });

  test('agrees with literal neurons of one set of parameters', () => {
    const points = new Points(402);
    for (let set = 0; set < 8; set++) {
      const { V_m, ...shared } = randomParameters(points, model);
      const parameters = { ...shared, I_e: 500 };
      const spikes = compareWithOracle(
        new Population(model.model, 3, { parameters, state: { V_m } }),
        [1, 2, 3].map(() => literal(model, { ...parameters, V_m })),
        randomArrivals(points, 3, 1000, model.largest),
        { recorded: model.recorded, tolerance: 1e-12 },
      );
      expect(spikes).toBeGreaterThan(3);
    }
  });

  /** Bits of all neurons after all steps, and their spikes. */
  function ran(each: readonly Numbers[], arrivals: Arrival[][], kernels: 'wasm' | 'javascript') {
    const all = population(model, each, kernels);
    const signed = all.group.model.input === 'signed';
    arrivals.forEach((now, n) => {
      all.step(
        n + 1,
        (i) => (signed ? now[i].excitatory : now[i].excitatory + now[i].inhibitory),
        (i) => now[i].inhibitory,
      );
    });
    return { all, neurons: each.map((_, i) => [...all.neuron(i), all.engine.output.counts[i]]) };
  }

  test('gives the same bits in WebAssembly and JavaScript', () => {
    const points = new Points(403);
    const own = Array.from({ length: 15 }, () => randomParameters(points, model));
    const arrivals = randomArrivals(points, own.length, 800, model.largest);
    for (const each of [own, own.map(() => own[0])]) {
      const [one, other] = [ran(each, arrivals, 'wasm'), ran(each, arrivals, 'javascript')];
      expect(bitsOf(other.all)).toEqual(bitsOf(one.all));
      expect(other.neurons).toEqual(one.neurons);
    }
  });

  test('gives each neuron the same bits alone and among others', () => {
    const points = new Points(404);
    const each = Array.from({ length: 9 }, () => randomParameters(points, model));
    const arrivals = randomArrivals(points, each.length, 600, model.largest);
    const together = ran(each, arrivals, 'wasm').neurons;
    each.forEach((one, i) => {
      const own = arrivals.map((now) => [now[i]]);
      expect(ran([one], own, 'wasm').neurons[0], `neuron ${i}`).toEqual(together[i]);
    });
  });

  test('reads parameters that are set between steps', () => {
    const one = new Population(model.model, 2);
    one.step(1);
    expect(one.state('V_m')[0]).toBe(-70);
    one.group.setParameter('E_L', Float64Array.of(-70, -60));
    one.group.kernel.refresh();
    one.step(2);
    expect(one.state('V_m')[0]).toBe(-70);
    expect(one.state('V_m')[1]).toBeCloseTo(-60 - 10 * Math.exp(-0.01), 12);
    one.group.setParameter('E_L', -50);
    one.group.kernel.refresh();
    one.step(3);
    expect(one.state('V_m')[0]).toBeCloseTo(-50 - 20 * Math.exp(-0.01), 12);
  });
});

describe('iaf_psc_delta', () => {
  /** V_m after a spike in step 1, input in the given steps, and refractory_input or not. */
  function afterRefractoryInput(refractory_input: number, steps: readonly number[]) {
    const one = new Population('iaf_psc_delta', 1, {
      parameters: { t_ref: 0.5, refractory_input },
    });
    one.step(1, () => 20);
    expect(one.spikes[0]).toBe(1);
    for (let step = 2; step <= 7; step++) one.step(step, () => (steps.includes(step) ? 2 : 0));
    return one.state('V_m')[0];
  }

  test('loses the input of the refractory period', () => {
    expect(afterRefractoryInput(0, [2, 4, 6])).toBe(-70);
    expect(afterRefractoryInput(0, [7])).toBe(-68);
  });

  test("or keeps it, decayed to the period's end", () => {
    const kept = 2 * (Math.exp(-0.05) + Math.exp(-0.01));
    expect(afterRefractoryInput(1, [2, 6])).toBeCloseTo(-70 + kept, 12);
  });
});
