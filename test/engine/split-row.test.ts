import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/connectivity/rule-spec.js';
import { Cycle } from '../../src/engine/cycle.js';
import type { Engine } from '../../src/engine/engine.js';
import { EngineReader } from '../../src/engine/reader.js';
import { ROW_BYTES } from '../../src/engine/row.js';
import { uniform } from '../../src/random/distribution.js';
import { ownStream } from '../../src/random/index.js';
import { AEIF, advance, connectCall, makeEngine, neurons } from './in-process.js';

const SOURCES = 3;
const TARGETS = 120;
const FIRST_TARGET = 2 + SOURCES;
const LAST = 1 + SOURCES + TARGETS;
const PLAN = { nodes: LAST, sliceSteps: 10, maxDelaySteps: 10, plasticDelaySteps: 10 };
const EITHER = { allow_autapses: true, allow_multapses: true };

/** Rows of consecutive targets, and rows with lists. */
const RULES: Readonly<Record<string, Rule>> = {
  all_to_all: { rule: 'all_to_all', ...EITHER },
  fixed_indegree: { rule: 'fixed_indegree', indegree: 2, ...EITHER, allow_multapses: false },
};

/** Plastic synapses whose sources have fired, onto neurons that fire. */
function network(rule: Rule) {
  const engine = makeEngine();
  const times = Int32Array.from({ length: 8 }, (_, i) => 30 * (i + 1));
  const ones = { factors: new Float64Array(8).fill(1), multiplicities: new Int32Array(8).fill(1) };
  const active = { after: 0, until: 1000 };
  engine.createDevices(1, [{ model: 'spike_generator', steps: times, ...ones, active }]);
  engine.createNeurons(neurons('parrot_neuron', 2, SOURCES));
  engine.createNeurons(neurons(AEIF, FIRST_TARGET, TARGETS, { I_e: 1500 }));
  const sources = [{ first: 2, count: SOURCES }];
  const targets = [{ first: FIRST_TARGET, count: TARGETS }];
  const generator = [{ first: 1, count: 1 }];
  connect(engine, { rule: RULES.all_to_all!, sources: generator, targets: sources });
  const weight = uniform(1, 20);
  connect(engine, { call: 1, rule, sources, targets, model: 'clopath_synapse', weight });
  const cycle = new Cycle([engine.phases], () => 0);
  advance(engine, 150, PLAN, cycle);
  return { engine, reader: new EngineReader(engine), cycle };
}

function connect(engine: Engine, call: Parameters<typeof connectCall>[0]): void {
  engine.stageConnections(connectCall(call));
  engine.commitConnections();
}

/** The numbers below `count`, shuffled. */
function shuffled(count: number): number[] {
  const draw = ownStream(3, 'shuffle');
  return Array.from({ length: count }, (_, i) => [draw(), i] as const)
    .sort(([a], [b]) => a - b)
    .map(([, i]) => i);
}

const PLASTIC = { synapse: 'clopath_synapse', lastCall: 9 };

describe.each(Object.entries(RULES))('rows of %s', (_, rule) => {
  test('split synapse by synapse are what they are when split at once', () => {
    const [once, singly] = [network(rule), network(rule)];
    const before = once.reader.getConnections(PLASTIC);
    const Wmax = Float64Array.from(before.weight, (_, c) => 15 + (c % 7) + c / 1000);
    once.reader.setConnections(PLASTIC, { Wmax });
    for (const c of shuffled(Wmax.length)) {
      const sources = [{ first: before.source[c]!, count: 1 }];
      const targets = [{ first: before.target[c]!, count: 1 }];
      singly.reader.setConnections({ ...PLASTIC, sources, targets }, { Wmax: Wmax[c]! });
    }
    const after = { ...before, parameters: { ...before.parameters, Wmax } };
    for (const { reader, engine, cycle } of [once, singly]) {
      expect(reader.getConnections(PLASTIC)).toEqual(after);
      expect(engine.table.connectionCount).toBe(SOURCES + Wmax.length);
      advance(engine, 150, PLAN, cycle);
    }
    expect(singly.reader.getConnections(PLASTIC)).toEqual(once.reader.getConnections(PLASTIC));
    expect(singly.reader.accumulators()).toEqual(once.reader.accumulators());
    expect(once.reader.getConnections(PLASTIC).weight).not.toEqual(before.weight);
  });

  test('take no more than their lists and what rows take, however often they are split', () => {
    const { engine, reader } = network(rule);
    const before = engine.segment.usedBytes;
    const { source, target } = reader.getConnections(PLASTIC);
    for (const c of shuffled(source.length)) {
      const sources = [{ first: source[c]!, count: 1 }];
      const targets = [{ first: target[c]!, count: 1 }];
      reader.setConnections({ ...PLASTIC, sources, targets }, { Wmax: 50 + c });
    }
    // The table of rows may have room for twice as many, and each list fills a block.
    const lists = 8 * source.length + SOURCES * 2 * 64;
    const rows = 2 * ROW_BYTES * (source.length + 2 * SOURCES + 16);
    expect(engine.segment.usedBytes - before).toBeLessThanOrEqual(lists + rows);
  });

  test('need no lists for parts of consecutive synapses', () => {
    const { engine, reader } = network(rule);
    const before = engine.segment.usedBytes;
    const targets = [{ first: FIRST_TARGET, count: 40 }];
    reader.setConnections({ ...PLASTIC, targets }, { Wmax: 50 });
    const rows = 2 * ROW_BYTES * (2 * SOURCES + 16);
    expect(engine.segment.usedBytes - before).toBeLessThanOrEqual(rows);
  });
});
