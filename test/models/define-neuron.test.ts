/** Neurons that users define, against solutions that are known and models that are built in. */
import { describe, expect, test } from 'vitest';
import { definedNeuron } from '../../src/models/defined/defined-neuron.js';
import type { NeuronDefinition } from '../../src/models/defined/definition.js';
import { exactly } from '../kernel/workbench.js';
import { Points } from '../math/points.js';
import { integrateStep } from '../oracle/rkf45.js';
import { randomInput, randomParameters, randomState } from './aeif-cases.js';
import { mustBeBelow } from './beside-oracle.js';
import { adaptiveExponential, fitzHughNagumo, izhikevich, leaky } from './definitions.js';
import { Population } from './population.js';
import { bitsOf } from './populations.js';

const h = 0.1;
type Numbers = Record<string, number>;

const pick = (values: Numbers, names: object): Numbers =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name in names));

function columns(all: readonly Numbers[]): Record<string, Float64Array> {
  const names = Object.keys(all[0]!);
  return Object.fromEntries(names.map((n) => [n, Float64Array.from(all, (one) => one[n]!)]));
}

describe('a linear model', () => {
  test('follows the analytic solution of its equations', () => {
    const damped: NeuronDefinition = {
      name: 'damped',
      parameters: { omega: { default: 0.7 }, gamma: { default: 0.2 }, drive: { default: 3 } },
      state: { x: { default: 1 }, v: { default: 0 } },
      equations: { x: 'v', v: '-omega * omega * x - 2 * gamma * v + drive' },
    };
    const population = new Population(damped, 1, { resolution: h });
    const [omega, gamma, drive] = [0.7, 0.2, 3];
    const rest = drive / omega ** 2;
    const frequency = Math.sqrt(omega ** 2 - gamma ** 2);
    for (let step = 1; step <= 500; step++) {
      population.step(step);
      const t = step * h;
      const decay = Math.exp(-gamma * t);
      const cosine = Math.cos(frequency * t);
      const sine = Math.sin(frequency * t) / frequency;
      const x = rest + (1 - rest) * decay * (cosine + gamma * sine);
      expect(Math.abs(population.state('x')[0]! - x)).toBeLessThan(1e-13);
      const v = -(1 - rest) * decay * omega ** 2 * sine;
      expect(Math.abs(population.state('v')[0]! - v)).toBeLessThan(1e-13);
    }
  });

  test.each([
    ['alike', false],
    ['each with parameters of its own', true],
  ])('comes to what the built-in model with its equations comes to, neurons %s', (_, own) => {
    const points = new Points(31);
    const size = 9;
    const uniform = (low: number, high: number) => points.uniform(size, low, high);
    const parameters = own
      ? {
          tau_m: Float64Array.from(uniform(5, 20)),
          tau_syn_ex: Float64Array.from(uniform(0.3, 10)),
          t_ref: Float64Array.from(uniform(0, 5)),
          I_e: Float64Array.from(uniform(0, 500)),
        }
      : { I_e: 300, t_ref: 1.3, tau_syn_ex: 10, tau_syn_in: 3 };
    const [defined, builtIn] = [leaky, 'iaf_psc_exp'].map(
      (model) => new Population(model, size, { parameters }),
    );
    let spikes = 0;
    for (let step = 1; step <= 3000; step++) {
      const arriving = points.uniform(size, -30, 80).map((x) => Math.max(0, x));
      const inhibitory = points.uniform(size, -60, 30).map((x) => Math.min(0, x));
      for (const population of [defined!, builtIn!]) {
        population.step(
          step,
          (i) => arriving[i]!,
          (i) => inhibitory[i]!,
        );
        population.state('I_stim').fill(10 * (step % 7));
      }
      expect(defined!.spikes, `step ${step}`).toEqual(builtIn!.spikes);
      spikes += builtIn!.spikes.reduce((a, b) => a + b);
      for (const name of ['V_m', 'I_syn_ex', 'I_syn_in']) {
        builtIn!.state(name).forEach((expected, i) => {
          const error = Math.abs(defined!.state(name)[i]! - expected);
          expect(error / Math.max(1, Math.abs(expected)), `${name} ${step}`).toBeLessThan(1e-12);
        });
      }
    }
    expect(spikes).toBeGreaterThan(100);
  });

  test('holds what depends on a clamped variable to its equation', () => {
    const follower: NeuronDefinition = {
      name: 'follower',
      parameters: { t_ref: { default: 5 }, V_reset: { default: 2 }, tau: { default: 4 } },
      state: { V_m: { default: 9 }, low: { default: 0 } },
      equations: { V_m: '1', low: '(V_m - low) / tau' },
      threshold: 'V_m >= 10',
      reset: { V_m: '0' },
      refractory: { duration: 't_ref', clamp: { V_m: 'V_reset' } },
    };
    const population = new Population(follower, 1, { resolution: h });
    const low = () => population.state('low')[0]!;
    let step = 0;
    while (population.spikes[0] === 0) population.step(++step);
    expect(step).toBeGreaterThanOrEqual(10);
    let expected = low();
    for (let i = 1; i <= 50; i++) {
      population.step(++step);
      expected = 2 + (expected - 2) * Math.exp(-h / 4);
      expect(population.state('V_m')[0]).toBe(2);
      expect(Math.abs(low() - expected)).toBeLessThan(1e-13);
    }
    population.step(++step);
    expect(population.state('V_m')[0]).toBeCloseTo(2.1, 12);
  });

  test('passes from phase to phase, over those without duration', () => {
    const phases: NeuronDefinition = {
      name: 'phases',
      parameters: { first: { default: 0.3 }, none: { default: 0 }, last: { default: 0.2 } },
      state: { x: { default: 0 }, trail: { default: 0 } },
      equations: { x: '1' },
      threshold: 'x >= 0.95',
      reset: { x: '-1', trail: '10 * trail + 1' },
      refractory: [
        { counter: 'n1', duration: 'first', clamp: { x: '-2' }, then: { trail: '10 * trail + 2' } },
        { counter: 'n2', duration: 'none', clamp: { x: '-3' }, then: { trail: '10 * trail + 3' } },
        {
          counter: 'n3',
          duration: 'last',
          clamp: { x: '-4' },
          then: { x: '0', trail: 'trail + 4' },
        },
      ],
    };
    const nonlinear = { ...phases, name: 'nonlinear', equations: { x: 'exp(0 * x)' } };
    for (const definition of [phases, nonlinear]) {
      const population = new Population(definition, 1, { resolution: h });
      const seen: [number, number][] = [];
      for (let step = 1; step <= 16; step++) {
        population.step(step);
        seen.push([population.state('x')[0]!, population.state('trail')[0]!]);
      }
      expect(seen.slice(9, 15)).toEqual([
        [-2, 1],
        [-2, 1],
        [-2, 1],
        [-4, 123],
        [-4, 123],
        [0, 127],
      ]);
      expect(seen[15]![0]).toBeCloseTo(0.1, 12);
    }
  });
});

