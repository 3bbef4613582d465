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

/** What an exponential integrate-and-fire neuron has. */
const EXPONENTIAL = {
  parameters: {
    ...{ E: { default: -70 }, tau: { default: 10 }, D: { default: 2 }, T: { default: -50 } },
    ...{ peak: { default: 20 }, I: { default: 40 } },
  },
  definitions: { up: 'D / tau * exp((min(V, peak) - T) / D)' },
} as const;

describe('an exponential that does not make its neuron run away', () => {
  const plain: NeuronDefinition = {
    ...EXPONENTIAL,
    name: 'plain',
    parameters: { ...EXPONENTIAL.parameters, square: { default: 0 } },
    state: { V: { default: -65 }, J: { default: 0 } },
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
  const definition: NeuronDefinition = {
    ...EXPONENTIAL,
    name: 'holds',
    parameters: { ...EXPONENTIAL.parameters, t_ref: { default: 1 } },
    state: { V: { default: -60 }, w: { default: 0 } },
    equations: { V: '(E - V + I) / tau + up', w: '-w / tau' },
    threshold: 'V >= peak',
    reset: { w: 'w + V' },
    refractory: { duration: 't_ref', clamp: { V: '-60' } },
  };
  const h = 0.1;
  const TOLERANCE = { epsAbs: 1e-6, epsRel: 1e-6, aY: 0, aDydt: 1 };

  interface Fired {
    readonly V: number;
    readonly w: number;
    /** w as it would be if V had come to the peak and no further. */
    readonly least: number;
  }

  /** After a step in which a neuron fires, which adds V or 5 to w. @param holds whether V is held then */
  function literally(V: number, w: number, suggested: number, holds: boolean): Fired {
    const state = [V, w, w];
    let held = false;
    const slope = ([V, w, u]: readonly number[]) => {
      const up = (2 / 10) * Math.exp((Math.min(V!, 20) + 50) / 2);
      return [held ? 0 : (-30 - V!) / 10 + up, -w! / 10, -u! / 10];
    };
    integrateStep(state, h, suggested, slope, TOLERANCE, () => {
      if (!held && state[0]! >= 20) {
        held = holds;
        state[1]! += holds ? state[0]! : 5;
        state[2]! += 20;
        state[0] = -60;
      }
      if (held) state[0] = -60;
    });
    return { V: state[0]!, w: state[1]!, least: state[2]! };
  }

  /** What neurons come to in steps in which they fire, and literally. */
  function spikesOfEach(population: Population, steps: number, holds: boolean) {
    const found: { V: number; w: number; expected: Fired }[] = [];
    for (let step = 1; step <= steps; step++) {
      const before = ['V', 'w', 'suggested_substep'].map((name) => population.state(name).slice());
      population.step(step);
      population.spikes.forEach((fired, i) => {
        if (fired === 0) return;
        const [V, w, suggested] = before.map((column) => column[i]!);
        const [after, added] = ['V', 'w'].map((name) => population.state(name)[i]!);
        const expected = literally(V!, w!, suggested! || h, holds);
        found.push({ V: after!, w: added!, expected });
      });
    }
    return found;
  }

  test('may depend on how far V was beyond the threshold', () => {
    const size = 30;
    const V = Float64Array.from({ length: size }, (_, i) => -60 + 0.3 * i);
    const spikes = spikesOfEach(new Population(definition, size, { state: { V } }), 300, true);
    for (const { w, expected } of spikes) {
      // How far that is follows from the last sub-steps, and so from every rounding before.
      expect(Math.abs(w - expected.w)).toBeLessThan(0.01);
    }
    expect(spikes.length).toBeGreaterThan(60);
    const farther = spikes.filter(({ expected }) => expected.w > expected.least + 0.1);
    expect(farther.length).toBeGreaterThan(3);
  });

  const start = (size: number) => Float64Array.from({ length: size }, (_, i) => -60 + 0.15 * i);
  const spikesOf = (other: Partial<NeuronDefinition>, parameters = {}): number => {
    const given = { ...definition, reset: { w: 'w + 5' }, ...other };
    const population = new Population(given, 32, { state: { V: start(32) }, parameters });
    for (let step = 1; step <= 200; step++) population.step(step);
    return population.engine.output.counts.reduce((a, b) => a + b);
  };

  test('with an exponential that does not end at the threshold, wherever that is', () => {
    const definitions = { up: 'D / tau * exp((V - T) / D)' };
    const expected = spikesOf({});
    expect(expected).toBeGreaterThan(40);
    for (const peak of [0, 10, 20, 30, 32, 34, 36, 38, 40, 50]) {
      expect(spikesOf({ definitions }, { peak }), `peak ${peak}`).toBe(expected);
    }
  });

  test('is no spike if V must not come that far', () => {
    expect(() => spikesOf({ bounds: { V: { max: 19.5 } } })).toThrow(/V/);
    expect(spikesOf({ bounds: { V: { max: 1000 } } })).toBe(spikesOf({}));
  });

  test('does not for a phase of no step', () => {
    const given = { ...definition, reset: { w: 'w + 5', V: '-60' } };
    const population = new Population(given, 32, {
      state: { V: start(32) },
      parameters: { t_ref: 0.04 },
    });
    const errors = spikesOfEach(population, 400, false).map(({ V, expected }) =>
      Math.abs(V - expected.V),
    );
    expect(errors.length).toBeGreaterThan(100);
    expect(Math.max(...errors)).toBeLessThan(1e-12);
  });

  test('and goes on to do so while parameters become alike', () => {
    const size = 16;
    const I = new Float64Array(size).fill(22);
    const [changing, own] = [0, 1].map(
      () =>
        new Population(definition, size, {
          state: { V: start(size) },
          parameters: { I, t_ref: 3 },
        }),
    );
    for (let step = 1; step <= 600; step++) {
      if (step % 37 === 0) changing!.engine.setParameters(0, { I: 22 });
      if (step % 37 === 20) changing!.engine.setParameters(0, { I });
      for (const population of [changing!, own!]) population.step(step);
      expect([...changing!.state('refractory_steps')]).toEqual([...own!.state('refractory_steps')]);
      own!.state('V').forEach((V, i) => {
        expect(Math.abs(changing!.state('V')[i]! - V), `${i}, step ${step}`).toBeLessThan(1e-6);
      });
    }
    expect(own!.engine.output.counts.reduce((a, b) => a + b)).toBeGreaterThan(10);
  });
});
