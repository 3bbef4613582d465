/** One `connect` call as it travels to the workers: checked, with names resolved to values. */
import type { Distribution } from '../random/index.js';
import type { IdData } from './id-set.js';
import type { Rule } from './rule-spec.js';

/** A number for all connections, one per connection in the order of `elementIndex`, or a distribution. */
export type ConnectionValues = number | Float64Array | Distribution;

export interface ConnectCall {
  /** Running number of the call, from 0. */
  readonly call: number;
  readonly rule: Rule;
  readonly sources: IdData;
  readonly targets: IdData;
  readonly synapse: {
    /** Name as given: a built-in model or a copy. */
    readonly name: string;
    /** The built-in model behind it. */
    readonly model: string;
    readonly weight: ConnectionValues;
    /** Steps if a number or array, ms if a distribution. */
    readonly delay: ConnectionValues;
    readonly parameters: Readonly<Record<string, ConnectionValues>>;
    /** Node id of the weight recorder, 0 for none. */
    readonly recorder: number;
  };
}

/**
 * Where the value of connection (a, b) of a call stands in an array that a user gave: the shapes
 * are NEST's, (targets, sources) for all_to_all, (targets, indegree), (sources, outdegree), and
 * one value per connection for one_to_one and fixed_total_number.
 */
export function elementIndex(rule: Rule, sourceCount: number, a: number, b: number): number {
  switch (rule.rule) {
    case 'all_to_all':
      return a * sourceCount + b;
    case 'fixed_indegree':
      return a * rule.indegree + b;
    case 'fixed_outdegree':
      return a * rule.outdegree + b;
    default:
      return a + b * 2 ** 32;
  }
}

/** Length that such an array must have, or undefined if the rule cannot take one. */
export function elementCount(
  rule: Rule,
  sourceCount: number,
  targetCount: number,
): number | undefined {
  switch (rule.rule) {
    case 'all_to_all':
      return sourceCount * targetCount;
    case 'fixed_indegree':
      return targetCount * rule.indegree;
    case 'fixed_outdegree':
      return sourceCount * rule.outdegree;
    case 'one_to_one':
      return sourceCount;
    case 'fixed_total_number':
      return rule.N;
    case 'pairwise_bernoulli':
      return undefined;
  }
}
