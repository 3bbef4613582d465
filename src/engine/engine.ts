/**
 * One virtual process: its nodes, the synapses onto them, and what it does with them in each phase of
 * a slice. Knows nothing of threads: spikes of other processes come through a SpikeExchange.
 */
import type { ConnectCall } from '../connectivity/connect-call.js';
import { type IdData, type IdRange, idsFrom } from '../connectivity/id-set.js';
import { assert } from '../errors/index.js';
import type { Segment } from '../memory/segment.js';
import type { NeuronDefinition } from '../models/defined/definition.js';
import { NodeModels, synapseModels } from '../models/registry.js';
import type { ArchiveKind, NeuronModel } from '../models/spec.js';
import type { Seed } from '../random/index.js';
import { TimeGrid } from '../units/index.js';
import { ClopathPlasticity } from './clopath-plasticity.js';
import { ConnectionTable } from './connection-table.js';
import { Currents } from './currents.js';
import { Delivery } from './deliver.js';
import type { DeviceState } from './device-state.js';
import { GeneralStage } from './general-stage.js';
import { InputRing, inputPlanes } from './input-ring.js';
import type { KernelCache } from './kernel-cache.js';
import { type GroupValues, NodeGroup } from './node-group.js';
import type { Partition } from './partition.js';
import { Phases } from './phases.js';
import { assignArchives, type Plasticity } from './plasticity.js';
import { PoissonConnections } from './poisson.js';
import { NO_GROUP } from './poisson-columns.js';
import { RateSchedule } from './rate-schedule.js';
import { SpikeRecord, SpikeRecords, TraceRecord, WeightRecord } from './records.js';
import type { SpikeExchange } from './spike-exchange.js';
import { SpikeOutput } from './spike-output.js';
import { SpikeTrains } from './spike-trains.js';
import type { DelayRange, StagedConnections } from './staging.js';
import { StdpPlasticity } from './stdp-plasticity.js';
import { isUniform, UniformStage } from './uniform-stage.js';
import { Workspace } from './workspace.js';

export interface EngineOptions {
  readonly partition: Partition;
  /** ms */
  readonly resolution: number;
  readonly seed: Seed;
  readonly exchange: SpikeExchange;
  /** The node models there are at first (default: the built-in ones). */
  readonly models?: NodeModels;
  /** Most nodes of a tile (default: TILE_NODES). No result depends on it. */
  readonly tileNodes?: number;
  /** Where it works (default: a workspace of its own); a cleared one may have served another. */
  readonly workspace?: Workspace;
}

/** Nodes as the virtual processes are told of them; values are those of the process's own nodes. */
export interface CreateNodes {
  readonly model: string;
  readonly firstId: number;
  readonly size: number;
  readonly parameters: Readonly<Record<string, GroupValues>>;
  readonly state: Readonly<Record<string, GroupValues>>;
}

/** What all virtual processes must agree on before a run. */
export interface RunPlan {
  /** Highest node id. */
  readonly nodes: number;
  readonly sliceSteps: number;
  readonly maxDelaySteps: number;
  /** Longest delay of the plastic connections. */
  readonly plasticDelaySteps: number;
}

/** What a connect call made on one virtual process. */
export interface ConnectOutcome {
  readonly delays: DelayRange | undefined;
}

