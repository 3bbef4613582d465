/**
 * The oracle: runs an explicit network one step at a time, as literally as the models are stated.
 * Slow on purpose and independent of `src`, so that it can vouch for the engine.
 *
 * The phases of step n:
 *   1. every node takes what arrived for step n and advances; its spikes are stamped n;
 *   2. every source, in id order, sends over its connections, in creation order, what it emitted in
 *      step n: it arrives in step n + delay. Because step follows step, whatever meets at a node is
 *      thereby added in the order (sending step, source id, creation order).
 */
import { createAeifPscDeltaClopath } from './aeif-psc-delta-clopath.js';
import type { PlasticSynapse } from './clopath-synapse.js';
import { createClopathSynapse } from './clopath-synapse.js';
import {
  createDcGenerator,
  createParrotNeuron,
  createSpikeGenerator,
  createStepCurrentGenerator,
} from './devices.js';
import { createHhPscAlphaClopath } from './hh-psc-alpha-clopath.js';
import { createIafPscAlpha, createIafPscDelta, createIafPscExp } from './iaf.js';
import type { Arrivals, Emission, Generator, SpikingNode } from './node.js';
import { nothingArrived } from './node.js';
import type {
  FinalWeight,
  Outcome,
  Parameters,
  Recording,
  Scenario,
  ScenarioConnection,
  ScenarioNode,
} from './scenario.js';
import { gridSteps } from './scenario.js';
import { createStdpSynapse } from './stdp-synapse.js';

const SPIKING_MODELS: Record<string, (given: Parameters, h: number) => SpikingNode> = {
  aeif_psc_delta_clopath: createAeifPscDeltaClopath,
  hh_psc_alpha_clopath: createHhPscAlphaClopath,
  iaf_psc_delta: createIafPscDelta,
  iaf_psc_exp: createIafPscExp,
  iaf_psc_alpha: createIafPscAlpha,
  parrot_neuron: createParrotNeuron,
};

const GENERATOR_MODELS: Record<string, (given: Parameters, h: number) => Generator> = {
  spike_generator: createSpikeGenerator,
  dc_generator: createDcGenerator,
  step_current_generator: createStepCurrentGenerator,
};

interface Node {
  readonly id: number;
  readonly spiking?: SpikingNode;
  readonly generator?: Generator;
  readonly outgoing: Connection[];
}

interface Connection {
  readonly source: number;
  readonly target: Node;
  readonly delaySteps: number;
  readonly weight: number;
  readonly plastic?: PlasticSynapse;
  readonly recorded: boolean;
}

type WeightEvent = readonly [step: number, source: number, target: number, weight: number];

/** What a node sends over its connections in one step. */
interface Output {
  readonly node: Node;
  readonly spikes: readonly Emission[];
  /** In pA. */
  readonly current: number;
}

/** What has been sent and not been taken up: by the step for which it arrives, then by target. */
type Post = Map<number, Map<Node, Arrivals>>;

const NOTHING_ARRIVED: Readonly<Arrivals> = Object.freeze(nothingArrived());

interface Log {
  readonly spikes: { sender: number[]; step: number[] };
  readonly weightEvents: WeightEvent[];
  readonly traces: Record<string, Record<string, number[]>>;
}

/** Runs the scenario; every key of the outcome is present, empty where nothing was recorded. */
export function simulate(scenario: Scenario): Required<Outcome> {
  const h = scenario.resolution;
  const nodes = scenario.nodes.map((node) => createNode(node, h));
  const connections = scenario.connections.map((c) => createConnection(c, scenario, nodes));
  connections.forEach((connection) => {
    nodes[connection.source - 1]!.outgoing.push(connection);
  });

  const log: Log = { spikes: { sender: [], step: [] }, weightEvents: [], traces: {} };
  const post: Post = new Map();
  const lastStep = totalSteps(scenario);
  for (let step = 1; step <= lastStep; step++) {
    const arrived = post.get(step);
    post.delete(step);
    const outputs: Output[] = [];
    for (const node of nodes) {
      const output = advanceNode(node, step, arrived?.get(node) ?? NOTHING_ARRIVED, log);
      if (output.spikes.length > 0 || output.current !== 0) outputs.push(output);
    }
    for (const output of outputs) send(output, step, post, log);
    if (scenario.record !== undefined) recordTraces(scenario.record, h, step, nodes, log);
  }
  return {
    spikes: log.spikes,
    weight_events: eventColumns(log.weightEvents),
    traces: log.traces,
    final_weights: connections.flatMap((c, index): FinalWeight[] =>
      c.plastic === undefined ? [] : [[index, [c.plastic.weight()]]],
    ),
  };
}

function createNode({ id, model, params = {} }: ScenarioNode, h: number): Node {
  const common = { id, outgoing: [] };
  const spiking = SPIKING_MODELS[model];
  if (spiking !== undefined) return { ...common, spiking: spiking(params, h) };
  const generator = GENERATOR_MODELS[model];
  if (generator !== undefined) return { ...common, generator: generator(params, h) };
  throw new Error(`oracle: no node model '${model}'`);
}

