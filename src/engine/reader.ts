/** What the main thread asks an engine between runs: states, records, connections, digest, status. */
import {
  type ConnectionColumns,
  type ConnectionFilter,
  getConnections,
  setConnections,
} from './connection-query.js';
import { NodeAccumulators } from './digest.js';
import type { Engine } from './engine.js';
import { heldBytes } from './held-bytes.js';
import { type Observed, type ObserveRequest, observe } from './observation.js';
import * as R from './row.js';

/**
 * Records of one recorder on one virtual process, in the order of slices; in a slice, spikes of neurons in the order of
 * steps, then those of generators.
 */
export interface RecordColumns {
  readonly senders: Uint32Array;
  readonly steps: Uint32Array;
  readonly targets?: Uint32Array;
  readonly weights?: Float64Array;
  readonly variables?: readonly string[];
  readonly values?: readonly Float64Array[];
}

export interface EngineStatus {
  readonly connections: number;
  /** Spikes of this process's nodes, and transmissions over its synapses, since the beginning. */
  readonly spikes: number;
  readonly synapticEvents: number;
  /** Bytes allocated in the segment. */
  readonly segmentBytes: number;
  /** Bytes held in all, see held-bytes.ts. */
  readonly heldBytes: number;
}

export class EngineReader {
  constructor(private readonly engine: Engine) {}

  /** State variables of the process's nodes of a group, one column per name. */
  readState(group: number, names: readonly string[]): Float64Array[] {
    return names.map((name) => this.engine.groups[group].state(name).slice());
  }

  /** Spikes so far of all nodes of this process. */
  spikeCounts(): Float64Array {
    return this.engine.output.counts.slice();
  }

  observe(request: ObserveRequest): Observed {
    return observe(this.engine, request);
  }

  readRecord(recorder: number): RecordColumns {
    const { spikeRecords, weightRecords, traceRecords } = this.engine;
    const trace = traceRecords.get(recorder);
    if (trace) {
      const { senders, steps, variables, values } = trace;
      return {
        senders: senders.toArray(),
        steps: steps.toArray(),
        variables,
        values: values.map((column) => column.toArray()),
      };
    }
    const weight = weightRecords.get(recorder);
    if (weight) {
      return {
        senders: weight.senders.toArray(),
        steps: weight.steps.toArray(),
        targets: weight.targets.toArray(),
        weights: weight.weights.toArray(),
      };
    }
    const { senders, steps } = spikeRecords.byRecorder.get(recorder)!;
    return { senders: senders.toArray(), steps: steps.toArray() };
  }

  recordLength(recorder: number): number {
    return this.record(recorder).steps.length;
  }

  clearRecord(recorder: number): void {
    this.record(recorder).clear();
  }

  private record(recorder: number) {
    const { spikeRecords, weightRecords, traceRecords } = this.engine;
    return (
      traceRecords.get(recorder) ??
      weightRecords.get(recorder) ??
      spikeRecords.byRecorder.get(recorder)!
    );
  }

  getConnections(filter: ConnectionFilter): ConnectionColumns {
    return getConnections(this.engine, filter);
  }

  setConnections(
    filter: ConnectionFilter,
    values: Readonly<Record<string, number | Float64Array>>,
  ): void {
    setConnections(this.engine, filter, values);
  }

  /** Accumulators of all owned nodes, fed with their present state and incoming weights. */
  accumulators(): Uint32Array {
    const { segment, table, groups, output } = this.engine;
    const all = new NodeAccumulators(output.counts.length, output.accumulators);
    for (const group of groups) {
      for (const name of Object.keys(group.model.state)) {
        const column = group.state(name);
        for (let i = 0; i < group.size; i++) all.feedF64(group.firstLocal + i, column[i]);
      }
    }
    table.sortRows(Math.max(table.firstRow.length - 2, table.largestSource()));
    for (let row = 0; row < table.rowCount; row++) {
      const at = table.rowAt(row);
      const { firstLocal } = groups[segment.i32[at + R.ROW_GROUP]];
      for (let i = 0; i < segment.i32[at + R.ROW_COUNT]; i++) {
        const target = firstLocal + table.targetOf(at, i);
        all.feed(target, segment.i32[at + R.ROW_SOURCE]);
        all.feedF64(target, segment.f64[segment.i32[at + R.ROW_WEIGHTS] + i]);
      }
    }
    return all.words;
  }

  status(): EngineStatus {
    const { table, poisson, currents, output, segment, synapticEvents } = this.engine;
    return {
      connections: table.connectionCount + poisson.toNodes + currents.connections.length,
      spikes: output.counts.reduce((sum, count) => sum + count, 0),
      synapticEvents,
      segmentBytes: segment.usedBytes,
      heldBytes: heldBytes(this.engine),
    };
  }
}
