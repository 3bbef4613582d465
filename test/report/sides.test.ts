import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/report/figures/index.js';
import { absence, idRange, matrixNumbering, sideOf } from '../../src/report/sides.js';
import { summaryOf } from '../../src/report/summary.js';
import { weightMatrices } from '../../src/report/weight-matrices.js';
import { seedResults } from './seed-results.js';

describe('sideOf', () => {
  it('is a population, whose neurons count from 1', () => {
    expect(sideOf(seedResults(), 'input')).toEqual({
      name: 'input',
      firstId: 14,
      size: 500,
      weightUnit: '',
      noun: 'input neuron',
      numbering: 'n-th neuron of input (ids 14–513)',
    });
  });

  it('is several, whose neurons go by their ids', () => {
    expect(sideOf(seedResults(), 'exc+inh')).toEqual({
      name: 'exc+inh',
      firstId: 1,
      size: 13,
      weightUnit: 'mV',
      noun: 'exc+inh id',
      numbering: 'ids of exc and inh',
    });
    expect(sideOf(seedResults(), 'exc+input').weightUnit).toBe('');
  });

  it('gives weights their unit, in figures and summary', () => {
    const [exc, ...others] = seedResults().populations;
    const results = seedResults({ populations: [{ ...exc!, weightUnit: 'nS' }, ...others] });
    const figure = (name: string) => figuresOf(results).find((one) => one.name === name)!.svg;
    expect(figure('weight-change')).toContain('>Weight change (nS)<');
    expect(figure('weights-over-time')).toContain('>Weight (nS)<');
    expect(figure('weight-histograms')).toContain('>Weight (nS)<');
    expect(summaryOf(results)).toMatch(/exc-to-exc.* nS\n/);
  });
});

describe('connections among several populations', () => {
  const weights = seedResults().weights.find((w) => w.connection === 'exc-to-exc')!;
  const both = { ...weights, sourcePopulation: 'exc+inh', targetPopulation: 'exc+inh' };
  const results = seedResults({ weights: [both] });

  it('have figures and matrices', () => {
    const svg = figuresOf(results).find(({ name }) => name === 'weight-change')!.svg;
    expect(svg).toContain('>From exc+inh id<');
    expect(weightMatrices(results, both, undefined, 1000)).toMatchObject({
      numbering: 'ids of exc and inh',
      source: { name: 'exc+inh', first: 1, count: 10 },
    });
  });

  it('may have synapses that are not recorded', () => {
    expect(absence(results, both)).toBe('none recorded');
    expect(absence(seedResults(), weights)).toBe('no synapse');
  });
});

describe('numbers', () => {
  it('of a matrix are told once if both sides are one', () => {
    const [inputs, , recurrent] = seedResults().weights;
    expect(matrixNumbering(seedResults(), recurrent!)).toBe('n-th neuron of exc (ids 1–10)');
    expect(matrixNumbering(seedResults(), inputs!)).toBe(
      'from the n-th neuron of input (ids 14–513) to the n-th neuron of exc (ids 1–10)',
    );
  });

  it('of one node are no range', () => {
    expect(idRange({ firstId: 7, size: 1 })).toBe('id 7');
  });
});
