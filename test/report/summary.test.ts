import { describe, expect, it } from 'vitest';
import type { WeightColumns } from '../../src/experiment/results.js';
import { changeStatistics, summaryOf } from '../../src/report/summary.js';
import { seedResults } from './seed-results.js';

describe('changeStatistics', () => {
  it('agrees with a calculation by hand', () => {
    const initial = Float64Array.of(1, 1, 1, 1);
    const final = Float64Array.of(1, 3, 2, 2);
    const weights = { initial, final } as unknown as WeightColumns;
    expect(changeStatistics(weights)).toEqual({ mean: 1, sd: Math.SQRT1_2, min: 0, max: 2 });
  });
});

describe('summaryOf', () => {
  it('states spikes, rates, weight changes, times and digest of the seed experiment', () => {
    const lines = summaryOf(seedResults()).split('\n');
    expect(lines).toEqual([
      'clopath-bidirectional, 10 s simulated, seed 1, 1 thread',
      '',
      'population  model                   nodes  spikes  rate (spikes/s)',
      'exc         aeif_psc_delta_clopath     10     212             2.12',
      'inh         aeif_psc_delta_clopath      3       2             0.07',
      'input       parrot_neuron             500   13158             2.63',
      '',
      'weight change  synapses      mean       sd         min      max  unit',
      'input-to-exc       5000  -0.00325  0.00290     -0.0152  0.00680  mV',
      'exc-to-exc           90   0.00664  0.00338  -0.0000406   0.0133  mV',
      '',
      'wall time  build  update   wait  exchange  deliver  record  simulate  total  real-time factor',
      's          0.031   0.620  0.001     0.011    0.044   0.013     0.710  0.930            0.0710',
      '',
      `digest  ${seedResults().digest}`,
      '',
    ]);
  });

  it('marks an incomplete run', () => {
    const text = summaryOf(
      seedResults({ complete: false, simulatedTime: 4200.5, requestedTime: 10_000, threads: 4 }),
    );
    expect(text).toContain(
      '4.2005 s simulated, seed 1, 4 threads\nIncomplete run: 4.2005 s of 10 s',
    );
  });

  it('says why a run failed, which has no digest', () => {
    const { digest: _, ...failed } = seedResults({ complete: false, failure: 'it broke' });
    const text = summaryOf({ ...failed, requestedTime: 20_000 });
    expect(text).toContain(
      'Incomplete run: 10 s of 20 s simulated\nThe run failed: it broke. Records',
    );
    expect(text).not.toContain('digest  ');
  });

  it('leaves out what there is not', () => {
    const text = summaryOf(seedResults({ weights: [], populations: [], wallTimes: {} }));
    expect(text).not.toMatch(/population|weight change|undefined|NaN|real-time/);
  });
});
