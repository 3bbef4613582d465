/** What neuron models say of the unit of weights onto them. */
import { expect, test } from 'vitest';
import { definedNeuron } from '../../src/models/defined/defined-neuron.js';
import { nodeModels } from '../../src/models/registry.js';
import { izhikevich, leaky } from './definitions.js';

test('built-in neurons say what weights onto them are', () => {
  const units = [...nodeModels.values()].flatMap((model) =>
    model.kind === 'neuron' ? [[model.name, model.weightUnit]] : [],
  );
  expect(Object.fromEntries(units)).toMatchObject({
    aeif_psc_delta_clopath: 'mV',
    hh_psc_alpha_clopath: 'pA',
    iaf_psc_delta: 'mV',
    iaf_psc_exp: 'pA',
    iaf_psc_alpha: 'pA',
    parrot_neuron: '',
  });
});

test('a definition says what weights onto it are, by the variable they go to or by itself', () => {
  expect(definedNeuron(leaky).weightUnit).toBe('pA');
  expect(definedNeuron(izhikevich).weightUnit).toBe('mV');
  const input = { ...leaky.input!, unit: 'nS' };
  expect(definedNeuron({ ...leaky, input }).weightUnit).toBe('nS');
  const { input: _, ...without } = izhikevich;
  expect(definedNeuron(without).weightUnit).toBe('');
  const number = { ...leaky, input: { ...leaky.input!, unit: 1 } };
  expect(() => definedNeuron(number)).toThrow('leaky.input.unit is 1; expected a text');
});
