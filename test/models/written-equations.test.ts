/** Every neuron model computes what it says: a step without input or spike solves its equations. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonParameterNames } from '../../src/models/common-parameters.js';
import type { NeuronDefinition } from '../../src/models/defined/definition.js';
import { nodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';
import { type Numbers, parametersOf, stateOf } from './arbitrary-neuron.js';
import { Population } from './population.js';

const SEED = 20261124;
const MODELS = [...nodeModels.values()].filter(
  (model): model is NeuronModel =>
    model.kind === 'neuron' && Object.keys(model.equations).length > 0,
);

const without = (values: Numbers, names: readonly string[]): Numbers =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));

/** The equations as a definition, solved by matrix exponentials, or by RKF45 to 1e-10. */
function written(model: NeuronModel): NeuronDefinition {
  const parameters = Object.entries(model.parameters)
    .filter(([name]) => !commonParameterNames.includes(name))
    .map(([name, { default: value }]) => [name, { default: Number.isFinite(value) ? value : 0 }]);
  const state = Object.entries(model.state)
    .filter(([name]) => !['I_stim', 'suggested_substep'].includes(name))
    .map(([name, spec]) => [name, { default: spec.default }]);
  return {
    name: 'written',
    parameters: Object.fromEntries(parameters),
    state: Object.fromEntries(state),
    definitions: model.definitions ?? {},
    equations: model.equations,
    tolerance: 1e-10,
  };
}

test.each(MODELS.map((model) => [model.name, model] as const))('%s', (name, model) => {
  const variables = Object.keys(model.equations);
  // Adaptive models are allowed what their own tolerance lets pass.
  const tolerance = 'suggested_substep' in model.state ? 1e-4 : 1e-11;
  let compared = 0;
  fc.assert(
    fc.property(
      parametersOf(model),
      stateOf(model),
      fc.double({ min: -300, max: 300, noNaN: true }),
      (parameters, state, I_stim) => {
        const initial = { ...state, ...('I_stim' in model.state && { I_stim }) };
        const own = new Population(name, 1, { parameters, state: initial });
        own.step(1);
        if (own.spikes[0] !== 0) return;
        const other = new Population(written(model), 1, {
          parameters: without(
            parameters,
            Object.keys(parameters).filter((key) => !Number.isFinite(parameters[key])),
          ),
          state: initial,
        });
        other.step(1);
        for (const variable of variables) {
          const [found, expected] = [own.state(variable)[0], other.state(variable)[0]];
          const scale = Math.max(1, Math.abs(expected));
          expect(Math.abs(found - expected) / scale, variable).toBeLessThan(tolerance);
        }
        compared += 1;
      },
    ),
    { seed: SEED, numRuns: 20 },
  );
  expect(compared).toBeGreaterThan(10);
});
