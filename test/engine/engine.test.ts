/** The engine without worker threads: what the parallel layer builds on. */
import { describe, expect, test } from 'vitest';
import type { ConnectCall } from '../../src/connectivity/connect-call.js';
import { type CreateNodes, Engine } from '../../src/engine/engine.js';
import { Partition } from '../../src/engine/partition.js';
import { EngineReader } from '../../src/engine/reader.js';
import { SoloExchange } from '../../src/engine/spike-exchange.js';
import { NumericalInstabilityError } from '../../src/errors/index.js';
import { nodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';
import { advance } from './in-process.js';

const AEIF = 'aeif_psc_delta_clopath';
const ALWAYS = { after: 0, until: 2 ** 31 };

function engine() {
  const made = new Engine({
    partition: new Partition(0, 1),
    resolution: 0.1,
    seed: 1,
    exchange: new SoloExchange(),
  });
  return { engine: made, reader: new EngineReader(made) };
}

function neurons(
  model: string,
  firstId: number,
  size: number,
  given: Record<string, number> = {},
): CreateNodes {
  const { parameters, state } = nodeModels.get(model) as NeuronModel;
  const defaults = (specs: typeof parameters) =>
    Object.fromEntries(Object.entries(specs).map(([k, v]) => [k, given[k] ?? v.default]));
  return { model, firstId, size, parameters: defaults(parameters), state: defaults(state) };
}

function call(number: number, source: number, target: number, weight = 1, delay = 10): ConnectCall {
  return {
    call: number,
    rule: { rule: 'one_to_one', allow_autapses: true, allow_multapses: true },
    sources: [{ first: source, count: 1 }],
    targets: [{ first: target, count: 1 }],
    synapse: {
      ...{ name: 'static_synapse', model: 'static_synapse', weight, delay, parameters: {} },
      recorder: 0,
    },
  };
}

/** Generator 1 fires in the given steps onto parrot 2, which recorder 3 listens to. */
function chain(steps: number[], delay = 10) {
  const all = engine();
  const ones = steps.map(() => 1);
  all.engine.createDevices(1, [
    {
      model: 'spike_generator',
      steps: Int32Array.from(steps),
      factors: Float64Array.from(ones),
      multiplicities: Int32Array.from(ones),
      active: ALWAYS,
    },
  ]);
  all.engine.createNeurons(neurons('parrot_neuron', 2, 1));
  all.engine.createDevices(3, [{ model: 'spike_recorder', active: ALWAYS }]);
  expect(all.engine.stageConnections(call(0, 1, 2, 1, delay))).toEqual({
    delays: { min: delay, max: delay },
  });
  all.engine.commitConnections();
  all.engine.recordSpikes(3, [{ first: 2, count: 1 }], 0);
  return all;
}

describe('a spike', () => {
  test.each([1, 3, 10])('takes its delay, in slices of %i steps', (sliceSteps) => {
    const { engine: made, reader } = chain([1, 5, 33]);
    const plan = { nodes: 3, sliceSteps, maxDelaySteps: 10, plasticDelaySteps: 10 };
    expect(advance(made, 50, plan)).toBe(50);
    expect(reader.readRecord(3)).toEqual({
      senders: Uint32Array.of(2, 2, 2),
      steps: Uint32Array.of(11, 15, 43),
    });
  });

  test('is not lost between two runs, whatever their lengths', () => {
    const { engine: made, reader } = chain([1, 5, 33]);
    const plan = { nodes: 3, sliceSteps: 10, maxDelaySteps: 10, plasticDelaySteps: 10 };
    for (const steps of [1, 3, 7, 25, 14]) advance(made, steps, plan);
    expect(made.now).toBe(50);
    expect(Array.from(reader.readRecord(3).steps)).toEqual([11, 15, 43]);
    expect(reader.status()).toMatchObject({ connections: 1, spikes: 3, synapticEvents: 3 });
  });

  test('survives a longer delay and more nodes in between', () => {
    const { engine: made, reader } = chain([5, 33]);
    advance(made, 12, { nodes: 3, sliceSteps: 10, maxDelaySteps: 10, plasticDelaySteps: 10 });
    made.createNeurons(neurons('parrot_neuron', 4, 5));
    made.stageConnections(call(1, 2, 4, 1, 50));
    made.commitConnections();
    advance(made, 100, { nodes: 8, sliceSteps: 10, maxDelaySteps: 50, plasticDelaySteps: 50 });
    expect(Array.from(reader.readRecord(3).steps)).toEqual([15, 43]);
    expect(Array.from(reader.spikeCounts())).toEqual([0, 2, 0, 2, 0, 0, 0, 0]);
  });
});

describe('connections', () => {
  test('that are staged and discarded never were', () => {
    const { engine: made, reader } = chain([1]);
    made.stageConnections(call(1, 1, 2));
    made.discardConnections();
    expect(reader.status().connections).toBe(1);
    expect(() => made.commitConnections()).toThrow('commit without staged connections');
    advance(made, 20, { nodes: 3, sliceSteps: 1, maxDelaySteps: 10, plasticDelaySteps: 10 });
    expect(Array.from(reader.spikeCounts())).toEqual([0, 1, 0]);
  });

  test('onto nodes of other workers are not made here', () => {
    const made = new Engine({
      partition: new Partition(1, 2),
      resolution: 0.1,
      seed: 1,
      exchange: new SoloExchange(),
    });
    made.createNeurons(neurons('parrot_neuron', 1, 4));
    expect(made.stageConnections(call(0, 1, 3))).toEqual({ delays: undefined });
    expect(made.stageConnections(call(0, 1, 4))).toEqual({ delays: { min: 10, max: 10 } });
    made.commitConnections();
    const { source, target } = new EngineReader(made).getConnections({ lastCall: 0 });
    expect([Array.from(source), Array.from(target)]).toEqual([[1], [4]]);
  });
});

describe('state', () => {
  test('is set and read node by node', () => {
    const { engine: made, reader } = engine();
    made.createNeurons(neurons(AEIF, 1, 3, { V_m: -60 }));
    made.setState(0, 'V_m', Uint32Array.of(2, 0), Float64Array.of(-1, -2));
    made.setState(0, 'w', Uint32Array.of(1), 5);
    expect(reader.readState(0, ['V_m', 'w'])).toEqual([
      Float64Array.of(-2, -60, -1),
      Float64Array.of(0, 5, 0),
    ]);
  });

  test('parameters count from the next step', () => {
    const { engine: made, reader } = engine();
    made.createNeurons(neurons(AEIF, 1, 2));
    const plan = { nodes: 2, sliceSteps: 1, maxDelaySteps: 1, plasticDelaySteps: 1 };
    advance(made, 10, plan);
    made.setParameters(0, { I_e: Float64Array.of(0, 500) });
    advance(made, 10, plan);
    const [V_m] = reader.readState(0, ['V_m']);
    expect(V_m[0]).toBeCloseTo(-70.6, 3);
    expect(V_m[1]).toBeGreaterThan(-70);
  });

  test('beyond all bounds is an error that names node and step', () => {
    const { engine: made } = engine();
    made.createNeurons(neurons('parrot_neuron', 1, 4));
    made.createNeurons(neurons(AEIF, 5, 2));
    const plan = { nodes: 6, sliceSteps: 1, maxDelaySteps: 1, plasticDelaySteps: 1 };
    advance(made, 7, plan);
    made.setParameters(1, { I_e: Float64Array.of(0, -1e9) });
    const error = (() => {
      try {
        return advance(made, 5, plan);
      } catch (e) {
        return e;
      }
    })();
    expect(error).toBeInstanceOf(NumericalInstabilityError);
    expect(error).toMatchObject({ model: AEIF, node: 6, step: 8 });
  });
});

test('accumulators tell nodes with different histories apart, and equal ones not', () => {
  const words = (steps: number[]) => {
    const { engine: made, reader } = chain(steps);
    advance(made, 50, { nodes: 3, sliceSteps: 10, maxDelaySteps: 10, plasticDelaySteps: 10 });
    return reader.accumulators();
  };
  expect(words([1, 5])).toEqual(words([1, 5]));
  expect(words([1, 5])).not.toEqual(words([1, 6]));
});

test('memory that connections take is counted', () => {
  const { engine: made, reader } = chain([1]);
  const before = reader.status().segmentBytes;
  made.stageConnections({
    ...call(1, 1, 2),
    rule: { rule: 'fixed_indegree', indegree: 10_000, allow_autapses: true, allow_multapses: true },
  });
  made.commitConnections();
  const bytes = reader.status().segmentBytes - before;
  expect(bytes).toBeGreaterThan(10_000 * 8);
  expect(bytes).toBeLessThan(10_000 * 20);
});
