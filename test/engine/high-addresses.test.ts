/** Addresses of segments have all 32 bits: none may be taken for a signed number. */
import { expect, test } from 'vitest';
import type { IdRange } from '../../src/connectivity/id-set.js';
import type { Rule } from '../../src/connectivity/rule-spec.js';
import type { Engine } from '../../src/engine/engine.js';
import { EngineReader } from '../../src/engine/reader.js';
import { nodeModels, synapseModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';
import { uniform } from '../../src/random/distribution.js';
import { advance, connectCall, makeEngine, neurons } from './in-process.js';

const GIB = 2 ** 30;
const SIZE = 37;
const STEPS = 600;
const FREE = { allow_autapses: true, allow_multapses: true };
const ALL: Rule = { rule: 'all_to_all', ...FREE };
/** Rows with lists. */
const SOME: Rule = { rule: 'fixed_indegree', indegree: 9, ...FREE };

interface Made {
  readonly model: NeuronModel;
  readonly ids: IdRange;
}

/** Two groups of every neuron model, one alike and one in which the neurons differ; two devices before. */
function makeNeurons(engine: Engine): Made[] {
  const active = { after: 0, until: 2 ** 30 };
  // Waits are drawn for the one, counts for the other.
  engine.createDevices(1, [
    { model: 'poisson_generator', meanPerStep: 0.05, active },
    { model: 'poisson_generator', meanPerStep: 1.5, active },
  ]);
  const made: Made[] = [];
  for (const model of nodeModels.values()) {
    if (model.kind !== 'neuron') continue;
    for (const I_e of [600, Float64Array.from({ length: SIZE }, (_, i) => 500 + 20 * i)]) {
      const first = 3 + SIZE * made.length;
      engine.createNeurons(neurons(model.name, first, SIZE, { I_e }));
      made.push({ model, ids: { first, count: SIZE } });
    }
  }
  return made;
}

/** Every synapse model onto all that can have it, as rows of both kinds. */
function connectAll(engine: Engine, made: readonly Made[]): void {
  let call = 0;
  const connect = (from: IdRange, to: IdRange, model: string, rule: Rule, weight = 3): void => {
    const drawn = rule === SOME ? uniform(0.1, 1) : weight;
    const ends = { sources: [from], targets: [to] };
    engine.stageConnections(connectCall({ call, rule, ...ends, model, weight: drawn }));
    engine.commitConnections();
    call += 1;
  };
  const relays = made.find(({ model }) => model.input === 'count')!.ids;
  for (const { model, ids } of made) {
    const counts = model.input === 'count';
    connect({ first: counts ? 1 : 2, count: 1 }, ids, 'static_synapse', ALL);
    if (counts) continue;
    for (const { name, archive } of synapseModels.values()) {
      if (archive === 'clopath' && model.archive !== 'clopath') continue;
      connect(relays, ids, name, ALL, 0.5);
      connect(relays, ids, name, SOME);
    }
  }
}

/** What becomes of everything, `offset` bytes into the segment. */
function outcome(offset: number) {
  const engine = makeEngine({ offset });
  const made = makeNeurons(engine);
  connectAll(engine, made);
  const nodes = 2 + SIZE * made.length;
  const delays = { maxDelaySteps: 10, plasticDelaySteps: 10 };
  advance(engine, STEPS, { nodes, sliceSteps: 10, ...delays });
  const reader = new EngineReader(engine);
  const bytes = engine.segment.heldBytes;
  const silent = made.filter(({ ids }) => {
    const counts = reader.spikeCounts().subarray(ids.first - 1, ids.first - 1 + ids.count);
    return counts.every((count) => count === 0);
  });
  const silentModels = silent.map(({ model }) => model.name);
  return { accumulators: reader.accumulators(), bytes, silentModels };
}

test('everything is the same across 2 GiB and beyond it', () => {
  const { accumulators, bytes, silentModels } = outcome(0);
  expect(silentModels).toEqual([]);
  // The first half below, the second above; then all of it above.
  for (const offset of [2 * GIB - 64 * Math.floor(bytes / 128), 3.5 * GIB]) {
    const high = outcome(offset);
    expect(high.bytes).toBeGreaterThan(2 * GIB);
    expect(high.accumulators).toEqual(accumulators);
  }
});
