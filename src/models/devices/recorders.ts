/** Recorders: what they note is kept by the worker that owns the node noted, and collected on demand. */
import type { DeviceModel } from '../spec.js';
import { windowParameters } from './window.js';

export const spikeRecorder: DeviceModel = {
  kind: 'recorder',
  name: 'spike_recorder',
  doc: 'Senders and times of the spikes of all nodes connected to it',
  parameters: { ...windowParameters },
};

export const multimeter: DeviceModel = {
  kind: 'recorder',
  name: 'multimeter',
  doc: 'Samples state variables of the nodes that it is connected to',
  parameters: {
    record_from: { default: [], unit: '', type: 'names', doc: 'recordables to sample' },
    interval: { default: 1, unit: 'ms', type: 'interval', doc: 'time between samples' },
    ...windowParameters,
  },
};

export const weightRecorder: DeviceModel = {
  kind: 'recorder',
  name: 'weight_recorder',
  doc: 'Weights transmitted by the synapses whose model names it',
  parameters: { ...windowParameters },
};
