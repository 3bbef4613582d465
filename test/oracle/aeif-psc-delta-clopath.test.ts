/** Input during clamp and refractoriness, which the reference networks hardly exercise. */
import { describe, expect, test } from 'vitest';
import { createAeifPscDeltaClopath } from './aeif-psc-delta-clopath.js';
import { nothingArrived } from './node.js';

const h = 0.1;

/** V_m and number of spikes after each of `steps` steps, with 1000 mV of input in those given. */
function run(params: Record<string, number>, steps: number, inputSteps: readonly number[]) {
  const neuron = createAeifPscDeltaClopath(params, h);
  return Array.from({ length: steps }, (_, i) => {
    const weight = inputSteps.includes(i + 1) ? 1000 : 0;
    const spikes = neuron.advance(i + 1, { ...nothingArrived(), weight });
    return { V_m: neuron.read('V_m'), spikes };
  });
}

describe('aeif_psc_delta_clopath', () => {
  const params = { t_clamp: 0.2, t_ref: 0.3 };

  test('is clamped for t_clamp / h + 1 steps, then refractory for t_ref / h + 1', () => {
    const V = run(params, 10, [2]).map(({ V_m }) => V_m);
    expect(V.slice(1, 3)).toEqual([33, 33]);
    expect(V.slice(3, 7)).toEqual([-60, -60, -60, -60]);
    expect(V[7]).not.toBe(-60);
  });

  test('input that arrives in between is lost', () => {
    const undisturbed = run(params, 10, [2]);
    expect(undisturbed.map(({ spikes }) => spikes)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(run(params, 10, [2, 3, 4, 5, 6, 7])).toEqual(undisturbed);
    expect(run(params, 10, [2, 8])[7]!.spikes).toBe(1);
  });

  test('without clamp it may spike again in the same step', () => {
    // From V_clamp, 1 mV below V_peak, the upstroke of some 75 mV/ms takes about 0.013 ms.
    const steps = run({ t_clamp: 0, V_clamp: 32, V_th_max: 20 }, 2, [1]);
    expect(steps[0]).toEqual({ V_m: 32, spikes: 1 });
    expect(steps[1]!.spikes).toBeGreaterThan(1);
    expect(steps[1]!.spikes).toBeLessThan(10);
  });

  test('instability is an error', () => {
    const neuron = createAeifPscDeltaClopath({}, h);
    const inhibited = { ...nothingArrived(), weight: -2000 };
    expect(() => neuron.advance(1, inhibited)).toThrow(/unstable in step 1: V_m -2070/);
  });
});