describe('a model that is not linear', () => {
  test('is integrated by RKF45: Izhikevich neurons', () => {
    const points = new Points(41);
    const size = 6;
    const I_e = Float64Array.from(points.uniform(size, 3, 15));
    const population = new Population(izhikevich, size, { parameters: { I_e }, resolution: h });
    let spikes = 0;
    for (let step = 1; step <= 3000; step++) {
      const input = points.uniform(size, -2, 2);
      // From the same state in every step: a spike's time reacts to rounding (see below).
      const neurons = Array.from(I_e, (_, i) => ({
        state: [population.state('V_m')[i]!, population.state('U_m')[i]!],
        suggested: population.state('suggested_substep')[i]! || h,
      }));
      population.step(step, (i) => input[i]!);
      neurons.forEach((neuron, i) => {
        let fired = 0;
        const jump = (state: number[]) => {
          if (state[0]! < 30) return;
          fired += 1;
          state[0] = -65;
          state[1]! += 8;
        };
        integrateStep(
          neuron.state,
          h,
          neuron.suggested,
          ([v, u]) => [0.04 * v! * v! + 5 * v! + 140 - u! + I_e[i]!, 0.02 * (0.2 * v! - u!)],
          { epsAbs: 1e-6, epsRel: 1e-6, aY: 0, aDydt: 1 },
          () => jump(neuron.state),
        );
        neuron.state[0]! += input[i]!;
        jump(neuron.state);
        expect(population.spikes[i], `neuron ${i}, step ${step}`).toBe(fired);
        spikes += fired;
        ['V_m', 'U_m'].forEach((name, j) => {
          const error = Math.abs(population.state(name)[i]! - neuron.state[j]!);
          // A spike is at the end of a sub-step, whose length follows from an error estimate near
          // 1e-6: of that, rounding leaves 8 digits, and V_m rises by 300 per ms.
          expect(error, `${name} of ${i}, step ${step}`).toBeLessThan(fired > 0 ? 1e-7 : 1e-10);
        });
      });
    }
    expect(spikes).toBeGreaterThan(20);
  });

  test('is integrated by RKF45: FitzHugh-Nagumo neurons, with a current from devices', () => {
    const population = new Population(fitzHughNagumo, 2, { resolution: 0.2 });
    const literal = [-1.2, -0.6];
    let suggested = 0.2;
    let current = 0;
    for (let step = 1; step <= 2000; step++) {
      population.step(step);
      suggested = Math.min(
        0.2,
        integrateStep(
          literal,
          0.2,
          suggested,
          ([v, w]) => [
            v! - v! * v! * v! * (1 / 3) - w! + current,
            (v! + 0.7 - 0.8 * w!) * (1 / 12.5),
          ],
          { epsAbs: 1e-6, epsRel: 1e-6, aY: 0, aDydt: 1 },
          () => {},
        ),
      );
      ['v', 'w'].forEach((name, j) => {
        const error = Math.abs(population.state(name)[1]! - literal[j]!);
        expect(error, `${name} in step ${step}`).toBeLessThan(1e-10);
      });
      current = step > 500 ? 0.5 : 0;
      population.state('I_stim').fill(current);
    }
    expect(population.state('v')[0]).toBe(population.state('v')[1]);
  });

  test('fails where its state leaves its bounds or is no number', () => {
    const growing: NeuronDefinition = {
      name: 'growing',
      parameters: {},
      state: { x: { default: 1 } },
      equations: { x: 'x * x' },
    };
    const run = (definition: NeuronDefinition) => {
      const population = new Population(definition, 1, { resolution: h });
      for (let step = 1; step <= 20; step++) population.step(step);
    };
    expect(() => run(growing)).toThrow('growing (node 1): numerical instability');
    expect(() => run({ ...growing, bounds: { x: { max: 1.05 } } })).toThrow(
      'at 0.1 ms (step 1): x = 1.11',
    );
  });
});

