/**
 * Generators. What a generator sends depends on its parameters and, for the Poisson generator, on
 * keyed random draws alone, so every worker computes what arrives at its own nodes.
 */
import type { DeviceModel } from '../spec.js';
import { windowParameters } from './window.js';

export const poissonGenerator: DeviceModel = {
  kind: 'generator',
  name: 'poisson_generator',
  doc: 'Poisson spike train, an independent one for each of its connections',
  emits: 'spikes',
  parameters: {
    rate: { default: 0, unit: 'spikes/s', type: 'rate', doc: 'mean rate' },
    ...windowParameters,
  },
};

export const spikeGenerator: DeviceModel = {
  kind: 'generator',
  name: 'spike_generator',
  doc: 'Spikes at given times',
  emits: 'spikes',
  parameters: {
    spike_times: {
      default: [],
      unit: 'ms',
      type: 'times',
      doc: 'spike times, > 0, ascending, on the grid, relative to origin',
    },
    spike_weights: {
      default: [],
      unit: '',
      type: 'numbers',
      doc: "factors on the connections' weights, one per time",
    },
    spike_multiplicities: {
      default: [],
      unit: '',
      type: 'counts',
      doc: 'number of spikes per time',
    },
    ...windowParameters,
  },
};

export const dcGenerator: DeviceModel = {
  kind: 'generator',
  name: 'dc_generator',
  doc: 'Constant current',
  emits: 'current',
  parameters: {
    amplitude: { default: 0, unit: 'pA', type: 'number', doc: 'amplitude' },
    ...windowParameters,
  },
};

export const stepCurrentGenerator: DeviceModel = {
  kind: 'generator',
  name: 'step_current_generator',
  doc: 'Piecewise constant current',
  emits: 'current',
  parameters: {
    amplitude_times: {
      default: [],
      unit: 'ms',
      type: 'times',
      doc: 'times at which the amplitude changes, > 0, ascending, on the grid',
    },
    amplitude_values: {
      default: [],
      unit: 'pA',
      type: 'numbers',
      doc: 'amplitudes from those times on',
    },
    ...windowParameters,
  },
};
