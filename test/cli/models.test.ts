import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { modelList, modelText } from '../../src/cli/models.js';
import { UnknownNameError } from '../../src/errors/index.js';
import { nodeModels, synapseModels } from '../../src/models/registry.js';
import { leaky } from '../models/definitions.js';
import { isospike, tiny } from './isospike.js';

const neurons = [...nodeModels.values()].filter((model) => model.kind === 'neuron');
const all = [...nodeModels.keys(), ...synapseModels.keys()];

test('every model is listed once', () => {
  const listed = [...modelList().matchAll(/^ {2}(\w+) {2}/gm)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual(all.toSorted());
});

test.each(all)('%s is told with every parameter', (name) => {
  const text = modelText(name);
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  const { parameters } = (nodeModels.get(name) ?? synapseModels.get(name))!;
  const lines = text.slice(text.lastIndexOf('\nparameter ')).split('\n');
  for (const [parameter, { doc }] of Object.entries(parameters)) {
    const line = lines.find((candidate) => candidate.startsWith(`${parameter} `));
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
    expect(text).not.toMatch(/^clamp_steps/m);
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

test('a neuron is told with its equations and what happens in a step', () => {
  const text = modelText('iaf_psc_exp');
  expect(text).toContain("  I_syn_ex' = -I_syn_ex / tau_syn_ex\n");
  expect(text).toMatch(/\n {2}3\. V_m >= V_th means a spike/);
  for (const { name, equations, step } of neurons) {
    const told = modelText(name).replaceAll(/\s+/g, ' ');
    for (const [variable, equation] of Object.entries(equations)) {
      expect(told).toContain(`${variable}' = ${equation.replaceAll(/\s+/g, ' ')}`);
    }
    expect(told).toContain(` ${step.length}. `);
  }
});

test('those of an experiment file, too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isospike-models-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { name, ...definition } = leaky;
  const experiment = { ...tiny, neuron_models: { [name]: definition } };
  await writeFile(join(folder, 'own.json'), JSON.stringify(experiment));
  const told = await isospike(folder, ['models', 'leaky', '--file', 'own.json']);
  expect(told.stdout).toContain("  I_syn_ex' = -I_syn_ex / tau_syn_ex\n");
  expect(told.stdout).toContain('V_m >= V_th means a spike, and V_m = V_reset.');
  expect(told.stdout).toMatch(/^tau_m +10 +ms +membrane time constant$/m);
  const listed = await isospike(folder, ['models', '--file', 'own.json']);
  expect(listed.stdout).toMatch(/^ {2}leaky +Leaky integrate-and-fire/m);
});

test('a file that is not there is said to be so', async () => {
  expect(await isospike(tmpdir(), ['models', 'leaky', '--file', 'nofile'])).toEqual({
    status: 1,
    stdout: '',
    stderr: 'error: cannot read nofile: no such file or directory\n',
  });
});

test('an unknown one is told with the closest', () => {
  expect(() => modelText('parrot')).toThrow(UnknownNameError);
  expect(() => modelText('clopath_synaps')).toThrow("did you mean 'clopath_synapse'?");
});
