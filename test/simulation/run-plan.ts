/** Builds a planned network on the public API, runs it, and reads out all that can be read. */
import { type NodeCollection, Simulation, type SynSpec } from '../../src/index.js';
import type { KeptThreads } from './kept-threads.js';
import type {
  Action,
  NetworkPlan,
  Phase,
  PlasticName,
  PopulationName,
  Projection,
  Values,
} from './network-plan.js';

/** What must not matter. */
export interface Variant {
  readonly threads: number;
  /** Virtual processes: a multiple of the threads. */
  readonly processes: number;
  /** Slices of one step instead of the shortest delay. */
  readonly forced: boolean;
  /** Cut each phase into several Simulate calls. */
  readonly cut: boolean;
}

interface Recorders {
  readonly spikes: NodeCollection;
  readonly windowed: NodeCollection;
  readonly weights: NodeCollection;
  readonly windowedWeights: NodeCollection;
  readonly traces: NodeCollection;
}

const MODELS: Readonly<Record<PopulationName, string>> = {
  exc: 'aeif_psc_delta_clopath',
  inh: 'aeif_psc_delta_clopath',
  relays: 'parrot_neuron',
  output: 'parrot_neuron',
  poisson: 'poisson_generator',
  train: 'spike_generator',
  dc: 'dc_generator',
  steps: 'step_current_generator',
};
const STATES = ['V_m', 'w', 'z', 'V_th', 'u_bar_plus', 'u_bar_minus', 'u_bar_bar'];

/** Everything observable at the end: equal for all variants of a plan. */
export type Observation = Readonly<Record<string, unknown>>;

/** @param kept threads for it; none: on new ones */
export async function runPlan(
  plan: NetworkPlan,
  variant: Variant,
  kept?: KeptThreads,
): Promise<Observation> {
  const { resolution, seed } = plan;
  const options = {
    resolution,
    rng_seed: seed,
    local_num_threads: variant.threads,
    total_num_virtual_procs: variant.processes,
    ...(variant.forced ? { min_delay: resolution } : {}),
  };
  const simulation = kept ? await kept.open(options) : new Simulation(options);
  try {
    return await new PlannedNetwork(simulation, plan, variant).run();
  } finally {
    if (kept) kept.keep(simulation);
    else await simulation.close();
  }
}

class PlannedNetwork {
  private readonly populations = new Map<PopulationName, NodeCollection>();
  private readonly grown: NodeCollection[] = [];
  private readonly recorders: Recorders;

  constructor(
    private readonly simulation: Simulation,
    private readonly plan: NetworkPlan,
    private readonly variant: Variant,
  ) {
    const half = plan.order.length / 2;
    for (const name of plan.order.slice(0, half)) this.create(name);
    this.recorders = this.createRecorders();
    for (const name of plan.order.slice(half)) this.create(name);
    const { weights, windowedWeights } = this.recorders;
    const { clopath_a, clopath_b, stdp } = plan.plastic;
    const copy = (base: string, name: PlasticName, params: object, recorder: NodeCollection) =>
      this.simulation.copyModel(base, name, { ...params, weight_recorder: recorder });
    copy('clopath_synapse', 'clopath_a', clopath_a, weights);
    copy('clopath_synapse', 'clopath_b', clopath_b, windowedWeights);
    copy('stdp_synapse', 'stdp', stdp, weights);
  }

  async run(): Promise<Observation> {
    await this.connectRecorders(
      ['exc', 'inh', 'relays', 'output', 'train', 'poisson'].map(this.of),
    );
    await this.simulation.connect(this.recorders.traces, this.of('exc'));
    for (const projection of this.plan.projections) await this.connect(projection);
    for (const phase of this.plan.phases) {
      for (const action of phase.actions) await this.act(action);
      for (const steps of this.parts(phase)) {
        await this.simulation.simulate(steps * this.plan.resolution);
      }
    }
    return this.observe();
  }

  private readonly of = (name: string): NodeCollection =>
    this.populations.get(name as PopulationName)!;

  private create(name: PopulationName): void {
    const n = this.plan.sizes[name];
    const given = Object.entries(this.plan.params[name] ?? {});
    const params = Object.fromEntries(given.map(([key, v]) => [key, resolved(v, n)]));
    const { resolution, trains } = this.plan;
    if (name === 'train') {
      const own = trains.slice(0, n);
      Object.assign(params, {
        spike_times: own.map(({ steps }) => steps.map((step) => step * resolution)),
        spike_weights: own.map(({ weights }) => weights),
        spike_multiplicities: own.map(({ multiplicities }) => multiplicities),
      });
    } else if (name === 'steps') {
      Object.assign(params, {
        amplitude_times: [5, 30.1, 60],
        amplitude_values: [600, -200, 900],
        start: 3,
        stop: 75,
      });
    }
    const nodes = this.simulation.create(MODELS[name], n, params as never);
    this.populations.set(name, nodes);
  }

  private createRecorders(): Recorders {
    const { simulation, plan } = this;
    return {
      spikes: simulation.create('spike_recorder'),
      windowed: simulation.create('spike_recorder', 1, plan.window),
      weights: simulation.create('weight_recorder'),
      windowedWeights: simulation.create('weight_recorder', 1, plan.window),
      traces: simulation.create('multimeter', 1, {
        record_from: STATES,
        interval: 0.7,
        start: 2.1,
      }),
    };
  }

