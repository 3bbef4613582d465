/** aeif_psc_delta_clopath: fast path, general path and literal integration against each other. */
import { describe, expect, test } from 'vitest';
import { exactly } from '../kernel/workbench.js';
import { Points } from '../math/points.js';
import { createAeifPscDeltaClopath } from '../oracle/aeif-psc-delta-clopath.js';
import { nothingArrived } from '../oracle/node.js';
import { type Numbers, randomInput, randomParameters, randomState } from './aeif-cases.js';
import { Population } from './population.js';

const AEIF = 'aeif_psc_delta_clopath';
const h = 0.1;

/** Parameters of one neuron each, as columns. */
function columns(all: readonly Numbers[]): Record<string, Float64Array> {
  const names = Object.keys(all[0]);
  return Object.fromEntries(names.map((n) => [n, Float64Array.from(all, (one) => one[n])]));
}

/** Inputs of each neuron in each step, the same however often they are asked for. */
function inputs(points: Points, size: number, steps: number): Float64Array[] {
  return Array.from({ length: steps + 1 }, () =>
    Float64Array.from({ length: size }, () => randomInput(points)),
  );
}

const KINDS = ['alike', 'each with parameters of its own'] as const;

/** Parameters with which neurons fire: the same for all, or drawn for each. */
function firing(points: Points, size: number, kind: (typeof KINDS)[number]) {
  const shared: Numbers = { ...randomParameters(points), Delta_T: 1.5, I_e: 500 };
  if (kind === 'alike') return shared;
  return columns(Array.from({ length: size }, () => randomParameters(points)));
}

function bitsOf(population: Population): string[] {
  const { group, spikes } = population;
  const states = Object.keys(group.model.state).flatMap((name) => exactly(population.state(name)));
  return [...states, ...exactly(spikes)];
}

test.each(KINDS)('tiles of any size give the same bits from any state, neurons %s', (kind) => {
  const points = new Points(13);
  for (let i = 0; i < 10; i++) {
    const parameters = firing(points, 63, kind);
    const state = columns(
      Array.from({ length: 63 }, () => randomState(points, randomParameters(points), h)),
    );
    const given = inputs(points, 63, 4);
    const [whole, ...cut] = [63, 2, 10].map((tileNodes) => {
      const population = new Population(AEIF, 63, { tileNodes, parameters, state });
      for (const [step, input] of given.entries()) {
        if (step % 2 === 1) population.goAhead();
        population.step(step + 1, (n) => input[n]);
      }
      return bitsOf(population);
    });
    for (const bits of cut) expect(bits).toEqual(whole);
  }
});

describe('WebAssembly and JavaScript give the same bits', () => {
  test('in one step from any state', () => {
    const points = new Points(11);
    let changedPath = 0;
    for (let i = 0; i < 40; i++) {
      const parameters = randomParameters(points);
      const state = columns(Array.from({ length: 63 }, () => randomState(points, parameters, h)));
      const [input] = inputs(points, 63, 0);
      const [one, other] = (['wasm', 'javascript'] as const).map((kernels) => {
        const population = new Population(AEIF, 63, { kernels, parameters, state });
        population.step(1, (n) => input[n]);
        return population;
      });
      expect(bitsOf(other)).toEqual(bitsOf(one));
      changedPath += one.spikes.some((count) => count > 0) ? 1 : 0;
    }
    expect(changedPath).toBeGreaterThan(10);
  });

  test.each(KINDS)('over many steps, neurons %s', (kind) => {
    const points = new Points(12);
    const size = 21;
    const parameters = firing(points, size, kind);
    const input = inputs(points, size, 1500);
    const [one, other] = (['wasm', 'javascript'] as const).map(
      (kernels) => new Population(AEIF, size, { kernels, parameters }),
    );
    for (let step = 1; step <= 1500; step++) {
      for (const population of [one, other]) population.step(step, (i) => input[step][i]);
      if (step % 50 === 0) expect(bitsOf(other), `step ${step}`).toEqual(bitsOf(one));
    }
    expect(one.engine.output.counts.reduce((a, b) => a + b)).toBeGreaterThan(size);
    expect(exactly(other.engine.output.accumulators.words)).toEqual(
      exactly(one.engine.output.accumulators.words),
    );
  });
});

