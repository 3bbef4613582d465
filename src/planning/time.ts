/** Expected time of a run, from its network, its rates and what single things cost. */
import { idsFrom } from '../connectivity/id-set.js';
import { type CallFootprint, callFootprint } from '../engine/call-footprint.js';
import { MEAN_FOR_COUNTS } from '../engine/poisson.js';
import { LEAST_TOGETHER } from '../engine/poisson-counts.js';
import { expm1 } from '../math/index.js';
import { synapseModels } from '../models/registry.js';
import type { Costs, NeuronCosts, RowKind } from './costs.js';
import type { PlannedConnection, PlannedNetwork } from './network.js';
import { firstIdOf, firstSource, type Rates, shared, sourceRate } from './rates.js';

export interface TimePlan {
  /** s */
  readonly build: number;
  readonly simulate: number;
  /** Of `simulate`, by phase, in s. */
  readonly update: number;
  readonly exchange: number;
  readonly deliver: number;
  /** Wall time of `simulate` over biological time. */
  readonly realTimeFactor: number;
}

/** What happens in a second of biological time, in all. */
export interface Activity {
  readonly neuronSteps: number;
  readonly spikes: number;
  /** Transmissions over connections, by kind; of generators apart. */
  readonly staticEvents: number;
  readonly plasticEvents: number;
  readonly generatorEvents: number;
}

export interface Workplace {
  readonly threads: number;
  readonly processes: number;
  /** Threads that can run at the same time. */
  readonly cores: number;
}

export function plannedTime(
  network: PlannedNetwork,
  rates: Rates,
  timeMs: number,
  { threads, processes, cores }: Workplace,
  costs: Costs,
): TimePlan {
  const { resolution } = network.experiment.kernel;
  const seconds = timeMs / 1000;
  const steps = 1000 / resolution;
  const slices = steps / network.shape.sliceSteps;
  const made = network.connections.map((connection) => ({
    connection,
    footprint: callFootprint(connection.call, network.shape.blocks, processes, resolution),
    rate: sourceRate(connection.call, network, rates),
  }));
  const own = processes / threads;
  const update = updateNs(network, rates, costs, steps) / threads;
  const imbalance = slices * imbalanceNs(network, rates, costs, threads, slices);
  const deliver = made.reduce((sum, one) => sum + deliverNs(one, network, costs, steps), 0) * own;
  const crowding = Math.max(1, threads / cores);
  const exchange = slices * costs.meeting + imbalance;
  const loop = steps * costs.slice * own * crowding;
  const perSecond = crowding * (update + deliver) + exchange + loop;
  const simulate = 1e-9 * perSecond * seconds + costs.startCode;
  const building = made.reduce((sum, one) => sum + buildNs(one, costs), 0) * own;
  return {
    build: costs.startThreads + 1e-9 * building * crowding,
    simulate,
    update: 1e-9 * seconds * (crowding * update + loop) + costs.startCode,
    exchange: 1e-9 * seconds * exchange,
    deliver: 1e-9 * seconds * crowding * deliver,
    realTimeFactor: simulate / seconds,
  };
}

export function plannedActivity(network: PlannedNetwork, rates: Rates): Activity {
  const steps = 1000 / network.experiment.kernel.resolution;
  const neurons = neuronsOf(network, rates);
  const events = (chosen: (one: PlannedConnection) => boolean): number =>
    network.connections.filter(chosen).reduce((sum, one) => {
      const rate = sourceRate(one.call, network, rates);
      const poisson = firstSource(one.call, network).block.sends === 'poisson';
      return sum + one.count * (poisson ? stepsWithSpikes(rate, steps) : rate);
    }, 0);
  const leavesDevice = ({ call }: PlannedConnection): boolean =>
    firstSource(call, network).model.kind !== 'neuron';
  return {
    neuronSteps: steps * neurons.reduce((sum, { size, relays }) => sum + (relays ? 0 : size), 0),
    spikes: neurons.reduce((sum, { size, rate }) => sum + size * rate, 0),
    staticEvents: events((one) => !leavesDevice(one) && !isPlastic(one)),
    plasticEvents: events((one) => !leavesDevice(one) && isPlastic(one)),
    generatorEvents: events(leavesDevice),
  };
}

/** Spikes of a Poisson train that come in one step are transmitted as one. */
function stepsWithSpikes(rate: number, steps: number): number {
  return steps * -expm1(-rate / steps);
}

function isPlastic({ call }: PlannedConnection): boolean {
  return synapseModels.get(call.synapse.model)!.archive !== undefined;
}

