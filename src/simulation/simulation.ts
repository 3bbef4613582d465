/** The public face: a simulation with NEST's vocabulary. */
import { performance } from 'node:perf_hooks';
import { connectionRules } from '../connectivity/rule-spec.js';
import { closest, SimulationStateError, ValueError } from '../errors/index.js';
import type { NeuronDefinition } from '../models/defined/definition.js';
import { WorkerTeam } from '../parallel/worker-team.js';
import { checkSeed, type Seed } from '../random/index.js';
import { digestOf } from '../recording/digest.js';
import { MAX_STEP, TimeGrid } from '../units/index.js';
import { CallQueue } from './call-queue.js';
import { ConnectSpecParser, type ConnSpec, type SynSpec } from './connect-spec.js';
import { ConnectionCollection } from './connection-collection.js';
import { Connector, type Ends, type FilterArguments } from './connector.js';
import { checkFollowSpec, Follower, type FollowSpec } from './follower.js';
import { Guarded, insteadOfAssigning, insteadOfReading } from './guarded.js';
import { type KernelStatus, kernelStatus } from './kernel-status.js';
import { MemoryBudget } from './memory.js';
import { ModelRegistry } from './model-registry.js';
import { idSetOf, type NodeAccess, NodeCollection } from './node-collection.js';
import { NodeRegistry } from './node-registry.js';
import { Nodes } from './nodes.js';
import { processNumbers } from './process-numbers.js';
import { KERNEL } from './pynest-names.js';
import { readEvents } from './recorder-events.js';
import {
  checkSimulateOptions,
  Runner,
  type SimulateOptions,
  type SimulateOutcome,
} from './runner.js';
import { OPTIONS, type SimulationOptions } from './simulation-options.js';
import { namedValues, type Params } from './values.js';

const WAS_RESET =
  'the kernel was reset, which ended this simulation; go on with the new one: sim = await sim.resetKernel()';

/** Ends the threads of simulations that nothing refers to any more; the team must not, either. */
const dropped = new FinalizationRegistry<WorkerTeam>((team) => void team.close());

/**
 * One network and its time. Calls that the workers must answer return promises and are carried out
 * in the order in which they were made; the others check their arguments at once and throw
 * SimulationStateError while such a promise is pending. Errors leave everything as it was, except
 * that a failing run ends the simulation: what was recorded can then still be read.
 */
export class Simulation extends Guarded {
  readonly #options: SimulationOptions;
  readonly #grid: TimeGrid;
  readonly #seed: Seed;
  readonly #team: WorkerTeam;
  readonly #models: ModelRegistry;
  readonly #registry = new NodeRegistry();
  readonly #nodes: Nodes;
  readonly #connector: Connector;
  readonly #runner: Runner;
  readonly #memory: MemoryBudget;
  readonly #access: NodeAccess;
  readonly #forcedSlice: number | undefined;
  readonly #calls = new CallQueue(() => this.#team.failure);
  readonly #wallTimes = { connect: 0, simulate: 0 };

