import fc from 'fast-check';
import { test } from 'vitest';
import { networkPlan } from './network-plan.js';
import { runPlan } from './run-plan.js';

test('debug', { timeout: 500_000 }, async () => {
  const plans = fc.sample(networkPlan, { seed: 20100301, numRuns: Number(process.env.N ?? 6) });
  const variants = [
    { threads: 1, forced: true, cut: true },
    { threads: 2, forced: false, cut: false },
    { threads: 3, forced: true, cut: false },
  ];
  for (const [k, plan] of plans.entries()) {
    let t0 = performance.now();
    try {
      const ref = await runPlan(plan, { threads: 1, forced: false, cut: false });
      console.log(
        JSON.stringify({
          neg: JSON.stringify(plan).includes('-0.0001'),
          dub: [plan.params.exc?.delay_u_bars, plan.params.inh?.delay_u_bars],
          acts: plan.phases.map((p) =>
            p.actions.map(
              (a) => a.kind + (a.kind === 'nodes' ? a.population + Object.keys(a.params) : ''),
            ),
          ),
        }),
      );
      const c = ref.counters as number[];
      console.log(
        k,
        'ref',
        Math.round(performance.now() - t0),
        'ms',
        c.join(' '),
        JSON.stringify(plan).length,
      );
      for (const v of variants) {
        t0 = performance.now();
        const got = await runPlan(plan, v);
        const bad = Object.keys(ref).filter((key) => {
          try {
            expect_(got[key], ref[key]);
            return false;
          } catch {
            return true;
          }
        });
        console.log(
          '   ',
          JSON.stringify(v),
          Math.round(performance.now() - t0),
          'ms',
          bad.join(' ') || 'same',
        );
      }
    } catch (e) {
      console.log(k, 'ERROR', String(e).slice(0, 300));
    }
  }
});

import { expect } from 'vitest';

function expect_(a: unknown, b: unknown) {
  expect(a).toEqual(b);
}
