/** Any connect call: connections are collected one by one, sorted, and cut into rows. */
import type { ConnectCall } from '../connectivity/connect-call.js';
import type { SynapseModel } from '../models/spec.js';
import type { Seed } from '../random/index.js';
import { RowBuilder, type Stretch, stretches } from './build.js';
import { ConnectionBatch } from './connection-batch.js';
import type { Engine } from './engine.js';
import type { DelayRange, StagedConnections } from './staging.js';

export class GeneralStage implements StagedConnections {
  readonly delays: DelayRange | undefined;
  private readonly batch: ConnectionBatch;

  /** Throws ValueError or BadParametersError if drawn values are not valid. */
  constructor(
    readonly call: ConnectCall,
    readonly model: SynapseModel,
    private readonly engine: Engine,
    seed: Seed,
  ) {
    this.batch = new ConnectionBatch(call, model, engine.partition, seed, engine.grid.resolutionMs);
    this.delays = this.delayRange();
  }

  private delayRange(): DelayRange | undefined {
    const { delays, length } = this.batch;
    if (length === 0) return undefined;
    let min = delays[0];
    let max = min;
    for (let i = 1; i < length; i++) {
      if (delays[i] < min) min = delays[i];
      if (delays[i] > max) max = delays[i];
    }
    return { min, max };
  }

  commit(): void {
    const { batch, engine, call, model } = this;
    if (batch.length === 0) return;
    const order = batch.sorted();
    const sources = batch.sources.subarray(0, batch.length);
    const inRows = sources.filter((source) => engine.hasRows(source)).length;
    engine.poisson.columns.reserve(sources.filter((source) => engine.isPoisson(source)).length);
    const builder = new RowBuilder(engine.table, call, model, batch, order, inRows);
    const groupOf = (local: number): number => engine.groupOfLocal[local];
    for (const stretch of stretches(batch, order, engine.groups, groupOf)) {
      if (engine.hasRows(stretch.source)) {
        builder.add(stretch, engine.groups[stretch.group].firstLocal);
      } else {
        this.connectGenerator(stretch, order);
      }
    }
  }

  discard(): void {}

  /** Poisson and current generators keep their connections one by one. */
  private connectGenerator(stretch: Stretch, order: Uint32Array): void {
    const { engine } = this;
    const { group, source } = stretch;
    const isPoisson = engine.isPoisson(source);
    for (let j = stretch.from; j < stretch.to; j++) {
      if (isPoisson) engine.poisson.add(this.connection(stretch, order[j], group), engine.now);
      else engine.currents.add(this.connection(stretch, order[j], engine.groups[group]));
    }
  }

  private connection<Group>(stretch: Stretch, i: number, group: Group) {
    const { batch, engine, call } = this;
    return {
      generator: stretch.source,
      target: engine.partition.idOf(batch.targets[i]),
      group,
      index: batch.targets[i] - engine.groups[stretch.group].firstLocal,
      weight: batch.weights[i],
      delay: stretch.delay,
      call: call.call,
      position: i,
      synapse: call.synapse.name,
    };
  }
}
