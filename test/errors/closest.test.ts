import { expect, test } from 'vitest';
import { closest, didYouMean } from '../../src/errors/closest.js';

const KNOWN = [
  ...['tau_w', 'tau_z', 'tau_m', 'tau_syn_ex', 'V_m', 'V_peak', 'iaf_psc_exp'],
  ...['poisson_generator', 'spike_generator', 'spike_recorder', 'stdp_synapse', 'allow_autapses'],
  'static',
];

test.each([
  ['taw_w', 'tau_w'],
  ['TAU_Z', 'tau_z'],
  ['vm', 'V_m'],
  ['poison_generator', 'poisson_generator'],
  ['spike-generator', 'spike_generator'],
  ['V_m', 'V_m'],
  ['tau_synex', 'tau_syn_ex'],
  ['spike_recoder', 'spike_recorder'],
  ['V_pekae', 'V_peak'],
  ['tau_mem', 'tau_m'],
  ['satic', 'static'],
  ['sattic', 'static'],
])('%s is nearest to %s', (word, expected) => {
  expect(closest(word, KNOWN)).toBe(expected);
});

test.each([
  ['tau_syn', 'tau_syn_ex'],
  ['V', 'V_m'],
  ['iaf_exp', 'iaf_psc_exp'],
  ['stdp_synapse_hom', 'stdp_synapse'],
])('%s, which has more or fewer parts, is nearest to %s', (word, expected) => {
  expect(closest(word, KNOWN)).toBe(expected);
});

test.each([
  ['spike_detector', 'spike_recorder'],
  ['autapses', 'allow_autapses'],
])('%s of earlier releases of NEST is %s', (word, expected) => {
  expect(closest(word, KNOWN)).toBe(expected);
  expect(closest(word, ['V_m'])).toBeUndefined();
});

const FAR = [
  '',
  'xyz',
  'completely_different_name',
  'noise_generator',
  'tau_x',
  'generator',
  'model',
];
test.each(FAR)("nothing is near '%s'", (word) => {
  expect(closest(word, KNOWN)).toBeUndefined();
  expect(didYouMean(word, KNOWN)).toBe('');
});

test('the first of equally near words is taken', () => {
  expect(closest('weigth', ['weight_a', 'weighta', 'weightb'])).toBe('weighta');
});

test('nothing is near nothing', () => {
  expect(closest('V_m', [])).toBeUndefined();
});

test('a very long word costs no time', () => {
  const before = performance.now();
  expect(closest('V'.repeat(1e7), KNOWN)).toBeUndefined();
  expect(performance.now() - before).toBeLessThan(500);
});
