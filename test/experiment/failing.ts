/** A network that runs for some time and then cannot: an equation without a bound is let loose. */
import type { Data } from './minimal.js';

/** @param before how long it runs until then, in ms */
export const failing = (before = 100): Data => ({
  name: 'failing',
  neuron_models: {
    cubic: {
      parameters: { k: { default: 0 } },
      state: { V_m: { default: 1 } },
      equations: { V_m: 'k * V_m * V_m * V_m + I_stim' },
    },
  },
  populations: {
    noise: { model: 'poisson_generator', size: 3, params: { rate: 50 } },
    relays: { model: 'parrot_neuron', size: 3 },
    exc: { model: 'cubic', size: 4, params: { V_m: [0, 0, 1, 1] } },
    recorder: { model: 'spike_recorder' },
    meter: { model: 'multimeter', params: { record_from: ['V_m'] } },
  },
  synapse_models: {},
  connections: [
    { source: 'noise', target: 'relays', conn_spec: 'one_to_one' },
    { source: 'relays', target: 'recorder' },
    { source: 'meter', target: 'exc' },
  ],
  protocol: [{ simulate: before }, { simulate: 100, set: { exc: { k: 5 } } }],
});
