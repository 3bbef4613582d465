/**
 * Which connections a rule makes. Each worker enumerates those that end on its own nodes. Random
 * choices are keyed by the connect call and the target (or, where a rule is about sources or
 * totals, the source or running number), so that no choice depends on the partition.
 */
import { assert } from '../errors/index.js';
import { log, log1p } from '../math/index.js';
import { Draws, type Key, KeyedPermutation } from '../random/index.js';
import { DegreeDraws } from './degree-draws.js';
import type { Ids } from './id-set.js';
import type { Rule } from './rule-spec.js';

/** What a worker does with each connection: `a`, `b` name it within the call (see `enumerate`). */
export interface ConnectionSink {
  /** Does this worker own the node? */
  owns(id: number): boolean;
  add(source: number, target: number, a: number, b: number): void;
}

/**
 * Passes each connection of the rule that ends on an owned target to `sink`, with its place in the
 * call: (a, b) is (index of the target, index of the source or running number) for all_to_all,
 * pairwise_bernoulli and fixed_indegree, (index of the source, running number) for
 * fixed_outdegree, and (running number modulo 2^32, rest) otherwise.
 */
export function enumerate(
  rule: Rule,
  sources: Ids,
  targets: Ids,
  call: number,
  key: Key,
  sink: ConnectionSink,
): void {
  switch (rule.rule) {
    case 'one_to_one':
      for (let i = 0; i < sources.length; i++) {
        const source = sources.id(i);
        const target = targets.id(i);
        if (sink.owns(target) && (rule.allow_autapses || source !== target))
          sink.add(source, target, i, 0);
      }
      return;
    case 'all_to_all':
      return allToAll(rule.allow_autapses, sources, targets, sink);
    case 'fixed_indegree':
      return fixedIndegree(rule, sources, targets, call, key, sink);
    case 'fixed_outdegree':
      return fixedOutdegree(rule, sources, targets, call, key, sink);
    case 'fixed_total_number':
      return rule.allow_multapses
        ? totalWithRepeats(rule, sources, targets, call, key, sink)
        : totalWithoutRepeats(rule, sources, targets, call, key, sink);
    case 'pairwise_bernoulli':
      return pairwiseBernoulli(rule, sources, targets, call, key, sink);
  }
}

function allToAll(autapses: boolean, sources: Ids, targets: Ids, sink: ConnectionSink): void {
  const sourceIds = sources.toArray();
  for (let t = 0; t < targets.length; t++) {
    const target = targets.id(t);
    if (!sink.owns(target)) continue;
    for (let s = 0; s < sourceIds.length; s++) {
      if (autapses || sourceIds[s] !== target) sink.add(sourceIds[s], target, t, s);
    }
  }
}

function fixedIndegree(
  rule: Extract<Rule, { rule: 'fixed_indegree' }>,
  sources: Ids,
  targets: Ids,
  call: number,
  key: Key,
  sink: ConnectionSink,
): void {
  const draws = new DegreeDraws(
    new Draws(key),
    call,
    rule.indegree,
    sources.length,
    rule.allow_multapses,
  );
  const sourceIds = sources.toArray();
  for (let t = 0; t < targets.length; t++) {
    const target = targets.id(t);
    if (!sink.owns(target)) continue;
    draws.draw(t, rule.allow_autapses ? -1 : sources.indexOf(target));
    for (let i = 0; i < rule.indegree; i++) sink.add(sourceIds[draws.partners[i]], target, t, i);
  }
}

function fixedOutdegree(
  rule: Extract<Rule, { rule: 'fixed_outdegree' }>,
  sources: Ids,
  targets: Ids,
  call: number,
  key: Key,
  sink: ConnectionSink,
): void {
  const draws = new DegreeDraws(
    new Draws(key),
    call,
    rule.outdegree,
    targets.length,
    rule.allow_multapses,
  );
  const targetIds = targets.toArray();
  for (let s = 0; s < sources.length; s++) {
    const source = sources.id(s);
    draws.draw(s, rule.allow_autapses ? -1 : targets.indexOf(source));
    for (let i = 0; i < rule.outdegree; i++) {
      const target = targetIds[draws.partners[i]];
      if (sink.owns(target)) sink.add(source, target, s, i);
    }
  }
}

function totalWithRepeats(
  rule: Extract<Rule, { rule: 'fixed_total_number' }>,
  sources: Ids,
  targets: Ids,
  call: number,
  key: Key,
  sink: ConnectionSink,
): void {
  const draws = new Draws(key);
  const sourceIds = sources.toArray();
  const targetIds = targets.toArray();
  for (let i = 0; i < rule.N; i++) {
    const low = i >>> 0;
    const high = Math.floor(i / 2 ** 32);
    for (let attempt = 0; ; attempt++) {
      draws.pairAt(call, low, high, attempt);
      const source = sourceIds[Math.floor(draws.first * sourceIds.length)];
      const target = targetIds[Math.floor(draws.second * targetIds.length)];
      if (!rule.allow_autapses && source === target) continue;
      if (sink.owns(target)) sink.add(source, target, low, high);
      break;
    }
  }
}

/** The first N cells of a keyed shuffle of all (source, target) pairs, so that none repeats. */
function totalWithoutRepeats(
  rule: Extract<Rule, { rule: 'fixed_total_number' }>,
  sources: Ids,
  targets: Ids,
  call: number,
  key: Key,
  sink: ConnectionSink,
): void {
  const cells = sources.length * targets.length;
  const shuffle = new KeyedPermutation(key, call, cells);
  let made = 0;
  for (let i = 0; made < rule.N; i++) {
    assert(i < cells, 'fixed_total_number asks for more connections than there are pairs');
    const cell = shuffle.at(i);
    const source = sources.id(Math.floor(cell / targets.length));
    const target = targets.id(cell % targets.length);
    if (!rule.allow_autapses && source === target) continue;
    if (sink.owns(target)) sink.add(source, target, made >>> 0, Math.floor(made / 2 ** 32));
    made += 1;
  }
}

/** Jumps from one connection of a target to the next: the gaps are geometrically distributed. */
function pairwiseBernoulli(
  rule: Extract<Rule, { rule: 'pairwise_bernoulli' }>,
  sources: Ids,
  targets: Ids,
  call: number,
  key: Key,
  sink: ConnectionSink,
): void {
  if (rule.p === 1) return allToAll(rule.allow_autapses, sources, targets, sink);
  if (rule.p === 0) return;
  const draws = new Draws(key);
  const logMiss = log1p(-rule.p);
  for (let t = 0; t < targets.length; t++) {
    const target = targets.id(t);
    if (!sink.owns(target)) continue;
    let s = -1;
    for (let i = 0; ; i++) {
      s += 1 + Math.floor(log(draws.uniformAt(call, t, i, 0)) / logMiss);
      if (s >= sources.length) break;
      const source = sources.id(s);
      if (rule.allow_autapses || source !== target) sink.add(source, target, t, s);
    }
  }
}
