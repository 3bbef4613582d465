import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordColumns } from '../../src/engine/reader.js';
import { mergeRecords } from '../../src/recording/merge.js';
import { TimeGrid } from '../../src/units/index.js';

const grid = new TimeGrid(0.1);

type Row = [step: number, sender: number, target?: number, weight?: number];

function spikes(...rows: Row[]): RecordColumns {
  return {
    steps: Uint32Array.from(rows, (row) => row[0]),
    senders: Uint32Array.from(rows, (row) => row[1]),
  };
}

function weights(...rows: Row[]): RecordColumns {
  return {
    ...spikes(...rows),
    targets: Uint32Array.from(rows, (row) => row[2]!),
    weights: Float64Array.from(rows, (row) => row[3]!),
  };
}

describe('spikes', () => {
  test('come by time and sender, in ms', () => {
    const merged = mergeRecords([spikes([1, 4], [3, 2]), spikes([1, 3], [2, 1], [3, 1])], grid);
    expect(merged).toEqual({
      times: Float64Array.of(0.1, 0.1, 0.2, 0.3, 0.3),
      senders: Uint32Array.of(3, 4, 1, 1, 2),
    });
  });

  test('of one part stay where they are, in columns of their own', () => {
    const part = spikes([1, 1], [2, 1]);
    const merged = mergeRecords([part], grid);
    expect(merged.senders).toEqual(part.senders);
    expect(merged.senders).not.toBe(part.senders);
  });

  test('none are none', () => {
    expect(mergeRecords([spikes(), spikes()], grid)).toEqual({
      times: new Float64Array(0),
      senders: new Uint32Array(0),
    });
  });

  test('whatever the parts, the outcome is the same', () => {
    const row = fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (all, n) => {
        const byStep = (rows: Row[]) => [...rows].sort((a, b) => a[0] - b[0]);
        const parts = Array.from({ length: n }, (_, rank) =>
          spikes(...byStep(all.filter(([, sender]) => sender % n === rank))),
        );
        expect(mergeRecords(parts, grid)).toEqual(mergeRecords([spikes(...byStep(all))], grid));
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

test('weights come by time, source and target; equal ones keep their order', () => {
  const a = weights([1, 2, 8, 0.1], [1, 2, 4, 0.2], [2, 1, 4, 0.3], [2, 1, 4, 0.25]);
  const b = weights([1, 1, 5, 0.4], [1, 2, 5, 0.5]);
  expect(mergeRecords([a, b], grid)).toEqual({
    times: Float64Array.of(0.1, 0.1, 0.1, 0.1, 0.2, 0.2),
    senders: Uint32Array.of(1, 2, 2, 2, 1, 1),
    targets: Uint32Array.of(5, 4, 5, 8, 4, 4),
    weights: Float64Array.of(0.4, 0.2, 0.5, 0.1, 0.3, 0.25),
  });
});

test('traces keep their columns by name', () => {
  const trace = (sender: number): RecordColumns => ({
    ...spikes([5, sender], [10, sender]),
    variables: ['V_m', 'w'],
    values: [Float64Array.of(sender, 10 * sender), Float64Array.of(-sender, -10 * sender)],
  });
  expect(mergeRecords([trace(2), trace(1)], grid)).toEqual({
    times: Float64Array.of(0.5, 0.5, 1, 1),
    senders: Uint32Array.of(1, 2, 1, 2),
    V_m: Float64Array.of(1, 2, 10, 20),
    w: Float64Array.of(-1, -2, -10, -20),
  });
});