describe('whether neurons have gone ahead before their input is known makes no difference', () => {
  test.each(KINDS)('%s', (kind) => {
    const points = new Points(19);
    const size = 21;
    const parameters = firing(points, size, kind);
    const input = inputs(points, size, 1000);
    const [one, ahead] = [1, 2].map(() => new Population(AEIF, size, { parameters }));
    for (let step = 1; step <= 1000; step++) {
      for (let again = step % 3; again > 0; again--) ahead.goAhead();
      for (const population of [one, ahead]) population.step(step, (i) => input[step][i]);
      if (step % 20 === 0) expect(bitsOf(ahead), `step ${step}`).toEqual(bitsOf(one));
    }
    expect(one.engine.output.counts.reduce((a, b) => a + b)).toBeGreaterThan(size);
  });
});

test('who is kicked above the threshold jumps as on the general path, out of bounds fails as there', () => {
  const points = new Points(20);
  const size = 40;
  const parameters = randomParameters(points);
  const state = columns(Array.from({ length: size }, () => randomState(points, parameters, h)));
  const V_m = Float64Array.from({ length: size }, (_, i) => (parameters.E_L as number) + 0.1 * i);
  const calm = { ...state, V_m, clamp_steps: 0, refractory_steps: 0, w: 0, z: 0 };
  // As columns, parameters are taken for different ones, and no neuron takes the fast path.
  const each = columns(Array.from({ length: size }, () => parameters));
  const kick = (i: number): number => (i % 3 === 0 ? 200 : i % 3 === 1 ? 0.5 : 0);
  const [fast, general] = [parameters, each].map(
    (given) => new Population(AEIF, size, { parameters: given, state: calm }),
  );
  for (const population of [fast, general]) population.step(1, kick);
  expect([...fast.spikes]).toEqual([...general.spikes]);
  expect(fast.spikes.reduce((a, b) => a + b)).toBe(Math.ceil(size / 3));
  for (const name of Object.keys(fast.group.model.state)) {
    if (name === 'suggested_substep') continue;
    fast.state(name).forEach((value, i) => {
      const expected = general.state(name)[i];
      expect(Math.abs(value - expected), `${name} of ${i}`).toBeLessThan(1e-11);
    });
  }
  for (const population of [fast, general]) {
    expect(() => population.step(2, (i) => (i === 8 || i === 14 ? -1e5 : 0))).toThrow(
      /node 9\).*step 2/s,
    );
  }
});

test('the fast path leads where the general one does, and serves calm neurons', () => {
  const points = new Points(14);
  const size = 64;
  let differing = 0;
  let calm = 0;
  for (let i = 0; i < 40; i++) {
    const shared: Numbers = { ...randomParameters(points), Delta_T: points.uniform(1, 0.8, 4)[0] };
    const own = { ...shared, I_e: new Float64Array(size).fill(shared.I_e) };
    const starts = Array.from({ length: size }, () => randomState(points, shared, h));
    const [input] = inputs(points, size, 0);
    const [fast, general] = [shared, own].map((parameters) => {
      const population = new Population(AEIF, size, { parameters, state: columns(starts) });
      population.step(1, (n) => input[n]);
      return population;
    });
    expect(fast.spikes).toEqual(general.spikes);
    for (const name of ['V_m', 'w', 'z', 'V_th', 'u_bar_plus', 'u_bar_minus', 'u_bar_bar']) {
      general.state(name).forEach((expected, n) => {
        const error = Math.abs(fast.state(name)[n] - expected);
        expect(error).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(expected)));
      });
    }
    for (const name of ['clamp_steps', 'refractory_steps', 'suggested_substep', 'I_stim']) {
      expect(exactly(fast.state(name))).toEqual(exactly(general.state(name)));
    }
    starts.forEach((start, n) => {
      if (start.clamp_steps > 0 || start.V_m > start.V_th - 5 * shared.Delta_T) return;
      calm += 1;
      differing += exactly(fast.neuron(n)).join() === exactly(general.neuron(n)).join() ? 0 : 1;
    });
  }
  expect(differing).toBeGreaterThan(0.25 * calm);
});

