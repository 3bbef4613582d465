/** A small experiment to vary in tests, and the errors that variations give. */
import { ExperimentError, type IsospikeError } from '../../src/errors/index.js';
import { resolveExperiment } from '../../src/experiment/resolve.js';
import { parseExperiment, type ResolvedExperiment } from '../../src/experiment/schema.js';

export type Data = Record<string, unknown>;

/** Four relays and two neurons with a bit of everything that can be referred to. */
export const minimal: Data = {
  name: 'minimal',
  parameters: { S: 2 },
  populations: {
    relays: { model: 'parrot_neuron', size: '2 * S' },
    exc: { model: 'aeif_psc_delta_clopath', size: 2, params: { b: 0.5 } },
    weights: { model: 'weight_recorder' },
  },
  synapse_models: { plastic: { base: 'clopath_synapse', weight_recorder: 'weights' } },
  connections: [{ name: 'input', source: 'relays', target: 'exc', syn_spec: 'plastic' }],
  protocol: [{ simulate: 1 }],
};

export function resolved(change: Data = {}, overrides: string[] = []): ResolvedExperiment {
  const data = { ...minimal, ...change };
  return resolveExperiment(parseExperiment(data, 'net.json'), overrides, 'net.json');
}

/** The problems of a variation: path and error of each. */
export function problems(
  change: Data,
  overrides: string[] = [],
): { path: string; error: IsospikeError }[] {
  try {
    resolved(change, overrides);
  } catch (error) {
    if (error instanceof ExperimentError) return [...error.problems];
    throw error;
  }
  throw new Error('the experiment was accepted');
}
