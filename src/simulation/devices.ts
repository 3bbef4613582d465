/** Creating devices, and getting and setting their values, on behalf of Nodes. */

import type { IdSet } from '../connectivity/id-set.js';
import type { DeviceState, PoissonState } from '../engine/device-state.js';
import { UnknownKeyError, ValueError } from '../errors/index.js';
import type { DeviceModel } from '../models/spec.js';
import type { WorkerTeam } from '../parallel/worker-team.js';
import type { TimeGrid } from '../units/index.js';
import {
  checkChangeable,
  checkRates,
  type DeviceValues,
  deviceChecks,
  deviceState,
  isScalar,
  meanPerStep,
  parseDeviceValue,
} from './device-values.js';
import type { MemoryBudget } from './memory.js';
import type { NodeModelEntry } from './model-registry.js';
import type { NodeValues, Rate, Times } from './node-collection.js';
import type { NodeDraws } from './node-draws.js';
import { type NodeBlock, type NodeRegistry, readableNames } from './node-registry.js';
import { isArrayLike, type Params, plainNumber } from './values.js';

/** Rates of the generators of a block from its index `from` on, after a step. */
interface ScheduledRates {
  readonly block: NodeBlock;
  readonly from: number;
  readonly step: number;
  readonly rates: Float64Array;
}

/** By generator, in spikes/s and as expected spikes per step. */
interface RateColumns {
  readonly rates: Float64Array;
  readonly means: Float64Array;
}

export class Devices {
  /** By step. */
  private readonly scheduled: ScheduledRates[] = [];

  constructor(
    private readonly registry: NodeRegistry,
    private readonly grid: TimeGrid,
    private readonly draws: NodeDraws,
    private readonly team: WorkerTeam,
    private readonly memory: MemoryBudget,
    /** The last step computed. */
    private readonly now: () => number,
  ) {}

  create(entry: NodeModelEntry, model: DeviceModel, ids: IdSet, params: Params): void {
    this.memory.checkDevices(ids.length);
    const defaults = Array.from({ length: ids.length }, () => entry.device);
    const values = this.changed(entry.name, model, ids, params, defaults);
    const states = values.map((v) => deviceState(model, v, this.grid));
    const block = this.registry.add(entry, ids.length, {}, values);
    this.post((rank) => this.team.post(rank, 'createDevices', block.firstId, states));
  }

  /** Checks a change of devices of one block, and returns what carries it out. */
  change(block: NodeBlock, model: DeviceModel, ids: IdSet, params: Params): () => void {
    const { n_events, ...others } = params;
    const empties = 'n_events' in params;
    if (empties && (model.kind !== 'recorder' || n_events !== 0)) {
      throw new ValueError(
        `${block.name}.n_events`,
        n_events,
        '0, on a recorder: it empties the recorder',
      );
    }
    if (ids.toArray().some((id) => this.registry.connectedMeters.has(id))) {
      for (const [key, value] of Object.entries(others)) {
        checkChangeable(block.name, model, key, value);
      }
    }
    this.takeScheduled();
    const from = ids.id(0) - block.firstId;
    const before = block.deviceValues.slice(from, from + ids.length);
    const values = this.changed(block.name, model, ids, others as Params, before);
    const states =
      Object.keys(others).length > 0 ? values.map((v) => deviceState(model, v, this.grid)) : [];
    return () => {
      values.forEach((v, i) => {
        block.deviceValues[from + i] = v;
      });
      if (states.length > 0) this.postStates(ids, states);
      if (!empties) return;
      for (const id of ids.toArray()) {
        this.post((rank) => this.team.post(rank, 'clearRecord', id));
      }
    };
  }

  /** Checks rates of Poisson generators of one block from times on; returns what schedules them. */
  rateChanges(block: NodeBlock, ids: IdSet, times: Times, rates: readonly Rate[]): () => void {
    const steps = this.scheduleSteps(times);
    if (rates.length !== steps.length) {
      throw new ValueError(
        'rates',
        `${rates.length} of them`,
        `one for each of ${steps.length} times`,
      );
    }
    this.memory.checkRates(ids.length * steps.length);
    // A list that is given for several times is looked at once.
    const known = new Map<Rate, RateColumns>();
    const columns = rates.map((rate, i) => {
      const found = known.get(rate) ?? this.rateColumns(`rates[${i}]`, rate, ids);
      known.set(rate, found);
      return found;
    });
    const means = new Float64Array(ids.length * steps.length);
    for (const [i, column] of columns.entries()) means.set(column.means, i * ids.length);
    return () => {
      const from = ids.id(0) - block.firstId;
      for (const [i, { rates }] of columns.entries()) {
        this.scheduled.push({ block, from, step: steps[i]!, rates });
      }
      this.scheduled.sort((a, b) => a.step - b.step);
      const list = ids.toArray();
      this.post((rank) => this.team.post(rank, 'scheduleRates', list, steps, means));
    };
  }

