/** When a device is active: parameters that all devices share. */
import type { DeviceParameterSpec } from '../spec.js';

export const windowParameters = {
  start: { default: 0, unit: 'ms', type: 'time', doc: 'activation time, relative to origin' },
  stop: {
    default: Number.POSITIVE_INFINITY,
    unit: 'ms',
    type: 'time',
    doc: 'deactivation time, relative to origin',
  },
  origin: { default: 0, unit: 'ms', type: 'time', doc: 'shift of start and stop' },
} satisfies Record<string, DeviceParameterSpec>;