test('within a step, V_m counts no more than V_peak, even if it ends below', () => {
  // Just below V_peak with V_th far above: rising fast, and thrown back by input at the end.
  const points = new Points(15);
  const size = 64;
  const shared = { V_peak: 10, V_th_max: 60, I_e: 3000, Delta_T: 4, gsl_error_tol: 1e-3 };
  const state = {
    V_m: Float64Array.from(points.uniform(size, 9.8, 10)),
    V_th: 30,
    suggested_substep: h,
  };
  const own = { ...shared, I_e: new Float64Array(size).fill(shared.I_e) };
  const [fast, general] = [shared, own].map((parameters) => {
    const population = new Population(AEIF, size, { parameters, state });
    population.step(1, () => -5);
    return population.state('V_m');
  });
  general.forEach((expected, i) => {
    expect(Math.abs(fast[i] - expected)).toBeLessThan(1e-11);
  });
});

describe('a neuron comes to the same bits', () => {
  const points = new Points(13);
  const size = 17;
  const steps = 600;
  const shared = { ...randomParameters(points), Delta_T: 2, I_e: 400, gsl_error_tol: 1e-6 };
  const starts = Array.from({ length: size }, () => randomState(points, shared, h));
  const input = inputs(points, size, steps);

  /** States and spikes of the neurons numbered in `who`, in this order, after all steps. */
  function ran(who: readonly number[], parameters = shared as PopulationParameters): string[][] {
    const state = columns(who.map((i) => starts[i]));
    const population = new Population(AEIF, who.length, { parameters, state });
    for (let step = 1; step <= steps; step++) population.step(step, (j) => input[step][who[j]]);
    const { counts } = population.engine.output;
    return who.map((_, j) => exactly([...population.neuron(j), counts[j]]));
  }
  type PopulationParameters = Readonly<Record<string, number | Float64Array>>;

  const all = Array.from({ length: size }, (_, i) => i);
  const together = ran(all);

  test('wherever it stands among the others', () => {
    const shuffled = all.map((i) => (i * 5 + 3) % size);
    const found = ran(shuffled);
    shuffled.forEach((i, j) => {
      expect(found[j], `neuron ${i}`).toEqual(together[i]);
    });
  });

  test('alone', () => {
    for (const i of all) expect(ran([i])[0], `neuron ${i}`).toEqual(together[i]);
  });

  test.each([2, 3, 4])('on one of %i workers', (workers) => {
    for (const parameters of [shared, { ...shared, I_e: new Float64Array(size).fill(400) }]) {
      const whole = parameters === shared ? together : ran(all, parameters);
      for (let rank = 0; rank < workers; rank++) {
        const part = new Population(AEIF, size, {
          rank,
          workers,
          parameters,
          state: columns(starts),
        });
        const own = all.filter((i) => i % workers === rank);
        for (let step = 1; step <= steps; step++) part.step(step, (j) => input[step][own[j]]);
        const { counts } = part.engine.output;
        own.forEach((i, j) => {
          expect(exactly([...part.neuron(j), counts[j]]), `neuron ${i}`).toEqual(whole[i]);
        });
      }
    }
  });

  test('or, on the general path, to nearly the same', () => {
    const general = ran(all, { ...shared, I_e: new Float64Array(size).fill(400) });
    expect(general).not.toEqual(together);
    general.forEach((values, i) => {
      expect(values.at(-1)).toBe(together[i].at(-1));
    });
  });
});

