/** The bounds of the weight and the windows, on an archive made by hand. */
import { describe, expect, test } from 'vitest';
import { ClopathArchive, PLASTICITY_DEFAULTS } from './clopath-archive.js';
import { createClopathSynapse } from './clopath-synapse.js';

const h = 1;
const tau_x = 10;
const delaySteps = 2;

/** Potentiation of 0.5 (before the trace) in step 4 and depression of 0.25 in step 6. */
function archive(): ClopathArchive {
  const made = new ClopathArchive(
    {
      ...PLASTICITY_DEFAULTS,
      A_LTP: 0.5,
      A_LTD: 0.25,
      theta_plus: -1,
      theta_minus: -1,
      delay_u_bars: 0,
    },
    h,
  );
  for (let step = 1; step <= 20; step++) {
    const depressed = step === 6 ? 0 : -1;
    made.record(step, {
      V_m: step === 4 ? 0 : -1,
      u_bar_plus: 0,
      u_bar_minus: depressed,
      u_bar_bar: 0,
    });
  }
  return made;
}

function synapse(weight: number, params = {}) {
  return createClopathSynapse(weight, { tau_x, ...params }, delaySteps, h, archive());
}

describe('clopath_synapse', () => {
  test('potentiation counts from step m - d + 1 to n - d', () => {
    const late = synapse(1);
    late.transmit(2);
    expect(late.transmit(5)).toBe(1);
    // Entry 4 reaches the synapse in step 6, one step after the spike of step 5.
    const x = (Math.exp(-3 / tau_x) + 1) / tau_x;
    expect(late.transmit(6)).toBeCloseTo(1 + 0.5 * x * Math.exp(-1 / tau_x), 15);
    const twice = late.weight();
    expect(late.transmit(6)).toBe(twice);
  });

  test('depression is that of step n - d alone, for every spike', () => {
    const s = synapse(1);
    expect([s.transmit(7), s.transmit(8), s.transmit(8), s.transmit(9)]).toEqual([
      1, 0.75, 0.5, 0.5,
    ]);
  });

  test('Wmin bounds whenever a spike comes', () => {
    expect(synapse(0.3, { Wmin: 0.2 }).transmit(8)).toBe(0.2);
    expect(synapse(0.1, { Wmin: 0.2 }).transmit(1)).toBe(0.2);
  });

  test('Wmax bounds only when the window holds an entry', () => {
    const s = synapse(7, { Wmax: 5 });
    expect([s.transmit(1), s.transmit(5), s.transmit(6)]).toEqual([7, 7, 5]);
  });
});
