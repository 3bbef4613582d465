import { describe, expect, test } from 'vitest';
import { IdSet } from '../../src/connectivity/id-set.js';
import { connectionCount, connectionRules, parseRule } from '../../src/connectivity/rule-spec.js';
import {
  BadConnectionError,
  UnknownKeyError,
  UnknownNameError,
  ValueError,
} from '../../src/errors/index.js';
import { connectionsOf, range } from './partitions.js';

describe('parseRule', () => {
  test('autapses and multapses are allowed by default', () => {
    expect(parseRule('one_to_one')).toEqual({
      rule: 'one_to_one',
      allow_autapses: true,
      allow_multapses: true,
    });
    expect(parseRule({ rule: 'fixed_indegree', indegree: 3, allow_multapses: false })).toEqual({
      rule: 'fixed_indegree',
      indegree: 3,
      allow_autapses: true,
      allow_multapses: false,
    });
  });

  test('without a name it is all_to_all', () => {
    expect(parseRule({ allow_autapses: false })).toMatchObject({
      rule: 'all_to_all',
      allow_autapses: false,
    });
  });

  test('knows six rules', () => {
    expect(connectionRules).toHaveLength(6);
  });

  test('an unknown rule is told with the closest', () => {
    expect(() => parseRule('fixed_indegre')).toThrow(UnknownNameError);
    expect(() => parseRule('fixed_indegre')).toThrow("'fixed_indegree'");
  });

  test("another rule's argument is an unknown key", () => {
    const wrong = { rule: 'fixed_indegree', indegree: 1, outdegree: 1 };
    expect(() => parseRule(wrong)).toThrow(UnknownKeyError);
    expect(() => parseRule({ rule: 'all_to_all', p: 0.5 })).toThrow(UnknownKeyError);
  });

  test.each([
    { rule: 'fixed_indegree', indegree: -1 },
    { rule: 'fixed_outdegree', outdegree: 1.5 },
    { rule: 'fixed_outdegree', outdegree: Number.POSITIVE_INFINITY },
    { rule: 'fixed_total_number', N: Number.NaN },
    { rule: 'fixed_total_number', N: '3' },
    { rule: 'pairwise_bernoulli', p: -0.1 },
    { rule: 'pairwise_bernoulli', p: 1.1 },
    { rule: 'pairwise_bernoulli', p: Number.NaN },
    { rule: 'all_to_all', allow_autapses: 1 },
    { rule: 'all_to_all', allow_multapses: 'no' },
  ])('%o is refused', (spec) => {
    expect(() => parseRule(spec)).toThrow(ValueError);
  });

  test.each([
    ['fixed_indegree', 'indegree'],
    ['pairwise_bernoulli', 'p'],
  ])('%s without %s is refused', (rule, key) => {
    const missing = { where: `connection rule ${rule}`, key };
    for (const spec of [rule, { rule }, { rule, [key]: undefined }]) {
      expect(() => parseRule(spec)).toThrow(expect.objectContaining(missing));
    }
  });
});

describe('connectionCount', () => {
  const sources = new IdSet([
    { first: 1, count: 4 },
    { first: 8, count: 6 },
  ]);
  const targets = new IdSet([{ first: 3, count: 7 }]);

  // Exact where the rule is, whatever it draws.
  test.each([
    { rule: 'all_to_all' },
    { rule: 'all_to_all', allow_autapses: false },
    { rule: 'fixed_indegree', indegree: 5 },
    { rule: 'fixed_indegree', indegree: 9, allow_autapses: false, allow_multapses: false },
    { rule: 'fixed_outdegree', outdegree: 6, allow_autapses: false, allow_multapses: false },
    { rule: 'fixed_total_number', N: 66, allow_autapses: false, allow_multapses: false },
    { rule: 'pairwise_bernoulli', p: 1, allow_autapses: false },
  ])('is what %o makes', (spec) => {
    const made = connectionsOf(spec, sources, targets);
    expect(connectionCount(parseRule(spec), sources, targets)).toBe(made.length);
  });

  test('of pairwise_bernoulli is the mean', () => {
    const rule = parseRule({ rule: 'pairwise_bernoulli', p: 0.25 });
    expect(connectionCount(rule, sources, targets)).toBe(17.5);
  });

  test.each([
    [{ rule: 'fixed_indegree', indegree: 11, allow_multapses: false }, 'at most 10'],
    [
      { rule: 'fixed_indegree', indegree: 10, allow_autapses: false, allow_multapses: false },
      'at most 9',
    ],
    [{ rule: 'fixed_outdegree', outdegree: 8, allow_multapses: false }, 'at most 7'],
    [{ rule: 'fixed_total_number', N: 71, allow_multapses: false }, 'only 70'],
    [
      { rule: 'fixed_total_number', N: 67, allow_autapses: false, allow_multapses: false },
      'only 66',
    ],
  ])('%o cannot be met', (spec, message) => {
    const count = () => connectionCount(parseRule(spec), sources, targets);
    expect(count).toThrow(BadConnectionError);
    expect(count).toThrow(message);
  });

  test('multapses of many make up for few partners, but not for none', () => {
    const spec = { rule: 'fixed_indegree', indegree: 50, allow_autapses: false };
    expect(connectionCount(parseRule(spec), range(1, 2), range(1, 2))).toBe(100);
    expect(() => connectionCount(parseRule(spec), range(1, 1), range(1, 1))).toThrow(
      BadConnectionError,
    );
  });

  test('one_to_one needs equally many', () => {
    const count = () => connectionCount(parseRule('one_to_one'), range(1, 2), range(1, 3));
    expect(count).toThrow('given 2 and 3');
  });
});
