/** Relays and generators with explicit spikes or currents. Times in ms, currents in pA. */
import type { Arrivals, Emission, Generator, SpikingNode } from './node.js';
import { readFrom, withDefaults } from './node.js';
import type { Parameters } from './scenario.js';
import { gridSteps } from './scenario.js';
import { SpikeArchive } from './stdp-synapse.js';

const NUMBERS: readonly number[] = [];
const NONE: readonly Emission[] = [];
const WINDOW_DEFAULTS = { start: 0, stop: Infinity, origin: 0 };
const SPIKE_DEFAULTS = {
  ...WINDOW_DEFAULTS,
  spike_times: NUMBERS,
  spike_weights: NUMBERS,
  spike_multiplicities: NUMBERS,
};
const DC_DEFAULTS = { ...WINDOW_DEFAULTS, amplitude: 0 };
const STEP_CURRENT_DEFAULTS = {
  ...WINDOW_DEFAULTS,
  amplitude_times: NUMBERS,
  amplitude_values: NUMBERS,
};

/** Emits in a step as many spikes as arrived for it, whatever their weights. */
export function createParrotNeuron(given: Parameters, h: number): SpikingNode {
  const { tau_minus } = withDefaults('parrot_neuron', { tau_minus: 20 }, given);
  return {
    advance: (_step: number, arrivals: Readonly<Arrivals>) => arrivals.spikeCount,
    read: (variable) => readFrom('parrot_neuron', {}, variable),
    spikeArchive: new SpikeArchive(tau_minus, h),
  };
}

export function createSpikeGenerator(given: Parameters, h: number): Generator {
  const p = withDefaults('spike_generator', SPIKE_DEFAULTS, given);
  const window = activeSteps(p, h);
  const emissions = new Map<number, Emission[]>();
  p.spike_times.forEach((time, i) => {
    const step = gridSteps(p.origin + time, h);
    if (step <= window.start || step > window.stop) return;
    const emission = {
      multiplicity: p.spike_multiplicities[i] ?? 1,
      factor: p.spike_weights[i] ?? 1,
    };
    emissions.set(step, [...(emissions.get(step) ?? []), emission]);
  });
  return { spikes: (step) => emissions.get(step) ?? NONE, current: () => 0 };
}

export function createDcGenerator(given: Parameters, h: number): Generator {
  const p = withDefaults('dc_generator', DC_DEFAULTS, given);
  return currentGenerator(activeSteps(p, h), () => p.amplitude);
}

export function createStepCurrentGenerator(given: Parameters, h: number): Generator {
  const p = withDefaults('step_current_generator', STEP_CURRENT_DEFAULTS, given);
  const changes = p.amplitude_times.map((time) => gridSteps(time, h));
  return currentGenerator(activeSteps(p, h), (step) => {
    const latest = changes.findLastIndex((change) => change <= step);
    return p.amplitude_values[latest] ?? 0;
  });
}

interface ActiveSteps {
  readonly start: number;
  readonly stop: number;
}

/** Start and stop in steps, both shifted by the origin. */
function activeSteps(p: typeof WINDOW_DEFAULTS, h: number): ActiveSteps {
  return {
    start: gridSteps(p.origin + p.start, h),
    stop: p.stop === Infinity ? Infinity : gridSteps(p.origin + p.stop, h),
  };
}

function currentGenerator(window: ActiveSteps, amplitude: (step: number) => number): Generator {
  return {
    spikes: () => NONE,
    current: (step) => (window.start <= step && step < window.stop ? amplitude(step) : 0),
  };
}