interface PlannedNeurons {
  readonly name: string;
  readonly size: number;
  /** Spikes/s */
  readonly rate: number;
  readonly relays: boolean;
  readonly archived: boolean;
}

function neuronsOf({ populations, connections }: PlannedNetwork, rates: Rates): PlannedNeurons[] {
  return populations.flatMap(({ name, model, block }) => {
    if (model.kind !== 'neuron') return [];
    const archived = connections.some(
      ({ call }) =>
        synapseModels.get(call.synapse.model)!.archive === 'clopath' &&
        !(call.targets instanceof Uint32Array) &&
        call.targets.some((range) => shared(range, block) > 0),
    );
    const rate = rates.get(name)?.perNode ?? 0;
    return [{ name, size: block.count, rate, relays: model.input === 'count', archived }];
  });
}

/** Of all neurons, per second of biological time. */
function updateNs(network: PlannedNetwork, rates: Rates, costs: Costs, steps: number): number {
  let ns = 0;
  for (const { name, size, rate, relays, archived } of neuronsOf(network, rates)) {
    const { step, spike } = neuronCosts(name, relays, costs);
    ns += size * (steps * (step + (archived ? costs.archive : 0)) + rate * spike);
  }
  const noted = network.recordings.reduce((sum, { nodes }) => {
    const own = network.populations.map(({ name, block }) => {
      const count = nodes.ranges.reduce((n, range) => n + shared(range, block), 0);
      return count * (rates.get(name)?.perNode ?? 0);
    });
    return sum + own.reduce((a, b) => a + b, 0);
  }, 0);
  return ns + noted * costs.record;
}

function neuronCosts(name: string, relays: boolean, costs: Costs): NeuronCosts {
  if (relays) return { step: 0, spike: costs.relaySpike };
  return costs.neurons.get(name) ?? costs.anyNeuron;
}

/**
 * How much longer than the mean the slowest thread takes in a slice, because spikes, which are
 * expensive, come by chance: for a Poisson number of them, sd times the mean largest of `threads`
 * normal deviates.
 */
function imbalanceNs(
  network: PlannedNetwork,
  rates: Rates,
  costs: Costs,
  threads: number,
  slices: number,
): number {
  if (threads === 1) return 0;
  let variance = 0;
  for (const { name, size, rate, relays } of neuronsOf(network, rates)) {
    const { spike } = neuronCosts(name, relays, costs);
    variance += ((size * rate) / slices / threads) * spike ** 2;
  }
  return Math.sqrt(variance) * (0.56 + 0.45 * Math.log2(threads / 2));
}

interface Made {
  readonly connection: PlannedConnection;
  readonly footprint: CallFootprint;
  /** Spikes/s of a source. */
  readonly rate: number;
}

/** Of one virtual process, per second of biological time. */
function deliverNs(
  { connection, footprint, rate }: Made,
  network: PlannedNetwork,
  costs: Costs,
  steps: number,
): number {
  const { connections, rows, listed } = footprint;
  const { sends } = firstSource(connection.call, network).block;
  if (sends === 'current') return 0;
  if (sends === 'poisson') {
    if (rate / steps <= MEAN_FOR_COUNTS) return connections * rate * costs.poissonSpike;
    const together = connections / idsFrom(connection.call.sources).length >= LEAST_TOGETHER;
    return connections * steps * (together ? costs.poissonCount : costs.poissonCountAlone);
  }
  const { row, run, list } = costs.rows[rowKind(connection, network)];
  const noted = connection.recorded ? costs.record : 0;
  return rate * (rows * row + connections * ((listed ? list : run) + noted));
}

function rowKind({ call }: PlannedConnection, { populations }: PlannedNetwork): RowKind {
  const { archive } = synapseModels.get(call.synapse.model)!;
  if (archive !== undefined) return archive === 'clopath' ? 'clopath' : 'stdp';
  const first = firstIdOf(call.targets);
  const target = populations.find(({ block }) => shared(block, { first, count: 1 }) > 0)!;
  return target.model.kind === 'neuron' && target.model.input === 'count' ? 'relay' : 'static';
}

function buildNs({ connection, footprint }: Made, costs: Costs): number {
  const { connections, uniform } = footprint;
  if (!uniform) return connections * costs.connection;
  const { weight } = connection.call.synapse;
  const drawn = typeof weight === 'object' && !(weight instanceof Float64Array);
  return connections * (costs.quickConnection + (drawn ? costs.drawnWeight : 0));
}
