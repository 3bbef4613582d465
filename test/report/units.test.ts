import { describe, expect, it } from 'vitest';
import { duration, populationTitle, weightUnit, withUnit } from '../../src/report/units.js';

describe('units', () => {
  it('knows the unit of a weight by the model it acts on', () => {
    expect(weightUnit('aeif_psc_delta_clopath')).toBe('mV');
    expect(weightUnit('hh_psc_alpha_clopath')).toBe('pA');
    expect(weightUnit('iaf_cond_exp')).toBe('nS');
    expect(weightUnit('parrot_neuron')).toBe('');
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
