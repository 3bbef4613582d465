/** The Clopath synapse (Clopath et al. 2010), entry by entry over the target's whole archive. */
import type { ClopathArchive } from './clopath-archive.js';
import { firstAfter } from './clopath-archive.js';
import { withDefaults } from './node.js';
import type { Parameters } from './scenario.js';

const DEFAULTS = { tau_x: 15, Wmin: 0, Wmax: 100 };

/** A plastic synapse: `transmit` settles it for a presynaptic spike and yields what is sent. */
export interface PlasticSynapse {
  transmit(step: number): number;
  /** What a query shows: the weight as of the last presynaptic spike. */
  weight(): number;
}

export function createClopathSynapse(
  initialWeight: number,
  given: Parameters,
  delaySteps: number,
  h: number,
  target: ClopathArchive,
): PlasticSynapse {
  const { tau_x, Wmin, Wmax } = withDefaults('clopath_synapse', DEFAULTS, given);
  let weight = initialWeight;
  let x = 0;
  let last = 0;

  function transmit(step: number): number {
    const entries = target.potentiation;
    for (let i = firstAfter(entries, last - delaySteps); i < entries.length; i++) {
      const { step: k, amount } = entries[i]!;
      if (k > step - delaySteps) break;
      const decayed = x * Math.exp((-(k + delaySteps - last) * h) / tau_x);
      weight = Math.min(Wmax, weight + amount * decayed);
    }
    weight = Math.max(Wmin, weight - target.depression(step - delaySteps));
    x = x * Math.exp((-(step - last) * h) / tau_x) + 1 / tau_x;
    last = step;
    return weight;
  }

  return { transmit, weight: () => weight };
}
