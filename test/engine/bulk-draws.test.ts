/** Draws many at a time: the numbers that connectivity draws one by one. */
import { describe, expect, test } from 'vitest';
import type { ConnectionValues } from '../../src/connectivity/connect-call.js';
import { DegreeDraws } from '../../src/connectivity/degree-draws.js';
import { BulkDraws } from '../../src/engine/bulk-draws.js';
import { normal, uniform } from '../../src/random/distribution.js';
import { Draws, Sampler, streamKey } from '../../src/random/index.js';
import { exactly } from '../kernel/workbench.js';
import { connectCall, makeEngine } from './in-process.js';

const SEED = 77;
const CALL = 3;

describe.each(['wasm', 'javascript'] as const)('in %s', (kernels) => {
  const { segment, kernels: cache } = makeEngine({ kernels });
  const callWith = (population: number, indegree: number, weight: ConnectionValues) =>
    connectCall({
      call: CALL,
      rule: { rule: 'fixed_indegree', indegree, allow_autapses: true, allow_multapses: true },
      sources: [{ first: 1, count: population }],
      targets: [{ first: 1, count: 1 }],
      weight,
    });

  test.each([
    [1000, 20],
    [3, 50],
    [2, 41],
    [7, 1],
    [5, 0],
  ])('partners out of %i, %i for each target', (population, indegree) => {
    const bulk = new BulkDraws(segment, cache, callWith(population, indegree, 1), SEED);
    const random = new Draws(streamKey(SEED, 'connection rule'));
    const single = new DegreeDraws(random, CALL, indegree, population, true);
    for (let target = 0; target < 40; target++) {
      for (const self of [-1, target % population]) {
        single.draw(target, self);
        const partners = bulk.partners(target, indegree, self).subarray(0, indegree);
        expect(Array.from(partners)).toEqual(Array.from(single.partners));
      }
    }
    bulk.release();
  });

  test.each([
    ['uniform', uniform(-2, 5)],
    ['normal', normal(1, 0.3)],
  ])('%s weights', (_, weight) => {
    const bulk = new BulkDraws(segment, cache, callWith(10, 9, weight), SEED);
    const sampler = new Sampler(weight, streamKey(SEED, 'connection weight'));
    expect(bulk.constantWeight).toBeUndefined();
    const ofPartners = bulk.partnerWeights(12, 9).subarray(0, 9);
    const expected = Array.from(ofPartners, (_, i) => sampler.sample(CALL, 12, i));
    expect(exactly(ofPartners)).toEqual(exactly(expected));

    const weights = segment.allocateF64(12, 'test');
    bulk.targetWeights(weights, 2, 7, 30, 3, 8);
    const ofTargets = Array.from({ length: 7 }, (_, i) => sampler.sample(CALL, 30 + 3 * i, 8));
    expect(exactly(weights)).toEqual(exactly([0, 0, ...ofTargets, 0, 0, 0]));
    bulk.release();
  });

  test('a constant weight', () => {
    const bulk = new BulkDraws(segment, cache, callWith(10, 9, 1.5), SEED);
    expect(bulk.constantWeight).toBe(1.5);
    const weights = segment.allocateF64(4, 'test');
    bulk.targetWeights(weights, 1, 2, 0, 1, 0);
    expect(Array.from(weights)).toEqual([0, 1.5, 1.5, 0]);
    bulk.release();
  });

  test('scratch memory is given back', () => {
    const before = segment.usedBytes;
    for (let i = 0; i < 3; i++) {
      const bulk = new BulkDraws(segment, cache, callWith(2, 60, uniform(0, 1)), SEED);
      // Half of all draws are the node itself: the buffer has to grow.
      bulk.partners(5, 60, 1);
      bulk.release();
    }
    expect(segment.usedBytes).toBe(before);
  });
});
