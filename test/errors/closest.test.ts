import { expect, test } from 'vitest';
import { closest, didYouMean } from '../../src/errors/closest.js';

const KNOWN = ['tau_w', 'tau_z', 'V_m', 'V_peak', 'poisson_generator', 'spike_generator'];

test.each([
  ['taw_w', 'tau_w'],
  ['TAU_Z', 'tau_z'],
  ['vm', 'V_m'],
  ['poison_generator', 'poisson_generator'],
  ['spike-generator', 'spike_generator'],
  ['V_m', 'V_m'],
])('%s is nearest to %s', (word, expected) => {
  expect(closest(word, KNOWN)).toBe(expected);
});

test.each(['', 'xyz', 'completely_different_name'])("nothing is near '%s'", (word) => {
  expect(closest(word, KNOWN)).toBeUndefined();
  expect(didYouMean(word, KNOWN)).toBe('');
});

test('the first of equally near words is taken', () => {
  expect(closest('tau_x', KNOWN)).toBe('tau_w');
});

test('nothing is near nothing', () => {
  expect(closest('V_m', [])).toBeUndefined();
});

test('a very long word costs no time', () => {
  const before = performance.now();
  expect(closest('V'.repeat(1e7), KNOWN)).toBeUndefined();
  expect(performance.now() - before).toBeLessThan(500);
});
