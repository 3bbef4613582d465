/** Expected synapses, rows and bytes of connect calls against what engines make of them. */
import { describe, expect, test } from 'vitest';
import type { ConnectCall } from '../../src/connectivity/connect-call.js';
import { parseRule } from '../../src/connectivity/rule-spec.js';
import { callFootprint } from '../../src/engine/call-footprint.js';
import type { Engine } from '../../src/engine/engine.js';
import { ROW_BYTES } from '../../src/engine/row.js';
import { normal, uniform } from '../../src/random/distribution.js';
import { AEIF, connectCall, makeEngine, neurons } from './in-process.js';

/** Two populations. */
const SIZES = [400, 150];
const BLOCKS = [
  { first: 1, count: 400 },
  { first: 401, count: 150 },
];
const ALL = [{ first: 1, count: 550 }];
const RESOLUTION = 0.1;

function connect(engine: Engine, call: ConnectCall): void {
  engine.stageConnections(call);
  engine.commitConnections();
  engine.table.sortRows(550);
}

function standing({ table, segment }: Engine) {
  return { synapses: table.connectionCount, rows: table.rowCount, bytes: segment.usedBytes };
}

/** Mean over all virtual processes of what a call adds to them. */
function made(call: ConnectCall, processes: number) {
  let [synapses, rows, bytes] = [0, 0, 0];
  for (let rank = 0; rank < processes; rank++) {
    const engine = makeEngine({ rank, processes });
    let firstId = 1;
    for (const size of SIZES) {
      engine.createNeurons(neurons(AEIF, firstId, size));
      firstId += size;
    }
    // What there is once: archives, kernels.
    const first = { ...call, rule: parseRule('all_to_all'), sources: [{ first: 1, count: 1 }] };
    connect(engine, { ...first, targets: ALL });
    const before = standing(engine);
    connect(engine, call);
    const after = standing(engine);
    synapses += (after.synapses - before.synapses) / processes;
    rows += (after.rows - before.rows) / processes;
    bytes += (after.bytes - before.bytes) / processes;
  }
  return { synapses, rows, bytes };
}

const RULES = [
  'all_to_all',
  'one_to_one',
  { rule: 'all_to_all', allow_autapses: false },
  { rule: 'fixed_indegree', indegree: 30 },
  { rule: 'fixed_indegree', indegree: 3, allow_multapses: false },
  { rule: 'fixed_outdegree', outdegree: 20 },
  { rule: 'fixed_outdegree', outdegree: 4, allow_multapses: false, allow_autapses: false },
  { rule: 'fixed_total_number', N: 3000 },
  { rule: 'pairwise_bernoulli', p: 0.02 },
];
const SYNAPSES = [
  { model: 'static_synapse', weight: 1, delay: 15 },
  { model: 'clopath_synapse', weight: uniform(0.5, 2), delay: 15 },
  { model: 'static_synapse', weight: uniform(0.5, 2), delay: uniform(1, 2) },
  { model: 'stdp_synapse', weight: 1, delay: normal(2, 0.2) },
  { model: 'static_synapse', weight: 1, delay: normal(2, 8) },
];

describe.each(RULES.map((rule) => [JSON.stringify(rule), rule] as const))('%s', (_name, spec) => {
  test.each(SYNAPSES.map((syn) => [JSON.stringify(syn), syn] as const))('%s', (_syn, syn) => {
    const call = connectCall({ rule: parseRule(spec), sources: ALL, targets: ALL, ...syn });
    for (const processes of [1, 3]) {
      const found = made(call, processes);
      const expected = callFootprint(call, BLOCKS, processes, RESOLUTION);
      const bytes = expected.segment + expected.rows * ROW_BYTES;
      expect(expected.connections / found.synapses).toBeGreaterThan(0.97);
      expect(expected.connections / found.synapses).toBeLessThan(1.03);
      expect(expected.rows / found.rows).toBeGreaterThan(0.95);
      expect(expected.rows / found.rows).toBeLessThan(1.05);
      expect(bytes / found.bytes).toBeGreaterThan(0.95);
      expect(bytes / found.bytes).toBeLessThan(1.05);
    }
  });
});

test('lists of pairs are counted, not expected', () => {
  const sources = Uint32Array.of(1, 1, 1, 2, 5, 5);
  const targets = Uint32Array.of(4, 5, 6, 4, 2, 2);
  const call = connectCall({ rule: parseRule('one_to_one'), sources, targets });
  const { rows } = made(call, 1);
  expect(callFootprint(call, BLOCKS, 1, RESOLUTION).rows).toBe(rows);
});
