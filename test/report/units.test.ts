import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/report/figures/index.js';
import { summaryOf } from '../../src/report/summary.js';
import {
  duration,
  populationTitle,
  threeDigits,
  weightUnit,
  withUnit,
} from '../../src/report/units.js';
import { seedResults } from './seed-results.js';

describe('units', () => {
  it('takes the unit of a weight from the population it acts on', () => {
    const [exc, inh, ...others] = seedResults().populations;
    const results = seedResults({
      populations: [{ ...exc!, weightUnit: 'nS' }, { ...inh!, weightUnit: '' }, ...others],
    });
    expect(weightUnit(results, 'exc')).toBe('nS');
    expect(weightUnit(results, 'inh')).toBe('');
    expect(weightUnit(results, 'exc+inh')).toBe('');
    const figure = (name: string) => figuresOf(results).find((one) => one.name === name)!.svg;
    expect(figure('weight-change')).toContain('>Weight change (nS)<');
    expect(figure('weights-over-time')).toContain('>Weight (nS)<');
    expect(figure('weight-histograms')).toContain('>Weight (nS)<');
    expect(summaryOf(results)).toMatch(/exc-to-exc.* nS\n/);
  });

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
