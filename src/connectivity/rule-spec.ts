/** Connection rules as users give them, checked. Names and meaning are NEST's. */
import {
  BadConnectionError,
  MissingKeyError,
  UnknownKeyError,
  UnknownNameError,
  ValueError,
} from '../errors/index.js';
import type { Ids } from './id-set.js';

interface Multiplicity {
  readonly allow_autapses: boolean;
  readonly allow_multapses: boolean;
}

export type Rule =
  | ({ readonly rule: 'one_to_one' } & Multiplicity)
  | ({ readonly rule: 'all_to_all' } & Multiplicity)
  | ({ readonly rule: 'fixed_indegree'; readonly indegree: number } & Multiplicity)
  | ({ readonly rule: 'fixed_outdegree'; readonly outdegree: number } & Multiplicity)
  | ({ readonly rule: 'fixed_total_number'; readonly N: number } & Multiplicity)
  | ({ readonly rule: 'pairwise_bernoulli'; readonly p: number } & Multiplicity);

export type RuleName = Rule['rule'];

/** The number that each rule needs, if any. */
const RULE_ARGUMENT: Readonly<Record<RuleName, string | undefined>> = {
  one_to_one: undefined,
  all_to_all: undefined,
  fixed_indegree: 'indegree',
  fixed_outdegree: 'outdegree',
  fixed_total_number: 'N',
  pairwise_bernoulli: 'p',
};

export const connectionRules = Object.keys(RULE_ARGUMENT) as readonly RuleName[];

const OF_EVERY_RULE = ['rule', 'allow_autapses', 'allow_multapses'];

/** Keys that one rule or another has. */
export const RULE_KEYS: readonly string[] = OF_EVERY_RULE.concat(
  ...Object.values(RULE_ARGUMENT).map((argument) => argument ?? []),
);

/**
 * Checks a rule's name and arguments. Throws UnknownNameError, UnknownKeyError, MissingKeyError or
 * ValueError.
 */
export function parseRule(given: string | Readonly<Record<string, unknown>>): Rule {
  const spec = typeof given === 'string' ? { rule: given } : given;
  const name = ruleName(spec.rule ?? 'all_to_all');
  for (const key of Object.keys(spec)) checkRuleKey(name, key);
  const argument = RULE_ARGUMENT[name];
  if (argument !== undefined && spec[argument] === undefined) {
    const shape = `{ rule: '${name}', ${argument}: ... }`;
    const known = keysOf(name).join(', ');
    throw new MissingKeyError(whereOf(name), argument, `it, as in ${shape} (known: ${known})`);
  }
  const parsed: Record<string, unknown> = {
    rule: name,
    allow_autapses: flag(spec, 'allow_autapses'),
    allow_multapses: flag(spec, 'allow_multapses'),
  };
  if (argument !== undefined) {
    parsed[argument] = argument === 'p' ? probability(spec.p) : count(argument, spec[argument]);
  }
  return parsed as unknown as Rule;
}

/** Throws UnknownNameError. */
export function ruleName(name: unknown): RuleName {
  if ((connectionRules as readonly unknown[]).includes(name)) return name as RuleName;
  throw new UnknownNameError('connection rule', String(name), connectionRules);
}

/** Throws UnknownKeyError unless the rule has such a key. */
export function checkRuleKey(rule: RuleName, key: string): void {
  const known = keysOf(rule);
  if (!known.includes(key)) throw new UnknownKeyError(whereOf(rule), key, known);
}

function keysOf(rule: RuleName): string[] {
  return OF_EVERY_RULE.concat(RULE_ARGUMENT[rule] ?? []);
}

function whereOf(rule: RuleName): string {
  return `connection rule ${rule}`;
}

function flag(spec: Readonly<Record<string, unknown>>, key: string): boolean {
  const value = spec[key] ?? true;
  if (typeof value !== 'boolean') throw new ValueError(key, value, 'true or false');
  return value;
}

function count(where: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new ValueError(where, value, 'a whole number >= 0');
  }
  return value;
}

function probability(value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    throw new ValueError('p', value, 'a probability in [0, 1]');
  }
  return value;
}

/** Number of nodes that are both source and target. */
function overlap(sources: Ids, targets: Ids): number {
  let common = 0;
  for (const a of sources.ranges) {
    for (const b of targets.ranges) {
      const first = Math.max(a.first, b.first);
      const end = Math.min(a.first + a.count, b.first + b.count);
      common += Math.max(0, end - first);
    }
  }
  return common;
}

/**
 * Number of connections that a rule makes, expected for pairwise_bernoulli, at most for one_to_one. Throws
 * BadConnectionError if the populations are too small for it.
 */
export function connectionCount(rule: Rule, sources: Ids, targets: Ids): number {
  const S = sources.length;
  const T = targets.length;
  if (rule.rule === 'one_to_one') {
    if (S !== T) {
      throw new BadConnectionError(
        `one_to_one needs equally many sources and targets; given ${S} and ${T}`,
      );
    }
    return S;
  }
  // Not for one_to_one, whose explicit lists have as many ranges as nodes.
  const selves = rule.allow_autapses ? 0 : overlap(sources, targets);
  switch (rule.rule) {
    case 'all_to_all':
      return S * T - selves;
    case 'fixed_indegree':
      checkDegree('indegree', rule.indegree, S, selves, rule.allow_multapses);
      return rule.indegree * T;
    case 'fixed_outdegree':
      checkDegree('outdegree', rule.outdegree, T, selves, rule.allow_multapses);
      return rule.outdegree * S;
    case 'fixed_total_number': {
      const pairs = S * T - selves;
      if (rule.N > 0 && (pairs === 0 || (!rule.allow_multapses && rule.N > pairs))) {
        throw new BadConnectionError(
          `fixed_total_number N is ${rule.N}, but only ${pairs} different connections are possible`,
        );
      }
      return rule.N;
    }
    case 'pairwise_bernoulli':
      return (S * T - selves) * rule.p;
  }
}

function checkDegree(
  name: string,
  degree: number,
  candidates: number,
  selves: number,
  multapses: boolean,
): void {
  const most = selves > 0 ? candidates - 1 : candidates;
  if (degree > 0 && (most === 0 || (!multapses && degree > most))) {
    throw new BadConnectionError(
      `${name} is ${degree}, but a node can have at most ${most} different partners`,
    );
  }
}
