/** static_synapse: transmits its weight unchanged. */
import type { SynapseModel } from '../spec.js';

export const staticSynapse: SynapseModel = {
  name: 'static_synapse',
  doc: 'Synapse of constant weight',
  parameters: {},
  checks: [],
};
