/**
 * What single things cost on this machine, measured in a few seconds by small simulations: differences
 * between networks that are alike but for the one thing. Only what the network at hand needs is measured.
 */
import { performance } from 'node:perf_hooks';
import { MEAN_FOR_COUNTS } from '../engine/poisson.js';
import { numbersOf } from '../experiment/values.js';
import { type NodeModel, synapseModels } from '../models/registry.js';
import { uniform } from '../random/index.js';
import type { ConnSpec, NodeCollection, Params, Simulation, SynSpec } from '../simulation/index.js';
import {
  type Costs,
  type NeuronCosts,
  type RowCosts,
  type RowKind,
  typicalCosts,
} from './costs.js';
import type { PlannedNetwork, PlannedPopulation } from './network.js';
import { LONG_NS, MOST_STEPS, processorNs, STRETCH, Trials, VOLLEY, wallNs } from './trials.js';

/** Neurons whose steps are timed; as many as show what is done for many together. */
const NEURONS = 400;
const MANY_NEURONS = 5000;
/** Steps that take less (ns) are timed with more neurons, lest it be the step itself that is timed. */
const QUICK_STEP = 40;
const MORE_NEURONS = 2000;
/** What is tried to make neurons fire, in pA, or in the unit of their input. */
const DRIVES = [40, 400, 800, 3000, 20_000];
/** Spikes per neuron and step that are enough to tell what one costs. */
const LEAST_RATE = 1e-4;
/** Synapses of networks with long rows, and rows of those with short ones. */
const SYNAPSES = 1_500_000;
const SHORT_ROWS = 8000;

/** Neurons that synapses are timed with. */
interface Target {
  readonly model: string;
  readonly count: number;
  readonly params?: Params;
}

/** Mean time in ns and spikes of all neurons per step. */
interface Firing {
  readonly ns: number;
  readonly spikes: number;
}

type Create = (sim: Simulation, more?: Params) => NodeCollection;
type Drive = (sim: Simulation, create: Create) => Promise<NodeCollection>;

/** They fire once between two volleys, as stdp synapses look at every spike of their targets. */
const FIRING: Target = { model: 'iaf_psc_delta', count: 300, params: { I_e: 400, t_ref: 70 } };

/** Wall time in ms after which nothing more is measured: on a machine that is busy, measuring takes long. */
const BUDGET_MS = 6000;

/**
 * The costs that count for this network on so many threads; typical ones in place of those for which
 * the budget leaves no time.
 */
export async function calibrate(
  network: PlannedNetwork,
  threads: number,
  cores: number,
  budgetMs = BUDGET_MS,
): Promise<Costs> {
  return new Calibration(network, threads, cores, performance.now() + budgetMs).costs();
}

class Calibration {
  private readonly resolution: number;
  private readonly trials: Trials;
  private measured = true;

  constructor(
    private readonly network: PlannedNetwork,
    private readonly threads: number,
    private readonly cores: number,
    /** By `performance.now`. */
    private readonly deadline: number,
  ) {
    this.resolution = network.experiment.kernel.resolution;
    this.trials = new Trials(network);
  }

  async costs(): Promise<Costs> {
    const typical = typicalCosts(this.threads);
    const { slice, meeting, startThreads } = await this.sliceCosts(typical);
    const neurons = await this.neuronCosts(slice, typical);
    const stepCosts = [...neurons.values()];
    const costs = {
      ...typical,
      slice,
      startThreads,
      meeting,
      neurons,
      anyNeuron: stepCosts[0] ?? typical.anyNeuron,
      ...(await this.poissonCosts(typical)),
      ...(await this.synapseCosts(typical)),
    };
    return { ...costs, measured: this.measured };
  }

  /** What is measured, if there is time; else what is given. */
  private async inTime<T>(measure: () => Promise<T>, otherwise: T): Promise<T> {
    if (performance.now() < this.deadline) return measure();
    this.measured = false;
    return otherwise;
  }