function createConnection(
  c: ScenarioConnection,
  scenario: Scenario,
  nodes: readonly Node[],
): Connection {
  const h = scenario.resolution;
  const derived = scenario.synapse_models?.[c.model];
  const base = derived?.base ?? c.model;
  const parameters = { ...derived?.params, ...c.params };
  const target = nodes[c.target - 1]!;
  if (target.spiking === undefined) throw new Error(`oracle: node ${c.target} takes no input`);
  const delaySteps = gridSteps(c.delay, h);
  if (delaySteps < 1) throw new Error(`oracle: delay ${c.delay} ms is less than one step`);
  const common = { source: c.source, target, delaySteps, weight: c.weight };
  const recorded = derived?.weight_recorder ?? false;

  if (base === 'static_synapse') return { ...common, recorded: false };
  if (nodes[c.source - 1]!.generator !== undefined) {
    throw new Error('oracle: only static connections leave a device');
  }
  if (base === 'clopath_synapse') {
    const archive = target.spiking.clopathArchive;
    if (archive === undefined) throw new Error(`oracle: node ${c.target} is no Clopath neuron`);
    const plastic = createClopathSynapse(c.weight, parameters, delaySteps, h, archive);
    return { ...common, plastic, recorded };
  }
  if (base === 'stdp_synapse') {
    const archive = target.spiking.spikeArchive;
    const plastic = createStdpSynapse(c.weight, parameters, delaySteps, h, archive);
    return { ...common, plastic, recorded };
  }
  throw new Error(`oracle: no synapse model '${base}'`);
}

function totalSteps(scenario: Scenario): number {
  const h = scenario.resolution;
  const parts = scenario.simulate_parts ?? [scenario.simulate];
  const total = parts.reduce((sum, part) => sum + gridSteps(part, h), 0);
  if (total !== gridSteps(scenario.simulate, h)) {
    throw new Error('oracle: simulate_parts do not add up to simulate');
  }
  return total;
}

/** Phase 1 for one node. */
function advanceNode(node: Node, step: number, arrivals: Readonly<Arrivals>, log: Log): Output {
  if (node.generator !== undefined) {
    return { node, spikes: node.generator.spikes(step), current: node.generator.current(step) };
  }
  const { advance, spikeArchive } = node.spiking!;
  const multiplicity = advance(step, arrivals);
  for (let i = 0; i < multiplicity; i++) {
    spikeArchive.record(step);
    log.spikes.sender.push(node.id);
    log.spikes.step.push(step);
  }
  return { node, spikes: multiplicity === 0 ? [] : [{ multiplicity, factor: 1 }], current: 0 };
}

/** Phase 2 for one node. */
function send({ node, spikes, current }: Output, step: number, post: Post, log: Log): void {
  for (const connection of node.outgoing) {
    const arrivals = arrivalsAt(post, connection.target, step + connection.delaySteps);
    arrivals.current += connection.weight * current;
    for (const emission of spikes) sendSpikes(connection, step, emission, arrivals, log);
  }
}

function sendSpikes(
  connection: Connection,
  step: number,
  { multiplicity, factor }: Emission,
  arrivals: Arrivals,
  log: Log,
): void {
  if (connection.plastic === undefined) {
    addSpikes(arrivals, connection.weight * factor * multiplicity, multiplicity);
    return;
  }
  for (let i = 0; i < multiplicity; i++) {
    const weight = connection.plastic.transmit(step);
    addSpikes(arrivals, weight, 1);
    if (connection.recorded) {
      log.weightEvents.push([step, connection.source, connection.target.id, weight]);
    }
  }
}

function addSpikes(arrivals: Arrivals, weight: number, count: number): void {
  arrivals.weight += weight;
  if (weight > 0) arrivals.excitatory += weight;
  else arrivals.inhibitory += weight;
  arrivals.spikeCount += count;
}

function arrivalsAt(post: Post, target: Node, step: number): Arrivals {
  const ofStep = post.get(step) ?? new Map<Node, Arrivals>();
  post.set(step, ofStep);
  const arrivals = ofStep.get(target) ?? nothingArrived();
  ofStep.set(target, arrivals);
  return arrivals;
}

function recordTraces(
  record: Recording,
  h: number,
  step: number,
  nodes: readonly Node[],
  log: Log,
): void {
  if (step % gridSteps(record.interval, h) !== 0) return;
  for (const id of record.nodes) {
    const spiking = nodes[id - 1]?.spiking;
    if (spiking === undefined) throw new Error(`oracle: node ${id} cannot be recorded`);
    log.traces[id] ??= {};
    const columns = log.traces[id];
    for (const column of ['step', ...record.from]) columns[column] ??= [];
    columns.step!.push(step);
    for (const variable of record.from) columns[variable]!.push(spiking.read(variable));
  }
}

function eventColumns(events: WeightEvent[]): Required<Outcome>['weight_events'] {
  events.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
  return {
    source: events.map((e) => e[1]),
    target: events.map((e) => e[2]),
    step: events.map((e) => e[0]),
    weight: events.map((e) => e[3]),
  };
}
