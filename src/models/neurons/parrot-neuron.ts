/** parrot_neuron: emits, in the same step, as many spikes as arrive; their weights do not matter. */
import type { NeuronModel } from '../spec.js';

export const parrotNeuron: NeuronModel = {
  kind: 'neuron',
  name: 'parrot_neuron',
  doc: 'Relay that repeats every arriving spike',
  about: 'A relay. It has no state, and synapses of every kind can end on it.',
  equations: {},
  step: [
    `It fires as many spikes as arrive in the step, whatever their weights, as one spike of that
     multiplicity.`,
  ],
  parameters: {},
  state: {},
  checks: [],
  input: 'count',
  weightUnit: '',
  takesCurrent: false,
  kernel: (group) => ({
    update(_step, { data, at, arrived, from, to, firstLocal }) {
      for (let j = from; j < to; j++) {
        const node = arrived[j] - firstLocal;
        group.emit(node, data[at + node]);
      }
    },
    refresh() {},
  }),
};
