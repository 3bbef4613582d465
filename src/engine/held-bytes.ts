/**
 * What a virtual process holds for its nodes, connections and records: the segment, and what is
 * beside it as arrays and objects. Arrays count with their length, but for a few bytes a neuron that
 * archives and rows keep aside; objects count with what they were measured to take. Code, and what is
 * only in passing, is not part of it.
 */
import { DEVICE_BYTES } from './device-state.js';
import type { Engine } from './engine.js';

export function heldBytes(engine: Engine): number {
  const { segment, table, output, poisson, rates, trains, currents, devices } = engine;
  const { groupOfLocal, spikeRecords, weightRecords, traceRecords } = engine;
  let records = spikeRecords.bytes;
  for (const record of [...weightRecords.values(), ...traceRecords.values()]) {
    records += record.bytes;
  }
  return (
    segment.heldBytes +
    table.firstRow.byteLength +
    output.bytes +
    groupOfLocal.byteLength +
    poisson.columns.bytes +
    rates.bytes +
    trains.bytes +
    currents.bytes +
    devices * DEVICE_BYTES +
    records
  );
}
