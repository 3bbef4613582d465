import { describe, expect, test } from 'vitest';
import { DegreeDraws } from '../../src/connectivity/degree-draws.js';
import { Draws, streamKey } from '../../src/random/index.js';
import { chiSquare } from '../statistics.js';

function draws(degree: number, population: number, multapses: boolean, call = 0): DegreeDraws {
  return new DegreeDraws(
    new Draws(streamKey(1, 'connection rule')),
    call,
    degree,
    population,
    multapses,
  );
}

/** A node's partners, from an object that draws for that node alone. */
function partners(node: number, degree: number, population: number, multapses: boolean): number[] {
  const own = draws(degree, population, multapses);
  own.draw(node, -1);
  return [...own.partners];
}

// Few of many, more than half, and all of them.
describe.each([3, 13, 20])('%i of 20', (degree) => {
  test.each([true, false])('multapses %s: the order of nodes does not matter', (multapses) => {
    const all = draws(degree, 20, multapses);
    for (const node of [5, 2, 9, 0, 2]) {
      all.draw(node, -1);
      expect([...all.partners]).toEqual(partners(node, degree, 20, multapses));
    }
  });

  test('without multapses no partner repeats', () => {
    const all = draws(degree, 20, false);
    for (let node = 0; node < 50; node++) {
      all.draw(node, -1);
      expect(new Set(all.partners).size).toBe(degree);
      expect(Math.max(...all.partners)).toBeLessThan(20);
    }
  });
});

test.each([
  [4, true],
  [4, false],
  [12, false],
  [19, false],
])('%i of 20, multapses %s: the excluded one is not drawn', (degree, multapses) => {
  const all = draws(degree, 20, multapses);
  for (let node = 0; node < 20; node++) {
    all.draw(node, node);
    expect(all.partners).not.toContain(node);
  }
});

// Two p-values, for the two ways of drawing, each against half of an error rate of 1e-3.
test.each([2, 4])('every subset of %i out of 6 is equally probable', (degree) => {
  const counts = new Map<string, number>();
  const nodes = 15_000;
  const all = draws(degree, 6, false);
  for (let node = 0; node < nodes; node++) {
    all.draw(node, -1);
    const subset = all.partners.toSorted().join();
    counts.set(subset, (counts.get(subset) ?? 0) + 1);
  }
  expect(counts.size).toBe(15);
  const expected = new Array<number>(15).fill(nodes / 15);
  expect(chiSquare([...counts.values()], expected).p).toBeGreaterThan(1e-3 / 2);
});