describe('the literal integration', () => {
  const RECORDED = ['V_m', 'w', 'z', 'V_th', 'u_bar_plus', 'u_bar_minus', 'u_bar_bar'];
  /** What a state starts from in the literal model, beside what can be set. */
  const START = { V_m: -70, w: 10, u_bar_plus: -69, u_bar_minus: -71, u_bar_bar: -70 };
  /**
   * Error estimates have roundings of some 1e-14 mV in them, 1e-8 of what is tolerated (1e-6). They
   * move the end of a sub-step that had been rejected by some 1e-9 of it, and input that is added after
   * it is added earlier or later: where V_m is steep, that moves it by some 1e-9. With the upstroke or
   * without, deviations of 1e-14 before such a step were seen to become 0.6e-9 to 1.5e-9.
   */
  const TOLERANCE = 4e-9;
  const NEAR_SPIKE = 1e-6;
  const NEAR_STEPS = 10;

  /**
   * With a tolerance near that of rounding, the step control reacts to rounding, and with it the
   * sub-step after which input is added.
   */
  const tame = (points: Points): Numbers => ({ ...randomParameters(points), gsl_error_tol: 1e-6 });

  /**
   * Step by step beside the literal neurons. Deviations may be larger near spikes, and wherever V_m is
   * above V_th: there the exponential is at work, which makes any rounding grow.
   */
  function compare(
    population: Population,
    parameters: readonly Numbers[],
    points: Points,
    steps: number,
  ) {
    const size = parameters.length;
    const literal = parameters.map((p) => createAeifPscDeltaClopath({ ...p, ...START }, h));
    const input = inputs(points, size, steps);
    const current = inputs(points, size, steps);
    const lastNear = new Float64Array(size).fill(-1e9);
    let judgements = 0;
    /** Deviations of the last steps, judged once it is known that no spike follows. */
    const pending: { step: number; error: number }[][] = parameters.map(() => []);
    let spikes = 0;
    for (let step = 1; step <= steps; step++) {
      population.step(step, (i) => input[step][i]);
      literal.forEach((neuron, i) => {
        const arrivals = { ...nothingArrived(), weight: input[step][i], current: current[step][i] };
        const fired = neuron.advance(step, arrivals);
        expect(population.spikes[i], `spikes of neuron ${i} in step ${step}`).toBe(fired);
        population.state('I_stim')[i] = current[step][i];
        spikes += fired;
        if (fired > 0 || neuron.read('V_m') > neuron.read('V_th')) {
          lastNear[i] = step;
          pending[i].length = 0;
        }
        const error = Math.max(
          ...RECORDED.map((name) => {
            const expected = neuron.read(name);
            const got = population.state(name)[i];
            return Math.abs(got - expected) / Math.max(1, Math.abs(expected));
          }),
        );
        expect(error, `neuron ${i}, step ${step}`).toBeLessThan(NEAR_SPIKE);
        if (step - lastNear[i] > NEAR_STEPS) pending[i].push({ step, error });
        if (pending[i].length > NEAR_STEPS) {
          const judged = pending[i].shift()!;
          judgements += 1;
          expect(judged.error, `neuron ${i}, step ${judged.step}`).toBeLessThan(TOLERANCE);
        }
      });
    }
    expect(judgements).toBeGreaterThan(steps);
    return spikes;
  }

  test.each([1, 2, 3, 4, 5, 6])('of neurons with the same parameters, set %i', (set) => {
    const points = new Points(100 + set);
    // Delta_T = 0 has its own path, and its own threshold.
    const parameters = { ...tame(points), Delta_T: [2, 1.2, 3.5, 1.5, 0, 2][set - 1] };
    const population = new Population(AEIF, 3, { parameters, state: { ...START } });
    const spikes = compare(population, [parameters, parameters, parameters], points, 2500);
    expect(spikes).toBeGreaterThan(2);
  });

  test('of neurons with parameters of their own', () => {
    const points = new Points(200);
    const parameters = Array.from({ length: 7 }, () => tame(points));
    const population = new Population(AEIF, 7, {
      parameters: columns(parameters),
      state: { ...START },
    });
    expect(compare(population, parameters, points, 1500)).toBeGreaterThan(10);
  });
});