  private async sliceCosts(typical: Costs) {
    const alone = await this.inTime(() => this.emptySlice(1), typical);
    const { slice, startThreads } = alone;
    if (this.threads === 1) return { slice, startThreads, meeting: 0 };
    const otherwise = { slice: slice + typical.meeting, startThreads };
    const together = await this.inTime(() => this.emptySlice(this.threads), otherwise);
    const meeting = Math.max(0, together.slice - slice);
    return { slice, startThreads: together.startThreads, meeting };
  }

  /** A slice of one step in which nothing happens, and the time until the threads answer. */
  private async emptySlice(threads: number): Promise<{ slice: number; startThreads: number }> {
    const began = processorNs();
    const sim = this.trials.open(threads);
    const nodes = sim.create('parrot_neuron', threads);
    await sim.connect(nodes, nodes, 'one_to_one', { delay: this.resolution });
    const startThreads = (1e-9 * (processorNs() - began)) / Math.min(threads, this.cores);
    const slice = await this.trials.perStep(sim, threads === 1 ? processorNs : wallNs);
    await sim.close();
    return { slice, startThreads };
  }

  /** Of each population that is no relay, with its own parameters. */
  private async neuronCosts(slice: number, typical: Costs): Promise<Map<string, NeuronCosts>> {
    const known = new Map<string, NeuronCosts>();
    const costs = new Map<string, NeuronCosts>();
    for (const population of this.network.populations) {
      const { model, name } = population;
      if (model.kind !== 'neuron' || model.input === 'count') continue;
      const { params } = this.network.experiment.populations[name]!;
      const key = JSON.stringify([model.name, params]);
      const measure = () => this.neuron(population, numbersOf(params) as Params, slice);
      const found = known.get(key) ?? (await this.inTime(measure, typical.anyNeuron));
      known.set(key, found);
      costs.set(name, found);
    }
    return costs;
  }

  private async neuron(
    { model, block }: PlannedPopulation,
    params: Params,
    slice: number,
  ): Promise<NeuronCosts> {
    const paramsOf = (n: number): Params => {
      const cut = Object.entries(params).map(([key, value]) => [
        key,
        Array.isArray(value) && value.length === block.count ? value.slice(0, n) : value,
      ]);
      return Object.fromEntries(cut) as Params;
    };
    const n = Math.min(NEURONS, block.count);
    const given = paramsOf(n);
    const create = (sim: Simulation, more: Params = {}) =>
      sim.create(model.name, n, { ...given, ...more });
    const calm = await this.firing(create);
    const spike = await this.spikeCosts(calm, this.drives(model, given), create, n);
    const stepOf = ({ ns, spikes }: Firing, count: number): number =>
      Math.max(0, ns - spike * spikes - slice) / count;
    const step = stepOf(calm, n);
    const more = Math.min(MORE_NEURONS, block.count);
    if (step > QUICK_STEP || more === n) return { step, spike };
    const many = await this.firing((sim) => sim.create(model.name, more, paramsOf(more)));
    return { step: stepOf(many, more), spike };
  }

  /** What a spike costs beyond the step, by neurons that are driven until they fire. */
  private async spikeCosts(
    calm: Firing,
    drives: readonly Drive[],
    create: Create,
    n: number,
  ): Promise<number> {
    for (const drive of drives) {
      const driven = await this.firing((sim) => drive(sim, create)).catch(() => undefined);
      if (driven === undefined) break;
      if (driven.spikes < 2 * calm.spikes + LEAST_RATE * n) continue;
      return Math.max(0, (driven.ns - calm.ns) / (driven.spikes - calm.spikes));
    }
    return 0;
  }

