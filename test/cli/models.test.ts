import { describe, expect, test } from 'vitest';
import { modelList, modelText } from '../../src/cli/models.js';
import { UnknownNameError } from '../../src/errors/index.js';
import { nodeModels, synapseModels } from '../../src/models/registry.js';

const all = [...nodeModels.keys(), ...synapseModels.keys()];

test('every model is listed once', () => {
  const listed = [...modelList().matchAll(/^ {2}(\w+) {2}/gm)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual(all.toSorted());
});

test.each(all)('%s is told with every parameter', (name) => {
  const text = modelText(name);
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  const { parameters } = (nodeModels.get(name) ?? synapseModels.get(name))!;
  for (const [parameter, { doc }] of Object.entries(parameters)) {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${parameter} `));
    expect(line).toContain(doc);
  }
});

describe('values', () => {
  test('of a neuron', () => {
    const text = modelText('aeif_psc_delta_clopath');
    expect(text).toMatch(/^C_m +281 +pF +membrane capacitance$/m);
    expect(text).toMatch(/^A_LTD_const +true +\S/m);
    expect(text).toMatch(/^V_m +-70\.6 +mV +membrane potential$/m);
    expect(text).toMatch(/^z +0 +pA +.*\(only to be recorded\)$/m);
    expect(text).not.toContain('clamp_steps');
  });

  test('of a generator', () => {
    expect(modelText('spike_generator')).toMatch(/^spike_times +\[\] +ms +\S/m);
    expect(modelText('poisson_generator')).toMatch(/^stop +Infinity +ms +\S/m);
  });

  test('of a synapse, with what all of them have', () => {
    const text = modelText('clopath_synapse');
    expect(text).toMatch(/^weight +1 /m);
    expect(text).toMatch(/^delay +1 +ms /m);
    expect(text).toMatch(/^Wmax +100 /m);
  });
});

test('an unknown one is told with the closest', () => {
  expect(() => modelText('parrot')).toThrow(UnknownNameError);
  expect(() => modelText('clopath_synaps')).toThrow("did you mean 'clopath_synapse'?");
});