describe('the equations of aeif_psc_delta_clopath', () => {
  const state = adaptiveExponential.state;

  function beside(own: boolean, seed: number) {
    const points = new Points(seed);
    const size = 21;
    const given = own
      ? columns(Array.from({ length: size }, () => randomParameters(points)))
      : { ...randomParameters(points), Delta_T: 1.5, I_e: 500 };
    const parameters = Object.fromEntries(
      Object.entries(given).filter(([name]) => name in adaptiveExponential.parameters),
    );
    const one = Object.fromEntries(
      Object.entries(parameters).map(([name, v]) => [name, typeof v === 'number' ? v : v[0]!]),
    );
    const starts = Array.from({ length: size }, () => {
      const start = pick(randomState(points, one, h), state);
      // What has decayed to nothing is 0 in defined neurons.
      return { ...start, z: start.z! < 1e-290 ? 0 : start.z! };
    });
    const [defined, builtIn] = [adaptiveExponential, 'aeif_psc_delta_clopath'].map(
      (model) => new Population(model, size, { parameters, state: columns(starts) }),
    );
    let spikes = 0;
    for (let step = 1; step <= 2000; step++) {
      const input = Float64Array.from({ length: size }, () => randomInput(points));
      for (const population of [defined!, builtIn!]) {
        population.step(step, (i) => input[i]!);
        population.state('I_stim').fill(step % 300 === 0 ? 400 : 0);
      }
      expect(defined!.spikes, `step ${step}`).toEqual(builtIn!.spikes);
      spikes += builtIn!.spikes.reduce((a, b) => a + b);
      for (const name of Object.keys(state)) {
        expect(exactly(defined!.state(name)), `${name} in step ${step}`).toEqual(
          exactly(builtIn!.state(name)),
        );
      }
    }
    return spikes;
  }

  test('give its bits on the fast path', () => {
    expect(beside(false, 51)).toBeGreaterThan(20);
  });

  test('give its bits on the general path', () => {
    expect(beside(true, 52)).toBeGreaterThan(20);
  });
});

