import { describe, expect, test } from 'vitest';
import { scalingCsv, threadsCsv } from '../../../src/report/study/tables.js';
import { point, study } from '../../scaling/studies.js';

function rows(csv: string): string[][] {
  return csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
}

describe('scaling.csv', () => {
  test('has the columns that beNNch’s scripts read, and ours', () => {
    const [head] = rows(scalingCsv(study()));
    expect(head).toEqual([
      'rng_seed',
      'repeat',
      'num_nodes',
      'tasks_per_node',
      'threads_per_task',
      'size',
      'model_time_presim',
      'model_time_sim',
      'wall_time_create',
      'wall_time_connect',
      'wall_time_presim',
      'wall_time_sim',
      'wall_time_phase_total',
      'wall_time_phase_update',
      'wall_time_phase_wait',
      'wall_time_phase_communicate',
      'wall_time_phase_deliver',
      'wall_time_phase_record',
      'load_imbalance',
      'real_time_factor',
      'base_memory',
      'network_memory',
      'total_memory',
      'total_memory_peak',
      'network_size',
      'num_connections',
      'local_spike_counter',
      'synaptic_event_counter',
      'oversubscribed',
      'load',
      'simulator_version',
      'digest',
    ]);
  });

  test('has a row per point: model times in ms, wall times in s, memory in kB', () => {
    const times = { build: 9, update: 0.25, wait: 0, exchange: 0.5, deliver: 0.125, record: 0 };
    const other = { ...times, update: 0.75, wait: 0.5 };
    const mib = 2 ** 20;
    const measured = point(
      { threads: 2, seed: 7, repeat: 3, size: 40 },
      {
        wall: { create: 0.5, connect: 0.25, warmUp: 2, simulate: 1.5 },
        threadTimes: [times, other],
        memory: { base: mib, network: 2 * mib, total: 3 * mib, peak: 4 * mib, accounted: 1 },
        digest: 'd',
      },
    );
    const [head, ...body] = rows(scalingCsv(study({ points: [measured, measured] })));
    expect(body).toHaveLength(2);
    const row = Object.fromEntries(body[0]!.map((cell, i) => [head![i]!, cell]));
    expect(row).toMatchObject({
      rng_seed: '7',
      repeat: '3',
      num_nodes: '1',
      tasks_per_node: '1',
      threads_per_task: '2',
      size: '40',
      model_time_presim: '500',
      model_time_sim: '500',
      wall_time_create: '0.5',
      wall_time_connect: '0.25',
      wall_time_presim: '2',
      wall_time_sim: '1.5',
      wall_time_phase_total: '1.375',
      wall_time_phase_update: '0.5',
      wall_time_phase_wait: '0.25',
      wall_time_phase_communicate: '0.5',
      wall_time_phase_deliver: '0.125',
      wall_time_phase_record: '0',
      real_time_factor: '3',
      base_memory: '1024',
      network_memory: '2048',
      total_memory: '3072',
      total_memory_peak: '4096',
      oversubscribed: 'false',
      simulator_version: 'isospike 0.1.0',
      digest: 'd',
    });
    expect(Number(row.load_imbalance)).toBeCloseTo(1.375 / 1.125 - 1, 12);
  });

  test('quotes a seed that would break a line', () => {
    const csv = scalingCsv(study({ points: [point({ threads: 1, seed: 'a,"b"' })] }));
    expect(csv.split('\n')[1]).toMatch(/^"a,""b""",1,/);
  });
});

test('threads.csv has a row per point and thread', () => {
  const [head, ...body] = rows(threadsCsv(study({ threads: [1, 3], seeds: [1] })));
  expect(head!.slice(0, 6)).toEqual([
    'rng_seed',
    'repeat',
    'threads_per_task',
    'thread',
    'wall_time_build',
    'wall_time_phase_update',
  ]);
  expect(body.map((row) => row.slice(1, 4).join())).toEqual([
    ...['1,1,1', '1,3,1', '1,3,2', '1,3,3'],
    ...['2,1,1', '2,3,1', '2,3,2', '2,3,3'],
  ]);
});
