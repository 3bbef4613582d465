/**
 * What a Clopath neuron keeps for the plastic synapses onto it (Clopath et al. 2010; Stapmanns et
 * al. 2021): kept whole here, from step 1 to the end of the run.
 */

export const PLASTICITY_DEFAULTS = {
  A_LTD: 14e-5,
  A_LTP: 8e-5,
  u_ref_squared: 60,
  theta_plus: -45.3,
  theta_minus: -70.6,
  A_LTD_const: true,
  delay_u_bars: 5,
};
export type PlasticityParameters = typeof PLASTICITY_DEFAULTS;

export interface PotentiationEntry {
  readonly step: number;
  /** A_LTP (V_m - theta_plus) (delayed u_bar_plus - theta_minus) h, still without the trace x. */
  readonly amount: number;
}

/** The membrane variables that plasticity depends on, in mV, at the end of a step. */
export interface PlasticityVariables {
  readonly V_m: number;
  readonly u_bar_plus: number;
  readonly u_bar_minus: number;
  readonly u_bar_bar: number;
}

export class ClopathArchive {
  /** In order of steps. */
  readonly potentiation: PotentiationEntry[] = [];
  private readonly depressionOfStep: number[] = [0];
  private readonly history: { u_bar_plus: number; u_bar_minus: number }[] = [];
  private readonly delaySteps: number;

  constructor(
    private readonly parameters: PlasticityParameters,
    private readonly resolution: number,
  ) {
    this.delaySteps = Math.round(parameters.delay_u_bars / resolution);
  }

  /** To be called once at the end of every step, counting from 1. */
  record(step: number, now: PlasticityVariables): void {
    const p = this.parameters;
    this.history[step] = { u_bar_plus: now.u_bar_plus, u_bar_minus: now.u_bar_minus };
    // The delay line starts with zeros: until it has filled it reads 0.0 mV.
    const delayed = this.history[step - this.delaySteps] ?? { u_bar_plus: 0, u_bar_minus: 0 };

    if (now.V_m > p.theta_plus && delayed.u_bar_plus > p.theta_minus) {
      const amount =
        p.A_LTP * (now.V_m - p.theta_plus) * (delayed.u_bar_plus - p.theta_minus) * this.resolution;
      this.potentiation.push({ step, amount });
    }
    let depression = 0;
    if (delayed.u_bar_minus > p.theta_minus) {
      depression = p.A_LTD * (delayed.u_bar_minus - p.theta_minus);
      if (!p.A_LTD_const) depression *= now.u_bar_bar ** 2 / p.u_ref_squared;
    }
    this.depressionOfStep[step] = depression;
  }

  /** The depression value of a step; 0 before the first. */
  depression(step: number): number {
    return this.depressionOfStep[step] ?? 0;
  }
}

/** Index of the first entry after `step`, in entries ordered by step. */
export function firstAfter(entries: readonly { readonly step: number }[], step: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.step > step) high = middle;
    else low = middle + 1;
  }
  return low;
}