export class Engine {
  readonly segment: Segment;
  readonly groups: NodeGroup[] = [];
  readonly table: ConnectionTable;
  readonly poisson: PoissonConnections;
  readonly rates: RateSchedule;
  readonly trains = new SpikeTrains();
  readonly currents = new Currents();
  readonly spikeRecords = new SpikeRecords();
  readonly weightRecords = new Map<number, WeightRecord>();
  readonly traceRecords = new Map<number, TraceRecord>();
  readonly output: SpikeOutput;
  readonly partition: Partition;
  readonly grid: TimeGrid;
  private readonly models: NodeModels;
  private readonly ring: InputRing;
  readonly kernels: KernelCache;
  private readonly workspace: Workspace;
  /** Whether there are models of the user's. */
  private definesModels = false;
  private readonly plasticity: Readonly<Record<ArchiveKind, Plasticity>>;
  private readonly plasticities: readonly Plasticity[];
  private readonly deviceModels = new Map<number, DeviceState['model']>();
  private readonly deviceBlocks: IdRange[] = [];
  private readonly delivery: Delivery;
  /** What the cycle of the thread carries out. */
  readonly phases: Phases;
  /** Group of each local node, NO_GROUP for devices. */
  groupOfLocal = new Int32Array(0);
  private staged: StagedConnections | undefined;
  /** Version of the table for which the archives know their synapses. */
  private preparedTable = 0;
  /** Of all runs, in steps. */
  longestSlice = 1;

  constructor(private readonly options: EngineOptions) {
    const { partition, exchange, seed } = options;
    this.partition = partition;
    this.grid = new TimeGrid(options.resolution);
    this.models = options.models ?? new NodeModels();
    this.workspace = options.workspace ?? new Workspace();
    ({ segment: this.segment, kernels: this.kernels } = this.workspace);
    this.table = new ConnectionTable(this.segment);
    this.ring = new InputRing(this.segment);
    this.plasticity = {
      clopath: new ClopathPlasticity(this.table, this.kernels),
      spikes: new StdpPlasticity(this.table, this.ring),
    };
    this.plasticities = Object.values(this.plasticity);
    this.poisson = new PoissonConnections(seed, this.segment, this.kernels);
    this.rates = new RateSchedule(this.poisson);
    this.output = new SpikeOutput(partition, exchange, this.spikeRecords);
    this.delivery = new Delivery(
      { ...this.parts(), plasticity: this.plasticity, weightRecords: this.weightRecords },
      this.kernels,
      partition.processes,
    );
    this.phases = new Phases({
      ring: this.ring,
      groups: this.groups,
      plasticities: this.plasticities,
      rates: this.rates,
      currents: this.currents,
      traceRecords: this.traceRecords,
      output: this.output,
      delivery: this.delivery,
      exchange,
    });
  }

  private parts() {
    const { table, ring, groups, poisson, trains, spikeRecords } = this;
    return { table, ring, groups, poisson, trains, spikeRecords };
  }

  /** Number of devices; every virtual process has all. */
  get devices(): number {
    return this.deviceModels.size;
  }

  /** The last step computed. */
  get now(): number {
    return this.phases.now;
  }

  /** Transmissions over synapses so far. */
  get synapticEvents(): number {
    return this.delivery.events;
  }

  /** Make a model of the user's known, by its name. */
  defineNeuron(definition: NeuronDefinition): void {
    this.models.define(definition);
    this.definesModels = true;
  }

  /**
   * The workspace, unless it has kernels of models of the user's: the next network may mean others by these
   * names. This engine is of no further use.
   */
  leave(): Workspace | undefined {
    return this.definesModels ? undefined : this.workspace;
  }

  createNeurons(nodes: CreateNodes): void {
    const { partition, segment, kernels, output, options } = this;
    const model = this.models.get(nodes.model) as NeuronModel;
    this.addLocals(nodes, this.groups.length);
    const group = new NodeGroup(
      { ...nodes, model },
      partition,
      segment,
      kernels,
      options.resolution,
      output,
      options.tileNodes,
    );
    this.groups.push(group);
    for (const plasticity of this.plasticities) plasticity.addGroup(group);
  }

  /** Devices exist on every virtual process: a generator serves its nodes, a recorder notes them. */
  createDevices(firstId: number, states: readonly DeviceState[]): void {
    this.addLocals({ firstId, size: states.length }, NO_GROUP);
    this.deviceBlocks.push({ first: firstId, count: states.length });
    states.forEach((state, i) => {
      this.deviceModels.set(firstId + i, state.model);
      this.setDevice(firstId + i, state);
    });
  }