  private async connectRecorders(collections: readonly NodeCollection[]): Promise<void> {
    for (const nodes of collections) {
      await this.simulation.connect(nodes, this.recorders.spikes);
      await this.simulation.connect(nodes, this.recorders.windowed);
    }
  }

  private async connect(projection: Projection, to = this.of(projection.to)): Promise<void> {
    const from = this.of(projection.from);
    const { synapse, weight, delay, parameters } = projection;
    const [pre, post, conn, count] = applyRule(projection, from, to);
    const own = synapse === 'static_synapse' ? {} : parameters;
    const entries = Object.entries({ weight, delay, ...own });
    const syn = Object.fromEntries(entries.map(([key, v]) => [key, resolved(v, count)]));
    await this.simulation.connect(
      pre,
      post,
      conn as never,
      {
        synapse_model: synapse,
        ...syn,
      } as SynSpec,
    );
  }

  private async act(action: Action): Promise<void> {
    switch (action.kind) {
      case 'nodes': {
        const nodes = this.of(action.population);
        const entries = Object.entries(action.params).map(([key, v]) => [
          key,
          key === 'amplitude_values' ? (v as { each: number[] }).each : resolved(v, nodes.length),
        ]);
        return nodes.set(Object.fromEntries(entries));
      }
      case 'weights': {
        const found = await this.simulation.getConnections({ synapse_model: action.synapse });
        const entries = Object.entries(action.values);
        return found.set(
          Object.fromEntries(entries.map(([key, v]) => [key, resolved(v, found.length)])) as never,
        );
      }
      case 'connect':
        return this.connect(action.projection);
      case 'grow': {
        const more = this.simulation.create('aeif_psc_delta_clopath', action.size, { I_e: 600 });
        this.grown.push(more);
        await this.connectRecorders([more]);
        return this.connect(action.projection, more);
      }
      case 'record':
        return this.recorders.windowed.set(action.params);
    }
  }

  private parts({ steps, cuts }: Phase): number[] {
    if (!this.variant.cut) return [steps];
    const points = cuts.map((share) => Math.round(share * steps)).sort((a, b) => a - b);
    return [...points, steps].map((point, i, all) => point - (all[i - 1] ?? 0));
  }

  private async observe(): Promise<Observation> {
    const { simulation, recorders } = this;
    const events: Record<string, unknown> = {};
    for (const [name, recorder] of Object.entries(recorders) as [string, NodeCollection][]) {
      events[name] = await recorder.events();
    }
    const neurons = [this.of('exc'), this.of('inh'), ...this.grown];
    const spiking = [...neurons, this.of('relays'), this.of('output')];
    const status = await simulation.kernelStatus();
    return {
      digest: await simulation.digest(),
      events,
      connections: await (await simulation.getConnections()).get(),
      states: await Promise.all(neurons.map((nodes) => nodes.get(STATES))),
      spikeCounts: await Promise.all(spiking.map((nodes) => nodes.spikeCounts())),
      counters: [
        status.biological_time,
        status.num_connections,
        status.local_spike_counter,
        status.synaptic_event_counter,
      ],
    };
  }
}

/** The values as the API takes them, for `count` elements (undefined: their number is not known). */
function resolved(values: Values, count: number | undefined): unknown {
  if (typeof values !== 'object' || !('each' in values)) return values;
  const { each } = values;
  if (count === undefined) return each[0];
  return Array.from({ length: count }, (_, i) => each[i % each.length]);
}

type Ends = NodeCollection | readonly number[];

/** The ends and the rule, with degrees that the populations allow, and the number of elements. */
function applyRule(
  { rule, degree, p, autapses, multapses }: Projection,
  from: NodeCollection,
  to: NodeCollection,
): [pre: Ends, post: Ends, conn: object, count: number | undefined] {
  const [S, T] = [from.length, to.length];
  const flags = { allow_autapses: autapses, allow_multapses: multapses };
  const selves = from.first === to.first && !autapses ? 1 : 0;
  switch (rule) {
    case 'one_to_one': {
      const n = Math.min(S, T);
      return [from.slice(0, n), to.slice(0, n), { rule, ...flags }, n];
    }
    case 'all_to_all':
      return [from, to, { rule, ...flags }, S * T];
    case 'fixed_indegree': {
      const indegree = degree % (S - selves + 1);
      return [from, to, { rule, indegree, ...flags }, T * indegree];
    }
    case 'fixed_outdegree': {
      const outdegree = degree % (T - selves + 1);
      return [from, to, { rule, outdegree, ...flags }, S * outdegree];
    }
    case 'fixed_total_number': {
      const N = degree % (S * T - selves * S + 1);
      return [from, to, { rule, N, ...flags }, N];
    }
    case 'pairwise_bernoulli':
      return [from, to, { rule, p, ...flags }, undefined];
    case 'explicit': {
      const pick = (nodes: NodeCollection, stride: number) =>
        Array.from({ length: degree + 1 }, (_, i) => nodes.ids[(i * stride) % nodes.length]!);
      return [pick(from, 2), pick(to, 1), { rule: 'one_to_one' }, degree + 1];
    }
  }
}