  /** Ways to make neurons fire: a current where they have one, else kicks; the next is stronger. */
  private drives(model: NodeModel, given: Params): Drive[] {
    return DRIVES.map((strength) => async (sim: Simulation, create: Create) => {
      if (Object.hasOwn(model.parameters, 'I_e')) {
        const own = typeof given.I_e === 'number' ? given.I_e : 0;
        return create(sim, { I_e: own + strength });
      }
      const neurons = create(sim);
      const syn = { weight: strength, delay: this.resolution };
      await sim.connect(this.trials.volleys(sim), neurons, 'all_to_all', syn);
      return neurons;
    });
  }

  /** Mean time in ns and spikes of all neurons per step. */
  private async firing(
    create: (sim: Simulation) => NodeCollection | Promise<NodeCollection>,
  ): Promise<Firing> {
    const sim = this.trials.open();
    try {
      await create(sim);
      const quickest = await this.trials.perStep(sim);
      const enough = STRETCH * Math.ceil((3 * LONG_NS) / quickest / STRETCH);
      const steps = Math.min(enough, MOST_STEPS);
      const before = (await sim.kernelStatus()).local_spike_counter;
      const began = processorNs();
      await sim.simulate(Number((steps * this.resolution).toFixed(9)));
      const ns = processorNs() - began;
      const spikes = (await sim.kernelStatus()).local_spike_counter - before;
      return { ns: ns / steps, spikes: spikes / steps };
    } finally {
      await sim.close();
    }
  }

  private async poissonCosts(typical: Costs): Promise<Partial<Costs>> {
    const rates = this.network.populations
      .filter(({ model }) => model.name === 'poisson_generator')
      .map(({ name }) => this.network.experiment.populations[name]!.params.rate);
    if (rates.length === 0) return {};
    const limit = (1000 * MEAN_FOR_COUNTS) / this.resolution;
    const counted = rates.filter((rate) => typeof rate === 'number' && rate > limit) as number[];
    const poissonSpike = await this.inTime(async () => {
      const waiting = await this.poisson(0.2 * limit);
      const silent = await this.poisson(0);
      const perSpike = (waiting.ns - silent.ns) / waiting.spikes;
      return Math.max(0, perSpike - typical.relaySpike);
    }, typical.poissonSpike);
    if (counted.length === 0) return { poissonSpike };
    const perCount = async (generators: number, nodes: number): Promise<number> => {
      const often = await this.poisson(Math.max(...counted), 'iaf_psc_delta', generators, nodes);
      const idle = await this.poisson(0, 'iaf_psc_delta', generators, nodes);
      return Math.max(0, (often.ns - idle.ns) / nodes);
    };
    const together = () => perCount(1, MANY_NEURONS);
    const poissonCount = await this.inTime(together, typical.poissonCount);
    const alone = () => perCount(NEURONS, NEURONS);
    const poissonCountAlone = await this.inTime(alone, typical.poissonCountAlone);
    return { poissonSpike, poissonCount, poissonCountAlone };
  }

  /** One generator, or as many, onto many nodes, each with a train of its own. */
  private async poisson(
    rate: number,
    model = 'parrot_neuron',
    generators = 1,
    count = NEURONS,
  ): Promise<{ ns: number; spikes: number }> {
    const sim = this.trials.open();
    const nodes = sim.create(model, count);
    const sources = sim.create('poisson_generator', generators, { rate });
    const rule = generators === 1 ? 'all_to_all' : 'one_to_one';
    await sim.connect(sources, nodes, rule, { weight: 1e-6, delay: this.resolution });
    const ns = await this.trials.perStep(sim);
    await sim.close();
    return { ns, spikes: (count * rate * this.resolution) / 1000 };
  }