  setDevices(ids: Uint32Array, states: readonly DeviceState[]): void {
    states.forEach((state, i) => {
      this.setDevice(ids[i], state);
    });
  }

  /** Expected spikes per step of Poisson generators, and the steps in which they are active. */
  setPoissonGenerators(
    ids: Uint32Array,
    means: Float64Array,
    after: Float64Array,
    until: Float64Array,
  ): void {
    for (let i = 0; i < ids.length; i++) {
      const active = { after: after[i], until: until[i] };
      const state: DeviceState = { model: 'poisson_generator', meanPerStep: means[i], active };
      this.poisson.setState(ids[i], state, this.now);
    }
  }

  /** See RateSchedule.add; what is due now is done now. */
  scheduleRates(ids: Uint32Array, steps: Int32Array, means: Float64Array): void {
    this.rates.add(ids, steps, means);
    this.rates.take(this.now);
  }

  private setDevice(id: number, state: DeviceState): void {
    switch (state.model) {
      case 'poisson_generator':
        return this.poisson.setState(id, state, this.now);
      case 'spike_generator':
        return this.trains.setState(id, state, this.now);
      case 'dc_generator':
      case 'step_current_generator':
        return this.currents.setState(id, state, this.now);
      default:
        return this.setRecorder(id, state);
    }
  }

  private setRecorder(id: number, state: Extract<DeviceState, { active: unknown }>): void {
    const { byRecorder } = this.spikeRecords;
    if (state.model === 'spike_recorder') {
      const record = byRecorder.get(id);
      if (record) record.active = state.active;
      else byRecorder.set(id, new SpikeRecord(state.active));
    } else if (state.model === 'weight_recorder') {
      const record = this.weightRecords.get(id);
      if (record) record.active = state.active;
      else this.weightRecords.set(id, new WeightRecord(state.active));
    } else if (state.model === 'multimeter') {
      const { active, intervalSteps, variables } = state;
      const record = this.traceRecords.get(id);
      // Until it is connected, what it records may change.
      if (record?.observes) Object.assign(record, { active, intervalSteps });
      else this.traceRecords.set(id, new TraceRecord(active, intervalSteps, variables));
    }
  }

  private addLocals(nodes: { firstId: number; size: number }, group: number): void {
    const last = nodes.firstId + nodes.size - 1;
    const before = this.groupOfLocal;
    this.groupOfLocal = new Int32Array(this.partition.countUpTo(last)).fill(group);
    this.groupOfLocal.set(before);
    this.output.resize(this.groupOfLocal.length);
  }

  /** Group of an owned node and its index within the group. */
  locate(id: number): { group: NodeGroup; groupIndex: number; index: number } {
    const local = this.partition.localIndex(id);
    const groupIndex = this.groupOfLocal[local];
    const group = this.groups[groupIndex];
    return { group, groupIndex, index: local - group.firstLocal };
  }

  /** Parameters of all nodes of a group changed: the process's own values. */
  setParameters(group: number, values: Readonly<Record<string, GroupValues>>): void {
    for (const [name, value] of Object.entries(values))
      this.groups[group].setParameter(name, value);
    this.groups[group].kernel.refresh();
    for (const plasticity of this.plasticities) plasticity.refresh(group, this.now);
  }

  /** State of owned nodes, given by their indices within the group. */
  setState(group: number, name: string, indices: Uint32Array, values: GroupValues): void {
    this.groups[group].setState(name, indices, values);
  }

  /** First half of a connect call: make the connections without using them yet. */
  stageConnections(call: ConnectCall): ConnectOutcome {
    const model = synapseModels.get(call.synapse.model)!;
    this.staged = this.takesUniformPath(call)
      ? new UniformStage(call, model, this, this.options.seed)
      : new GeneralStage(call, model, this, this.options.seed);
    return { delays: this.staged.delays };
  }

