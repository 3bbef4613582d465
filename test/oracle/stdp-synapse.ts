/**
 * The STDP synapse with power-law weight dependence (Guetig et al. 2003 is its symmetric case):
 * all-to-all pairing, entry by entry over all spikes of the target.
 */
import { firstAfter } from './clopath-archive.js';
import type { PlasticSynapse } from './clopath-synapse.js';
import { withDefaults } from './node.js';
import type { Parameters } from './scenario.js';

const DEFAULTS = { tau_plus: 20, lambda: 0.01, alpha: 1, mu_plus: 1, mu_minus: 1, Wmax: 100 };

/** All spikes of a neuron, each with the trace K- that it leaves behind. */
export class SpikeArchive {
  /** In order of steps; a spike of multiplicity q makes q entries. */
  readonly spikes: { readonly step: number; readonly trace: number }[] = [];

  constructor(
    private readonly tau_minus: number,
    private readonly resolution: number,
  ) {}

  record(step: number): void {
    this.spikes.push({ step, trace: this.decayed(this.spikes.length - 1, step) + 1 });
  }

  /** K- at a step, of the spikes strictly before it. */
  traceBefore(step: number): number {
    return this.decayed(firstAfter(this.spikes, step - 1) - 1, step);
  }

  private decayed(index: number, step: number): number {
    const spike = this.spikes[index];
    if (spike === undefined) return 0;
    return spike.trace * Math.exp((-(step - spike.step) * this.resolution) / this.tau_minus);
  }
}

export function createStdpSynapse(
  initialWeight: number,
  given: Parameters,
  delaySteps: number,
  h: number,
  target: SpikeArchive,
): PlasticSynapse {
  const p = withDefaults('stdp_synapse', DEFAULTS, given);
  let weight = initialWeight;
  let Kplus = 0;
  let last = 0;

  function transmit(step: number): number {
    const { spikes } = target;
    let v = weight / p.Wmax;
    for (let i = firstAfter(spikes, last - delaySteps); i < spikes.length; i++) {
      const k = spikes[i]!.step;
      if (k > step - delaySteps) break;
      const decayed = Kplus * Math.exp((-(k + delaySteps - last) * h) / p.tau_plus);
      v = Math.min(1, v + p.lambda * Math.max(0, 1 - v) ** p.mu_plus * decayed);
    }
    const Kminus = target.traceBefore(step - delaySteps);
    v = Math.max(0, v - p.alpha * p.lambda * v ** p.mu_minus * Kminus);
    weight = v * p.Wmax;
    Kplus = Kplus * Math.exp((-(step - last) * h) / p.tau_plus) + 1;
    last = step;
    return weight;
  }

  return { transmit, weight: () => weight };
}
