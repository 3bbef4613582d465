/** hh_psc_alpha_clopath against the literal model, and its bits in every way of running. */
import { describe, expect, test } from 'vitest';
import { simulation } from '../../src/index.js';
import { hhPscAlphaClopath } from '../../src/models/neurons/hh-psc-alpha-clopath.js';
import { Points } from '../math/points.js';
import { createHhPscAlphaClopath } from '../oracle/hh-psc-alpha-clopath.js';
import { type Arrival, compareWithOracle } from './beside-oracle.js';
import { Population } from './population.js';
import { between, bitsOf, columns, type Numbers, pick } from './populations.js';

const HH = 'hh_psc_alpha_clopath';
const h = 0.1;
const RECORDED = Object.keys(hhPscAlphaClopath.state).filter(
  (name) => hhPscAlphaClopath.state[name].recordable,
);

function randomParameters(points: Points): Numbers {
  return {
    t_ref: pick(points, [0, 0.1, 2, 3.26]),
    g_Na: between(points, 9000, 15000),
    g_K: between(points, 2500, 4500),
    g_L: between(points, 20, 50),
    C_m: between(points, 80, 150),
    E_Na: between(points, 45, 60),
    E_K: between(points, -85, -70),
    E_L: between(points, -60, -50),
    tau_syn_ex: pick(points, [0.2, between(points, 0.1, 5)]),
    tau_syn_in: pick(points, [2, between(points, 0.5, 10)]),
    I_e: pick(points, [0, between(points, -300, 900)]),
    tau_u_bar_plus: between(points, 5, 150),
    tau_u_bar_minus: between(points, 2, 30),
    tau_u_bar_bar: between(points, 100, 1000),
  };
}

/** Where a neuron starts; -55 and -40 mV are removable singularities of the rates. */
function randomStart(points: Points): Numbers {
  return {
    V_m: pick(points, [-65, -55, -40, between(points, -80, -20)]),
    Act_m: pick(points, [0, between(points, 0, 0.2)]),
    Inact_h: between(points, 0.3, 1),
    Act_n: between(points, 0.2, 0.6),
    u_bar_plus: between(points, -70, 0),
    u_bar_minus: between(points, -70, 0),
    u_bar_bar: between(points, -70, 0),
  };
}

function randomArrivals(points: Points, size: number, steps: number): Arrival[][] {
  const often = (n: number, low: number, high: number): number =>
    points.word() % n === 0 ? between(points, low, high) : 0;
  return Array.from({ length: steps }, () =>
    Array.from({ length: size }, () => ({
      excitatory: often(25, 0, 900),
      inhibitory: often(25, -300, 0),
      current: often(50, -200, 800),
    })),
  );
}

const AGREEMENT = {
  recorded: RECORDED,
  tolerance: 1e-9,
  nearSpike: { tolerance: 1e-6, steps: 20 },
};

describe('the literal model', () => {
  test('of neurons with the default parameters', () => {
    const points = new Points(301);
    const literal = Array.from({ length: 3 }, () => createHhPscAlphaClopath({}, h));
    const arrivals = randomArrivals(points, 3, 1500);
    const spikes = compareWithOracle(new Population(HH, 3), literal, arrivals, AGREEMENT);
    expect(spikes).toBeGreaterThan(2);
  });

  test('of neurons with parameters and states of their own', () => {
    const points = new Points(302);
    const parameters = Array.from({ length: 9 }, () => randomParameters(points));
    const starts = parameters.map(() => randomStart(points));
    const population = new Population(HH, 9, {
      parameters: columns(parameters),
      state: columns(starts),
    });
    const literal = parameters.map((p, i) => createHhPscAlphaClopath({ ...p, ...starts[i] }, h));
    const arrivals = randomArrivals(points, 9, 1000);
    expect(compareWithOracle(population, literal, arrivals, AGREEMENT)).toBeGreaterThan(20);
  });
});

test.each(['alike', 'each with parameters of its own'])(
  'WebAssembly and JavaScript give the same bits, neurons %s',
  (kind) => {
    const points = new Points(303);
    const size = 7;
    const own = columns(Array.from({ length: size }, () => randomParameters(points)));
    const parameters = kind === 'alike' ? { I_e: 650 } : own;
    const state = columns(Array.from({ length: size }, () => randomStart(points)));
    const [one, other] = (['wasm', 'javascript'] as const).map(
      (kernels) => new Population(HH, size, { kernels, parameters, state }),
    );
    randomArrivals(points, size, 600).forEach((now, n) => {
      for (const population of [one, other]) {
        population.step(
          n + 1,
          (i) => now[i].excitatory,
          (i) => now[i].inhibitory,
        );
      }
      if (n % 20 === 0) expect(bitsOf(other), `step ${n + 1}`).toEqual(bitsOf(one));
    });
    expect(one.engine.output.counts.reduce((a, b) => a + b)).toBeGreaterThan(size);
  },
);

describe('at the singularities of the rates', () => {
  const population = (V_m: number) => {
    const one = new Population(HH, 1, { state: { V_m } });
    one.step(1);
    return RECORDED.map((name) => one.state(name)[0]);
  };
  test.each([-55, -40])('a step from %d mV is one from next to it', (V) => {
    const at = population(V);
    for (const beside of [V - 1e-9, V + 1e-9]) {
      population(beside).forEach((value, i) => {
        expect(Math.abs(value - at[i]), RECORDED[i]).toBeLessThan(1e-8);
      });
    }
  });
});

test('a sub-step so long that its stages overflow is tried again', () => {
  const state = { V_m: -80, Act_m: 1, Inact_h: 1, Act_n: 1 };
  const one = new Population(HH, 1, { state, parameters: { C_m: 10 } });
  const shorter = new Population(HH, 1, { state, parameters: { C_m: 10 }, resolution: 1e-3 });
  one.step(1);
  for (let step = 1; step <= 100; step++) shorter.step(step);
  for (const name of RECORDED) {
    const [value, expected] = [one.state(name)[0], shorter.state(name)[0]];
    expect(Math.abs(value - expected), name).toBeLessThan(1e-2 * Math.max(1, Math.abs(expected)));
  }
});

test('gates that are set must not be negative, whatever else is known of the state', async () => {
  const sim = simulation();
  const neurons = sim.create(HH, 2);
  expect(() => neurons.set({ Act_m: -0.1 })).toThrow(/Act_m >= 0/);
  expect(() => neurons.set({ Inact_h: [0.5, -0.5] })).toThrow(/node 2.*Inact_h >= 0/);
  neurons.set({ Act_n: 0.25, g_K: 3000 });
  expect(await neurons.get('Act_n')).toEqual(Float64Array.of(0.25, 0.25));
  await sim.close();
});

test('silence ends synaptic currents instead of leaving denormals', () => {
  const one = new Population(HH, 1);
  one.step(
    1,
    () => 1,
    () => -1,
  );
  const tiny = { dI_ex: 1e-300, I_syn_ex: 1e-295, dI_in: -1e-300, I_syn_in: -1e-295 };
  for (const [name, value] of Object.entries(tiny)) one.state(name)[0] = value;
  one.step(2);
  expect(Object.keys(tiny).map((name) => one.state(name)[0])).toEqual([0, 0, 0, 0]);
});
