/** Arrays of values go to connections in the shapes that NEST gives them. */
import { describe, expect, test } from 'vitest';
import { elementCount, elementIndex } from '../../src/connectivity/connect-call.js';
import { parseRule } from '../../src/connectivity/rule-spec.js';
import { connectionsOf, range } from './partitions.js';

const sources = range(1, 4);
const targets = range(11, 3);

function places(spec: Parameters<typeof parseRule>[0], from = sources) {
  const rule = parseRule(spec);
  return connectionsOf(spec, from, targets).map((c) => ({
    ...c,
    place: elementIndex(rule, from.length, c.a, c.b),
  }));
}

test('all_to_all: a row per target, a column per source', () => {
  for (const { source, target, place } of places('all_to_all')) {
    expect(place).toBe((target - 11) * 4 + source - 1);
  }
  expect(elementCount(parseRule('all_to_all'), 4, 3)).toBe(12);
});

test('without autapses the shape stays, the places on the diagonal are not used', () => {
  const spec = { rule: 'all_to_all', allow_autapses: false };
  const made = connectionsOf(spec, range(1, 3), range(1, 3));
  const used = made.map(({ a, b }) => elementIndex(parseRule(spec), 3, a, b));
  expect(used.toSorted((x, y) => x - y)).toEqual([1, 2, 3, 5, 6, 7]);
});

describe.each([
  ['fixed_indegree', { rule: 'fixed_indegree', indegree: 2 }, 'target', 11, 2, 6],
  ['fixed_outdegree', { rule: 'fixed_outdegree', outdegree: 5 }, 'source', 1, 5, 20],
] as const)('%s', (_, spec, end, first, degree, count) => {
  test(`a row per ${end}, a column per connection of it`, () => {
    const made = places(spec);
    expect(made.map(({ place }) => place)).toEqual(Array.from({ length: count }, (__, i) => i));
    for (const { place, ...c } of made) expect(Math.floor(place / degree)).toBe(c[end] - first);
    expect(elementCount(parseRule(spec), 4, 3)).toBe(count);
  });
});

test.each([
  ['one_to_one', 3],
  [{ rule: 'fixed_total_number', N: 7 }, 7],
] as const)('%o: one value per connection', (spec, count) => {
  const made = places(spec, spec === 'one_to_one' ? range(1, 3) : sources);
  expect(made.map(({ place }) => place)).toEqual(Array.from({ length: count }, (_, i) => i));
  expect(elementCount(parseRule(spec), 3, 3)).toBe(count);
});

test('pairwise_bernoulli takes no arrays', () => {
  expect(elementCount(parseRule({ rule: 'pairwise_bernoulli', p: 0.5 }), 4, 3)).toBeUndefined();
});