test('a semilinear model with synaptic currents takes the fast path, to the same values', () => {
  const points = new Points(71);
  const size = 17;
  const currents: NeuronDefinition = {
    ...adaptiveExponential,
    name: 'currents',
    parameters: { ...adaptiveExponential.parameters, tau_syn: { default: 3 } },
    state: {
      ...adaptiveExponential.state,
      I_ex: { default: 0 },
      I_in: { default: 0 },
    },
    equations: {
      ...adaptiveExponential.equations,
      V_m: '(-g_L * (V - E_L) - w + z + I_e + I_stim + I_ex + I_in) / C_m + upstroke',
      I_ex: '-I_ex / tau_syn',
      I_in: '-I_in / tau_syn',
    },
    input: { positive: 'I_ex', negative: 'I_in' },
  };
  const [fast, general, ahead] = [600, new Float64Array(size).fill(600), 600].map(
    (I_e) => new Population(currents, size, { parameters: { I_e } }),
  );
  let spikes = 0;
  let differing = 0;
  for (let step = 1; step <= 3000; step++) {
    const input = points.uniform(size, -400, 120).map((x) => Math.max(0, x));
    const inhibitory = points.uniform(size, -50, 400).map((x) => Math.min(0, x));
    for (const name of Object.keys(general!.group.model.state)) {
      general!.state(name).set(fast!.state(name));
    }
    if (step % 3 > 0) ahead!.goAhead();
    for (const population of [fast!, general!, ahead!]) {
      population.step(
        step,
        (i) => input[i]!,
        (i) => inhibitory[i]!,
      );
    }
    expect(fast!.spikes, `step ${step}`).toEqual(general!.spikes);
    expect(bitsOf(ahead!), `step ${step}`).toEqual(bitsOf(fast!));
    spikes += fast!.spikes.reduce((a, b) => a + b);
    for (const name of Object.keys(currents.state)) {
      general!.state(name).forEach((expected, i) => {
        const value = fast!.state(name)[i]!;
        const error = Math.abs(value - expected) / Math.max(1, Math.abs(expected));
        differing += error > 0 ? 1 : 0;
        mustBeBelow(error, 1e-11, name, step);
      });
    }
  }
  expect(spikes).toBeGreaterThan(size);
  expect(differing).toBeGreaterThan(1000);
});

describe('WebAssembly and JavaScript give the same bits', () => {
  test.each([leaky, izhikevich, adaptiveExponential])('$name', (definition) => {
    const points = new Points(61);
    const size = 7;
    const I_e = definition.name === 'izhikevich' ? 10 : 700;
    const [one, other] = (['wasm', 'javascript'] as const).map(
      (kernels) => new Population(definition, size, { kernels, parameters: { I_e } }),
    );
    for (let step = 1; step <= 1000; step++) {
      const input = points.uniform(size, 0, 3);
      for (const population of [one!, other!]) population.step(step, (i) => input[i]!);
    }
    for (const name of Object.keys(one!.group.model.state)) {
      expect(exactly(other!.state(name)), name).toEqual(exactly(one!.state(name)));
    }
    expect(one!.engine.output.counts.reduce((a, b) => a + b)).toBeGreaterThan(size);
    expect(exactly(other!.engine.output.counts)).toEqual(exactly(one!.engine.output.counts));
  });
});

test('a definition says how a model is integrated and what it takes', () => {
  const linear = definedNeuron(leaky);
  expect(linear).toMatchObject({ input: 'signed', takesCurrent: true });
  expect(linear.state).not.toHaveProperty('suggested_substep');
  const other = definedNeuron({ ...izhikevich, equations: { V_m: 'V_m * V_m', U_m: '0' } });
  expect(other).toMatchObject({ input: 'sum', takesCurrent: false });
  expect(other.state).toHaveProperty('suggested_substep');
});

test.each([
  ['threshold', { threshold: 'V_m + I_stim >= V_th' }],
  ['reset', { reset: { V_m: 'V_reset + I_stim' } }],
  ['clamp', { refractory: { duration: 't_ref', clamp: { V_m: 'I_stim' } } }],
])('a model takes currents that it mentions in its %s alone', (_, change) => {
  const definition = { ...leaky, definitions: { I: 'I_e + I_syn_ex + I_syn_in' }, ...change };
  expect(definedNeuron(definition).takesCurrent).toBe(true);
  const population = new Population(definition, 1, { parameters: { I_e: 800 } });
  for (let step = 1; step <= 200; step++) population.step(step);
  expect(population.engine.output.counts[0]).toBeGreaterThan(0);
});