  /**
   * Throws UnknownKeyError, ValueError or OffGridError.
   *
   * @param team threads of a simulation that has ended; `resetKernel` gives them
   */
  constructor(options: SimulationOptions = {}, team?: WorkerTeam) {
    super();
    this.#options = options;
    namedValues('simulation', options, OPTIONS);
    const { resolution = 0.1, rng_seed = 1, min_delay } = options;
    this.#grid = new TimeGrid(resolution);
    checkSeed(rng_seed);
    this.#seed = rng_seed;
    const { threads, processes } = processNumbers(options);
    this.#forcedSlice =
      min_delay === undefined ? undefined : this.#grid.delaySteps('min_delay', min_delay);
    this.#models = new ModelRegistry(this.#grid, (value) => this.#weightRecorderId(value));
    this.#team = team ?? new WorkerTeam(threads, { processes, resolution, seed: rng_seed });
    dropped.register(this, this.#team, this);
    this.#memory = new MemoryBudget(threads, processes, resolution);
    this.#runner = new Runner(this.#team, this.#grid);
    this.#nodes = new Nodes(
      this.#registry,
      this.#models,
      this.#grid,
      rng_seed,
      this.#team,
      this.#memory,
      () => this.#runner.now,
    );
    const parser = new ConnectSpecParser(this.#models, this.#registry, this.#grid);
    this.#connector = new Connector(
      this.#team,
      this.#registry,
      this.#models,
      parser,
      this.#grid,
      rng_seed,
      this.#forcedSlice,
      this.#memory,
      (nodes) => idSetOf(nodes, this.#access),
    );
    this.#access = {
      runsOf: (ids) => this.#registry.runsOf(ids),
      namesOf: (ids) => this.#registry.namesOf(ids),
      setNodes: (ids, params) => {
        this.#calls.checkIdle();
        this.#nodes.set(ids, params);
      },
      scheduleRates: (ids, times, rates) => {
        this.#calls.checkIdle();
        this.#nodes.scheduleRates(ids, times, rates);
      },
      getNodes: (ids, names) => this.#calls.add(() => this.#nodes.get(ids, names)),
      spikeCounts: (ids) => this.#calls.add(() => this.#nodes.spikeCounts(ids)),
      events: (ids) =>
        this.#calls.add(() => readEvents(ids, this.#registry, this.#team, this.#grid)),
    };
  }

  /** Names of all node models, copies included. */
  get nodeModels(): string[] {
    return this.#models.names('node');
  }

  /** Names of all synapse models, copies included. */
  get synapseModels(): string[] {
    return this.#models.names('synapse');
  }

  get connectionRules(): string[] {
    return [...connectionRules];
  }

  /**
   * Add a neuron model of one's own, for this simulation: it can then be used by its name like the
   * built-in ones. See NeuronDefinition. Where its equations are linear with constant coefficients it
   * is integrated exactly, else by RKF45. Throws EquationError and UnknownQuantityError for texts,
   * UnknownNameError, UnknownKeyError, MissingKeyError and ValueError for the rest of a definition,
   * BadParametersError for defaults that fail a check.
   */
  defineNeuron(definition: NeuronDefinition): void {
    this.#calls.checkIdle();
    const checked = this.#models.define(definition);
    for (const rank of this.#team.ranks()) this.#team.post(rank, 'defineNeuron', checked);
  }

  /** Create `n` nodes of a model. Throws UnknownNameError, and what NodeCollection.set throws. */
  create(model: string, n = 1, params: Params = {}): NodeCollection {
    this.#calls.checkIdle();
    return new NodeCollection(this.#access, this.#nodes.create(model, n, params));
  }

  /** A new model like an existing one with other defaults; `weight_recorder` names a recorder. */
  copyModel(existing: string, name: string, params: Readonly<Record<string, unknown>> = {}): void {
    this.#calls.checkIdle();
    this.#models.copy(existing, name, params);
  }

  /** Change a model's defaults, for nodes and connections made from now on. */
  setDefaults(model: string, params: Readonly<Record<string, unknown>>): void {
    this.#calls.checkIdle();
    this.#models.setDefaults(model, params);
  }

  getDefaults(model: string): Record<string, unknown> {
    return this.#models.getDefaults(model);
  }

  /**
   * Connect nodes by a rule (default all_to_all) with a synapse (default static_synapse). Lists of
   * ids, which may repeat, are connected one to one. Recorders: connect(nodes, spike_recorder),
   * connect(multimeter, nodes). All or nothing: rejects with the error that describes the mistake.
   */
  connect(
    pre: Ends,
    post: Ends,
    conn: string | ConnSpec = 'all_to_all',
    syn: string | SynSpec = {},
  ): Promise<void> {
    return this.#calls.add(async () => {
      this.#calls.checkUsable();
      const started = performance.now();
      await this.#connector.connect(pre, post, conn, syn);
      this.#wallTimes.connect += performance.now() - started;
    });
  }