  private rateColumns(where: string, rate: Rate, ids: IdSet): RateColumns {
    if (typeof rate !== 'number' && !isArrayLike(rate)) {
      throw new ValueError(where, rate, 'a number, or one for each node');
    }
    const given = this.draws.resolve(where, 'rate', rate, ids);
    checkRates(where, given, this.grid);
    const rates = typeof given === 'number' ? new Float64Array(ids.length).fill(given) : given;
    return { rates, means: rates.map((one) => meanPerStep(one, this.grid)) };
  }

  private scheduleSteps(times: Times): Int32Array {
    if (!isArrayLike(times)) throw new ValueError('times', times, 'a list of times in ms');
    let before = this.now() - 1;
    return Int32Array.from(times, (ms, i) => {
      const where = `times[${i}]`;
      const step = this.grid.steps(where, plainNumber(where, ms));
      if (step <= before) {
        const earliest = this.grid.ms(before + 1);
        throw new ValueError(
          where,
          ms,
          `times in ascending order, from the present one on: at least ${earliest} ms`,
        );
      }
      before = step;
      return step;
    });
  }

  /** Rates that have been scheduled and whose time has come are those of the generators. */
  private takeScheduled(): void {
    while (this.scheduled.length > 0 && this.scheduled[0]!.step <= this.now()) {
      const { block, from, rates } = this.scheduled.shift()!;
      rates.forEach((rate, i) => {
        block.deviceValues[from + i] = { ...block.deviceValues[from + i]!, rate };
      });
    }
  }

  /** One message a virtual process; in columns for Poisson generators, whose rates are set often and many at once. */
  private postStates(ids: IdSet, states: readonly DeviceState[]): void {
    const list = ids.toArray();
    if (states.every((state) => state.model === 'poisson_generator')) {
      const column = (of: (state: PoissonState) => number) => Float64Array.from(states, of);
      const means = column((state) => state.meanPerStep);
      const after = column((state) => state.active.after);
      const until = column((state) => state.active.until);
      this.post((rank) => this.team.post(rank, 'setPoissonGenerators', list, means, after, until));
    } else {
      this.post((rank) => this.team.post(rank, 'setDevices', list, states));
    }
  }

  /** The values of devices with those given replaced, one record per device, checked. */
  private changed(
    name: string,
    model: DeviceModel,
    ids: IdSet,
    params: Params,
    before: readonly DeviceValues[],
  ): DeviceValues[] {
    const values = before.map((v) => ({ ...v }));
    for (const [key, value] of Object.entries(params)) {
      if (!Object.hasOwn(model.parameters, key)) {
        throw new UnknownKeyError(name, key, Object.keys(model.parameters));
      }
      const each = this.valuePerDevice(`${name}.${key}`, model, key, value, ids);
      values.forEach((v, i) => {
        v[key] = parseDeviceValue(model, key, each(i), this.grid);
      });
    }
    const checks = deviceChecks(model);
    for (const v of values) {
      for (const { check } of checks) check(v);
    }
    return values;
  }

  /** Scalars: as for neurons. Lists: one list for all devices, or a list of lists. */
  private valuePerDevice(
    where: string,
    model: DeviceModel,
    key: string,
    value: unknown,
    ids: IdSet,
  ): (device: number) => unknown {
    if (!isScalar(model.parameters[key]!)) {
      if (!isListOfLists(value)) return () => value;
      if (value.length === ids.length) return (i) => value[i];
      throw new ValueError(where, value, `one list for each of ${ids.length} nodes`);
    }
    if (typeof value !== 'object' || value === null) return () => value;
    const resolved = this.draws.resolve(where, key, value, ids);
    return (i) => (typeof resolved === 'number' ? resolved : resolved[i]);
  }

  /** A parameter of devices of one block, or the number of events of recorders. */
  async column(block: NodeBlock, model: DeviceModel, ids: IdSet, name: string) {
    const known = readableNames(block);
    if (!known.includes(name)) {
      const isEvents = model.kind === 'recorder' && name === 'events';
      const hint = isEvents ? 'use await nodes.events()' : undefined;
      throw new UnknownKeyError(block.name, name, known, hint);
    }
    if (name === 'n_events') return this.eventCounts(ids);
    this.takeScheduled();
    const from = ids.id(0) - block.firstId;
    const values = block.deviceValues.slice(from, from + ids.length).map((v) => v[name]!);
    if (isScalar(model.parameters[name]!)) return Float64Array.from(values as number[]);
    return values.map((v) => [...(v as readonly number[])]) as NodeValues;
  }

  private async eventCounts(ids: IdSet): Promise<Float64Array> {
    const lengths = await Promise.all(
      Array.from(ids.toArray(), (id) => this.team.all('recordLength', id)),
    );
    return Float64Array.from(lengths, (answers) => answers.reduce((sum, n) => sum + n, 0));
  }

  /** Queue a command for every virtual process; it was checked here, so none can refuse it. */
  private post(postTo: (rank: number) => void): void {
    for (const rank of this.team.ranks()) postTo(rank);
  }
}

export function isListOfLists(value: unknown): value is ArrayLike<ArrayLike<unknown>> {
  return isArrayLike(value) && value.length > 0 && isArrayLike(value[0]);
}
