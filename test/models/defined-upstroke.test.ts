/** Which defined neurons have an upstroke (kernel/upstroke-model.ts), and that the others run as well. */
import { describe, expect, test } from 'vitest';
import type { NeuronDefinition } from '../../src/models/defined/definition.js';
import { integrateStep } from '../oracle/rkf45.js';
import { Population } from './population.js';

test('a neuron that fires without end is an error, not a run without end', () => {
  const definition: NeuronDefinition = {
    name: 'endless',
    parameters: {},
    state: { V: { default: -60 } },
    // The reset is where V grows fastest, up to the threshold in 10^-28 ms.
    equations: { V: 'exp(V * V / 100 + 25)' },
    threshold: 'V >= 20',
    reset: { V: '-60' },
  };
  const population = new Population(definition, 2);
  const values = { V: expect.any(Number), 'sub-steps': 1e7 };
  const error = { model: 'endless', node: 1, step: 1, values };
  expect(() => population.step(1)).toThrow(expect.objectContaining(error));
});

describe('an exponential that does not make its neuron run away', () => {
  const plain: NeuronDefinition = {
    name: 'plain',
    parameters: {
      ...{ E: { default: -70 }, tau: { default: 10 }, D: { default: 2 }, T: { default: -50 } },
      ...{ peak: { default: 20 }, I: { default: 40 }, square: { default: 0 } },
    },
    state: { V: { default: -65 }, J: { default: 0 } },
    definitions: { up: 'D / tau * exp((min(V, peak) - T) / D)' },
    equations: { V: '(E - V + I) / tau + up', J: '-J / tau' },
    threshold: 'V >= peak',
    reset: { V: '-60' },
  };
  const ran = (definition: NeuronDefinition, parameters = {}): number[] => {
    const population = new Population(definition, 3, { parameters });
    for (let step = 1; step <= 300; step++) population.step(step);
    return [...population.engine.output.counts, ...population.state('V')];
  };

  test('nor is in its equation at all', () => {
    const equations = { V: '(E - V + I + J) / tau', J: 'up - J / tau' };
    const [spikes] = ran({ ...plain, equations, reset: { V: '-60', J: '0' } });
    expect(spikes).toBeGreaterThan(0);
  });

  test('or does so only for some parameters', () => {
    const up = 'D / tau * exp(((square == 0 ? V : V * V / 100 - 92) - T) / D)';
    const other = { ...plain, definitions: { up: up.replace('? V', '? min(V, peak)') } };
    expect(ran(other)).toEqual(ran(plain));
    expect(ran(other, { square: 1 }).every(Number.isFinite)).toBe(true);
  });
});

describe('a spike that holds V', () => {
  const equations = { V: '(E - V + I) / tau + up', w: '-w / tau' };
  const definition: NeuronDefinition = {
    name: 'holds',
    parameters: {
      ...{ E: { default: -70 }, tau: { default: 10 }, D: { default: 2 }, T: { default: -50 } },
      ...{ peak: { default: 20 }, I: { default: 40 }, t_ref: { default: 1 } },
    },
    state: { V: { default: -60 }, w: { default: 0 } },
    definitions: { up: 'D / tau * exp((min(V, peak) - T) / D)' },
    equations,
    threshold: 'V >= peak',
    reset: { w: 'w + V' },
    refractory: { duration: 't_ref', clamp: { V: '-60' } },
  };
  const h = 0.1;

  /** w after a step in which a neuron fires, and as it would be if V had come to the peak and no further. */
  function literally(V: number, w: number, suggested: number) {
    const state = [V, w, w];
    let held = false;
    const slope = ([V, w, u]: readonly number[]) => {
      const up = (2 / 10) * Math.exp((Math.min(V!, 20) + 50) / 2);
      return [held ? 0 : (-30 - V!) / 10 + up, -w! / 10, -u! / 10];
    };
    integrateStep(
      state,
      h,
      suggested,
      slope,
      { epsAbs: 1e-6, epsRel: 1e-6, aY: 0, aDydt: 1 },
      () => {
        if (!held && state[0]! >= 20) {
          held = true;
          state[1]! += state[0]!;
          state[2]! += 20;
        }
        if (held) state[0] = -60;
      },
    );
    return { w: state[1]!, least: state[2]! };
  }

  test('may depend on how far V was beyond the threshold', () => {
    const size = 30;
    const V = Float64Array.from({ length: size }, (_, i) => -60 + 0.3 * i);
    const population = new Population(definition, size, { state: { V } });
    let [spikes, farther] = [0, 0];
    for (let step = 1; step <= 300; step++) {
      const [V, w, suggested] = ['V', 'w', 'suggested_substep'].map((name) =>
        population.state(name).slice(),
      );
      population.step(step);
      population.spikes.forEach((fired, i) => {
        if (fired === 0) return;
        const expected = literally(V![i]!, w![i]!, suggested![i]! || h);
        // How far that is follows from the last sub-steps, and so from every rounding before.
        expect(Math.abs(population.state('w')[i]! - expected.w)).toBeLessThan(0.01);
        spikes += 1;
        if (expected.w > expected.least + 0.1) farther += 1;
      });
    }
    expect(spikes).toBeGreaterThan(60);
    expect(farther).toBeGreaterThan(3);
  });
});
