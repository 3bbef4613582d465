import fc from 'fast-check';
import { test } from 'vitest';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { outcomeOf, resolveScenario } from '../experiment/from-scenario.js';
import { compareSpikes, compareWeights } from '../oracle/compare.js';
import { simulate } from '../oracle/simulate.js';
import { randomScenario } from './random-scenario.js';

test('debug', { timeout: 500_000 }, async () => {
  for (const style of [
    { A_LTP: [8e-5, 3e-4], overWmax: 1 },
    { A_LTP: [8e-5, 3e-4, 0], overWmax: 2 },
    { A_LTP: [8e-5, 2e-4, -1e-4, -3e-4], overWmax: 1 },
    { A_LTP: [2e-4, -1e-4, 0], overWmax: 2 },
  ]) {
    let n = 0;
    let worst = 0;
    const t0 = performance.now();
    let to = 0;
    let spikes = 0;
    for (const s of fc.sample(randomScenario(style), {
      seed: 20211,
      numRuns: Number(process.env.N ?? 20),
    })) {
      try {
        const t1 = performance.now();
        const e = simulate(s);
        to += performance.now() - t1;
        n += e.weight_events.step.length;
        spikes += e.spikes.step.filter((_, i) => e.spikes.sender[i]! <= 4).length;
        const a = outcomeOf(await runExperiment(resolveScenario(s), { threads: 1 }), s);
        compareSpikes(a.spikes, e.spikes);
        worst = Math.max(worst, compareWeights(a, e, 1e-11));
      } catch (err) {
        console.log('   ', String(err).slice(0, 200));
      }
    }
    console.log(
      JSON.stringify(style),
      'events',
      n,
      'spikes',
      spikes,
      'worst',
      worst,
      'ms',
      Math.round(performance.now() - t0),
      'oracle',
      Math.round(to),
    );
  }
});