  private async synapseCosts(typical: Costs): Promise<Partial<Costs>> {
    const archives = new Set(
      this.network.connections.map(({ call }) => synapseModels.get(call.synapse.model)!.archive),
    );
    const rows: Record<RowKind, RowCosts> = { ...typical.rows };
    const measure = async (kind: RowKind, synapse: string, target: Target) => {
      rows[kind] = await this.inTime(() => this.rowCosts(synapse, target), rows[kind]);
    };
    if (archives.has('clopath')) {
      const target = { model: 'aeif_psc_delta_clopath', count: 300 };
      await measure('clopath', 'clopath_synapse', target);
    }
    if (archives.has('spikes')) await measure('stdp', 'stdp_synapse', FIRING);
    await measure('static', 'static_synapse', { model: 'iaf_psc_delta', count: 2000 });
    return { rows, ...(await this.inTime(() => this.makingCosts(), makingOf(typical))) };
  }

  /**
   * Long rows, in as much memory as does not fit the processor's near caches, tell what synapses cost,
   * short ones what a row costs beyond.
   */
  private async rowCosts(synapse_model: string, target: Target): Promise<RowCosts> {
    const targets = target.count;
    const syn = { synapse_model, weight: uniform(1e-6, 2e-6), delay: 10 * this.resolution };
    const dense = Math.round(SYNAPSES / targets);
    const inputs = { rule: 'fixed_indegree', indegree: dense };
    const run = await this.delivery(dense, target, 'all_to_all', syn);
    const list = await this.delivery(2000, target, inputs, syn);
    const pairs = { rule: 'fixed_outdegree', outdegree: 2 };
    const short = await this.delivery(SHORT_ROWS, { ...target, count: 30 }, pairs, syn);
    const row = Math.max(0, 2 * (short - list));
    const long = (2000 * row) / SYNAPSES;
    return { row, run: Math.max(0, run), list: Math.max(0, list - long) };
  }

  /** ns per synapse of volleys of all sources. */
  private async delivery(
    sources: number,
    { model, count, params }: Target,
    rule: string | ConnSpec,
    syn: SynSpec,
  ): Promise<number> {
    const sim = this.trials.open();
    const relays = sim.create('parrot_neuron', sources);
    const nodes = sim.create(model, count, params);
    await sim.connect(this.trials.volleys(sim), relays, 'all_to_all', { delay: this.resolution });
    // Once more than needed: at first, code is compiled, which must not hide what synapses cost.
    await this.trials.perStep(sim);
    const without = await this.trials.perStep(sim);
    const before = (await sim.kernelStatus()).num_connections;
    await sim.connect(relays, nodes, rule, syn);
    const synapses = (await sim.kernelStatus()).num_connections - before;
    const ns = await this.trials.perStep(sim);
    await sim.close();
    return ((ns - without) * VOLLEY) / synapses;
  }

  /** ns to make a connection: the quick way, more if its weight is drawn, and collected and sorted. */
  private async makingCosts() {
    const sim = this.trials.open();
    const nodes = sim.create('iaf_psc_delta', 2000);
    const perConnection = async (rule: ConnSpec, weight: SynSpec['weight']): Promise<number> => {
      const before = (await sim.kernelStatus()).num_connections;
      const began = processorNs();
      await sim.connect(nodes, nodes, rule, { weight: weight! });
      const ns = processorNs() - began;
      return ns / ((await sim.kernelStatus()).num_connections - before);
    };
    const least = async (weight: SynSpec['weight']): Promise<number> => {
      const inputs = { rule: 'fixed_indegree', indegree: 750 };
      const ns = [await perConnection(inputs, weight), await perConnection(inputs, weight)];
      return Math.min(...ns);
    };
    // Once before: at first, code is compiled.
    await least(1);
    const quickConnection = await least(1);
    const drawn = await least(uniform(1, 2));
    await perConnection({ rule: 'pairwise_bernoulli', p: 0.01 }, 1);
    const connection = await perConnection({ rule: 'pairwise_bernoulli', p: 0.025 }, 1);
    await sim.close();
    return { quickConnection, drawnWeight: Math.max(0, drawn - quickConnection), connection };
  }
}

function makingOf({ quickConnection, drawnWeight, connection }: Costs) {
  return { quickConnection, drawnWeight, connection };
}