  /**
   * Connections by source, target and name of the synapse model, given as an object or one after the
   * other, in the order (source, target, creation); without a filter all. Connections to recorders
   * are not among them.
   */
  getConnections(...given: FilterArguments): Promise<ConnectionCollection> {
    return this.#calls.add(async () => {
      const filter = this.#connector.filter(given);
      const read = () => this.#calls.add(() => this.#connector.read(filter));
      const write = (values: Readonly<Record<string, unknown>>) =>
        this.#calls.add(() => {
          this.#calls.checkUsable();
          return this.#connector.write(filter, values, this.#runner.now > 0);
        });
      return new ConnectionCollection({ read, write }, await this.#connector.read(filter));
    });
  }

  /**
   * Advance by `ms`, a multiple of the resolution >= 0. Rejects with the error of a failing node or
   * worker, which ends the simulation: of the errors in the slice that failed, the first by step and
   * node. What was recorded in the slices before can then still be read, unless a worker is gone
   * (WorkerError), and so can nodes and connections, whose state is that of no step in particular.
   */
  simulate(ms: number, options: SimulateOptions = {}): Promise<SimulateOutcome> {
    return this.#calls.add(async () => {
      this.#calls.checkUsable();
      checkSimulateOptions(options);
      const steps = this.#grid.steps('simulation time', ms);
      const end = this.#runner.now + steps;
      if (steps < 0 || end > MAX_STEP) {
        const expected = `a time >= 0 ms, and in all at most ${MAX_STEP} steps`;
        throw new ValueError('simulation time', ms, expected);
      }
      if (steps > 0) await this.#advance(steps, options);
      return { completed: this.#runner.now === end, time: this.#grid.ms(this.#runner.now) };
    });
  }

  async #advance(steps: number, options: SimulateOptions): Promise<void> {
    const { minDelay = 1, maxDelay = 1, maxPlasticDelay } = this.#connector;
    const { nodeCount, inputPlanes } = this.#registry;
    const ring = { nodes: nodeCount, maxDelaySteps: maxDelay, planes: inputPlanes };
    this.#memory.checkInputRing(ring);
    this.#memory.addInputRing(ring);
    const started = performance.now();
    const plan = {
      nodes: nodeCount,
      sliceSteps: this.#forcedSlice ?? minDelay,
      maxDelaySteps: maxDelay,
      plasticDelaySteps: maxPlasticDelay,
    };
    let thrown: { readonly error: unknown } | undefined;
    try {
      thrown = await this.#runner.run(steps, plan, options);
    } catch (error) {
      this.#calls.failure = error as Error;
      throw error;
    } finally {
      this.#wallTimes.simulate += performance.now() - started;
    }
    if (thrown) throw thrown.error;
  }

  /**
   * For watching a run: what has happened from one look to the next. Changes nothing. Throws
   * ValueError.
   */
  follow(spec: FollowSpec): Follower {
    const followed = checkFollowSpec(
      spec,
      (nodes) => idSetOf(nodes, this.#access),
      (id) => this.#registry.blockOf(id).device?.name,
    );
    const now = () => this.#runner.now;
    return new Follower(followed, this.#team, this.#grid, (call) => this.#calls.add(call), now);
  }

  kernelStatus(): Promise<KernelStatus> {
    return this.#calls.add(async () => {
      const { minDelay = 1, maxDelay = 1 } = this.#connector;
      const known = {
        resolution: this.#grid.resolutionMs,
        rng_seed: this.#seed,
        local_num_threads: this.#team.threads,
        total_num_virtual_procs: this.#team.processes,
        min_delay: this.#grid.ms(this.#forcedSlice ?? minDelay),
        max_delay: this.#grid.ms(maxDelay),
        biological_time: this.#grid.ms(this.#runner.now),
        network_size: this.#registry.nodeCount,
        time_construction_connect: this.#wallTimes.connect / 1000,
        time_simulate: this.#wallTimes.simulate / 1000,
      };
      const workers = await this.#team.allWorkers('workerStatus');
      return kernelStatus(known, workers, await this.#team.all('status'));
    });
  }

  /**
   * By thread: when each slice since the last call began, on a clock that all threads share, and what
   * it took in each phase, in ms: beginning, update, wait, exchange, deliver, record (see ThreadTimes)
   * of the first slice, then of the next. The first call gives nothing but begins the tracing, which
   * costs 48 bytes a slice on each thread, and the time of some looks at a clock.
   */
  tracePhases(): Promise<Float64Array[]> {
    return this.#calls.add(() => this.#team.allWorkers('tracePhases'));
  }

  /**
   * SHA-256 (hex) over all spikes of all neurons since the beginning, their present state and their
   * incoming weights: equal digests mean equal results, whatever ran or recorded them. Rejects with
   * SimulationStateError after a failed run, which has no result.
   */
  digest(): Promise<string> {
    return this.#calls.add(async () => {
      this.#calls.checkUsable();
      const neurons = this.#registry.blocks
        .filter(({ neuron }) => neuron !== undefined)
        .map(({ firstId, size }) => ({ first: firstId, count: size }));
      return digestOf(await this.#team.all('accumulators'), neurons);
    });
  }

  /**
   * End the worker threads now, and free what they hold. Without this it happens some time after
   * nothing refers to the simulation, its nodes or its connections any more; programs that never call
   * it still exit.
   */
  async close(): Promise<void> {
    if (this.#calls.ended === WAS_RESET) return;
    this.#calls.close('the simulation is closed');
    await this.#team.close();
  }

  /**
   * End this simulation and begin another on its threads, as NEST's ResetKernel does: without nodes,
   * connections, models of one's own or records, at time 0. Returns the new one; it has the options of this one
   * but for those given here. Quicker than a new simulation, as threads have started and code is compiled by
   * then. Calls that are under way are carried out before. A simulation that has failed can be reset, too,
   * unless a worker is gone. Memory that this one held is used again if it is little, otherwise free once it is
   * collected as garbage. Throws what `simulation` throws, and ValueError for another number of threads; rejects
   * with SimulationStateError after `close`, and with WorkerError.
   */
  resetKernel(options: SimulationOptions = {}): Promise<Simulation> {
    const team = this.#team;
    const { local_num_threads: threads = team.threads } = options;
    if (threads !== team.threads) {
      throw new ValueError('local_num_threads', threads, `${team.threads}, as the threads stay`);
    }
    const { ended } = this.#calls;
    if (ended) return Promise.reject(new SimulationStateError(ended));
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    const all = { ...this.#options, ...Object.fromEntries(given), local_num_threads: threads };
    const next = new Simulation(all, team);
    const reset = this.#calls.add(async () => {
      try {
        const { processes } = processNumbers(all);
        const resolution = next.#grid.resolutionMs;
        await team.reset({ processes, resolution, seed: next.#seed });
      } catch (error) {
        await next.close();
        throw error;
      }
      return next;
    });
    this.#calls.close(WAS_RESET);
    dropped.unregister(this);
    return reset;
  }

  /** Options, and how far it has come. */
  override toString(): string {
    const facts = {
      resolution: this.#grid.resolutionMs,
      rng_seed: this.#seed,
      local_num_threads: this.#team.threads,
      biological_time: this.#grid.ms(this.#runner.now),
      network_size: this.#registry.nodeCount,
    };
    const list = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
    return `Simulation(${list.join(', ')})`;
  }

  override [insteadOfReading](property: string): string | undefined {
    return KERNEL.get(property);
  }

  override [insteadOfAssigning](property: string): string {
    const meant = closest(property, OPTIONS) ?? 'resolution';
    return `options are given at the beginning: simulation({ ${meant}: ... })`;
  }

  #weightRecorderId(value: unknown): number {
    if (value === null) return 0;
    const nodes = idSetOf(value, this.#access);
    const [run, ...others] = nodes ? this.#registry.runsOf(nodes) : [];
    const device = run && this.#registry.blockOf(run.first).device;
    if (device?.name !== 'weight_recorder' || run!.count > 1 || others.length > 0) {
      const expected = 'one node of model weight_recorder of this simulation, or null';
      throw new ValueError('weight_recorder', nodes ? String(value) : value, expected);
    }
    return run!.first;
  }
}

/** A new simulation. Throws UnknownKeyError, ValueError or OffGridError. */
export function simulation(options: SimulationOptions = {}): Simulation {
  return new Simulation(options);
}
