/** What every neuron model has beside the parameters that it states itself. */
import { type Check, type NeuronModel, POSITIVE, type QuantitySpec } from './spec.js';

const parameters = {
  tau_minus: {
    default: 20,
    unit: 'ms',
    doc: 'time constant of the trace of own spikes that depresses incoming stdp_synapses',
  },
} satisfies Record<string, QuantitySpec>;

const checks: readonly Check[] = [POSITIVE('tau_minus')];

/** Names that no model can give to anything of its own. */
export const commonParameterNames: readonly string[] = Object.keys(parameters);

export function withCommonParameters(model: NeuronModel): NeuronModel {
  return {
    ...model,
    parameters: { ...model.parameters, ...parameters },
    checks: [...model.checks, ...checks],
  };
}
