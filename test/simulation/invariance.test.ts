/**
 * Reproducibility: what a network gives is the same bits for any number of threads and virtual
 * processes, any length of slices, any cut into Simulate calls, and beside other simulations in the process.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptThreads } from './kept-threads.js';
import { networkPlan } from './network-plan.js';
import { type Observation, runPlan, type Variant } from './run-plan.js';

const kept = keptThreads();

const REFERENCE: Variant = { threads: 1, processes: 1, forced: false, cut: false };
const VARIANTS: readonly Variant[] = [
  { threads: 1, processes: 3, forced: true, cut: true },
  { threads: 2, processes: 4, forced: true, cut: false },
  { threads: 3, processes: 3, forced: false, cut: true },
  { threads: 4, processes: 4, forced: true, cut: true },
  { threads: 7, processes: 7, forced: false, cut: false },
];
const NETWORKS = 10;

/** Part by part, so that a failure shows the first part that differs. */
function expectSame(actual: Observation, expected: Observation, variant: Variant): void {
  for (const [part, value] of Object.entries(expected)) {
    expect(actual[part], `${part} with ${JSON.stringify(variant)}`).toEqual(value);
  }
}

test('random networks give the same bits however they are run', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(networkPlan, async (plan) => {
      const expected = await runPlan(plan, REFERENCE);
      for (const variant of VARIANTS) {
        expectSame(await runPlan(plan, variant, kept), expected, variant);
      }
    }),
    // Shrinking takes minutes: set endOnFailure to false for a smaller example.
    { seed: 20100301, numRuns: NETWORKS, endOnFailure: true },
  );
});

test('two simulations at a time do not touch each other', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(networkPlan, networkPlan, async (one, two) => {
      const alone = [await runPlan(one, REFERENCE), await runPlan(two, REFERENCE)];
      const variants: Variant[] = [
        { threads: 2, processes: 2, forced: false, cut: true },
        { threads: 1, processes: 2, forced: true, cut: true },
      ];
      const together = await Promise.all([runPlan(one, variants[0]!), runPlan(two, variants[1]!)]);
      for (const i of [0, 1]) expectSame(together[i]!, alone[i]!, variants[i]!);
    }),
    { seed: 20100302, numRuns: 3, endOnFailure: true },
  );
});
