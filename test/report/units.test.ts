import { describe, expect, it } from 'vitest';
import { duration, populationTitle, threeDigits, withUnit } from '../../src/report/units.js';

describe('units', () => {
  it('puts no empty brackets', () => {
    expect(withUnit('Weight', 'mV')).toBe('Weight (mV)');
    expect(withUnit('Weight', '')).toBe('Weight');
  });

  it('writes durations shortly', () => {
    expect([10_000, 4200, 999.9, 0.1 * 3].map(duration)).toEqual([
      '10 s',
      '4.2 s',
      '999.9 ms',
      '0.3 ms',
    ]);
  });

  it('writes numbers with three digits, and hundreds of thousands without an exponent', () => {
    expect([0, 0.015, 1.579, 99.96, 1579.4, -123_456, 2_345_678].map(threeDigits)).toEqual([
      '0.00',
      '0.0150',
      '1.58',
      '100',
      '1579',
      '-123456',
      '2.35e+6',
    ]);
  });

  it('writes conventional population names in full and leaves others', () => {
    expect(['exc', 'I', 'input', 'L2/3', 'excited'].map(populationTitle)).toEqual([
      'Excitatory',
      'Inhibitory',
      'Inputs',
      'L2/3',
      'excited',
    ]);
  });
});
