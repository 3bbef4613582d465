import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  div,
  exponential,
  lognormal,
  max,
  min,
  mul,
  normal,
  type Parameter,
  uniform,
} from '../../src/random/distribution.js';
import { Sampler } from '../../src/random/sampler.js';
import { support } from '../../src/random/support.js';
import { distributions } from './arbitrary.js';

const INFINITE = Number.POSITIVE_INFINITY;

test.each<[Parameter, number, number]>([
  [3, 3, 3],
  [uniform(-1, 2), -1, 2],
  [normal(5, 1), -INFINITE, INFINITE],
  [normal(5, 0), 5, 5],
  [lognormal(), 0, INFINITE],
  [exponential(2), 0, INFINITE],
  [uniform(1, 2).add(uniform(10, 20)), 11, 22],
  [uniform(1, 2).sub(uniform(10, 20)), -19, -8],
  [uniform(-1, 2).mul(uniform(-10, 20)), -20, 40],
  [uniform(1, 2).neg(), -2, -1],
  [exponential().mul(0), 0, 0],
  [exponential().mul(-2).add(1), -INFINITE, 1],
  [exponential().mul(normal()), -INFINITE, INFINITE],
  [div(1, uniform(2, 4)), 0.25, 0.5],
  [uniform(-1, 2).div(uniform(2, 4)), -0.5, 1],
  [uniform(1, 2).div(uniform(0, 4)), 0.25, INFINITE],
  [uniform(1, 2).div(uniform(-4, 0)), -INFINITE, -0.25],
  [uniform(-1, 2).div(uniform(0, 4)), -INFINITE, INFINITE],
  [uniform(1, 2).div(uniform(-1, 1)), -INFINITE, INFINITE],
  [uniform(1, 2).div(exponential()), 0, INFINITE],
  [exponential().div(exponential()), 0, INFINITE],
  [min(exponential(), 5), 0, 5],
  [max(normal(), uniform(0, 1)), 0, INFINITE],
  [normal(0, 1).redraw(-2, 3), -2, 3],
  [exponential().redraw(-2, 3), 0, 3],
  [normal(0, 1).redraw(1, INFINITE), 1, INFINITE],
  [mul(2, normal().redraw(0, 1)).redraw(1.5, 7), 1.5, 2],
])('support of %j', (parameter, lowest, highest) => {
  expect(support(parameter)).toEqual([lowest, highest]);
});

test('holds every draw', () => {
  fc.assert(
    fc.property(distributions, fc.nat(), (distribution, entity) => {
      const sampler = new Sampler(distribution, { k0: 1, k1: 2 });
      const [lowest, highest] = support(distribution);
      for (let i = 0; i < 20; i++) {
        const value = sampler.sample(entity, i, 0);
        expect(value).toBeGreaterThanOrEqual(lowest);
        expect(value).toBeLessThanOrEqual(highest);
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});