  /** Whether the quick way of making connections serves the call (see uniform-stage.ts). */
  private takesUniformPath(call: ConnectCall): boolean {
    const holdsDevice = ({ first, count }: IdRange): boolean =>
      this.deviceBlocks.some((d) => d.first < first + count && first < d.first + d.count);
    return isUniform(call) && !idsFrom(call.sources).ranges.some(holdsDevice);
  }

  /** Second half, once all processes have staged without error. */
  commitConnections(): void {
    assert(this.staged, 'commit without staged connections');
    this.staged.commit();
    const { archive } = this.staged.model;
    if (archive) this.beginArchives(this.staged.call, archive);
    this.staged = undefined;
  }

  /** Every virtual process begins the archive of a population at the same time, whoever gets the synapses. */
  private beginArchives(call: ConnectCall, kind: ArchiveKind): void {
    const { ranges } = idsFrom(call.targets);
    this.groups.forEach((group, g) => {
      const end = group.firstId + group.populationSize;
      const isTarget = ranges.some((r) => r.first < end && group.firstId < r.first + r.count);
      if (!isTarget) return;
      for (const plasticity of this.plasticities) plasticity.begin(g, kind);
    });
  }

  discardConnections(): void {
    this.staged?.discard();
    this.staged = undefined;
  }

  /** Sources that send one train to all their targets; other generators keep single connections. */
  hasRows(source: number): boolean {
    const model = this.deviceModels.get(source);
    return model === undefined || model === 'spike_generator';
  }

  isPoisson(source: number): boolean {
    return this.deviceModels.get(source) === 'poisson_generator';
  }

  /** A spike recorder listens to neurons of this process, or to generators whose ids it owns. */
  recordSpikes(recorder: number, senders: IdData, call: number): void {
    const ids = idsFrom(senders);
    for (let i = 0; i < ids.length; i++) {
      const sender = ids.id(i);
      if (this.deviceModels.get(sender) === 'poisson_generator') {
        if (this.partition.owns(recorder)) this.recordPoisson(recorder, sender, call);
      } else if (this.partition.owns(sender)) {
        this.spikeRecords.subscribe(sender, recorder);
      }
    }
  }

  /** A recorder is one more target of a Poisson generator, with a train of its own. */
  private recordPoisson(recorder: number, generator: number, call: number): void {
    const unused = { group: NO_GROUP, index: 0, weight: 1, delay: 1, position: 0, synapse: '' };
    this.poisson.add({ generator, target: recorder, call, ...unused }, this.now);
  }

  recordTraces(multimeter: number, nodes: IdData): void {
    const ids = idsFrom(nodes);
    const record = this.traceRecords.get(multimeter)!;
    for (let i = 0; i < ids.length; i++) {
      if (!this.partition.owns(ids.id(i))) continue;
      const { group, index } = this.locate(ids.id(i));
      record.observe(group, index);
    }
  }

  /** Make everything ready for a run; allocates, so that the run itself need not. */
  prepare(plan: RunPlan): void {
    const { table, now } = this;
    table.sortRows(plan.nodes);
    const planes = inputPlanes(this.groups.map(({ model }) => model));
    this.ring.resize(now, plan.maxDelaySteps, this.groupOfLocal.length, planes);
    if (this.preparedTable !== table.version) assignArchives(table, this.plasticities);
    this.preparedTable = table.version;
    for (const plasticity of this.plasticities) {
      plasticity.resize(now, plan.plasticDelaySteps, plan.sliceSteps);
    }
    this.poisson.prepare(now);
    this.currents.prepare(now);
    this.phases.prepare();
    this.longestSlice = Math.max(this.longestSlice, plan.sliceSteps);
  }

  /** Weights or parameters of connections are about to be set. */
  beforeConnectionsChange(): void {
    for (const plasticity of this.plasticities) plasticity.beforeChange(this.now);
  }
}
