import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryError } from '../../src/errors/index.js';
import { MAX_SEGMENT_BYTES, Segment } from '../../src/memory/segment.js';

describe('blocks', () => {
  test('are zeroed, aligned to cache lines, and never at address 0', () => {
    const segment = new Segment();
    for (const length of [0, 1, 7, 8, 9, 1000]) {
      const view = segment.allocateF64(length, 'test');
      expect(view).toEqual(new Float64Array(length));
      expect(view.byteOffset % 64).toBe(0);
      expect(view.byteOffset).toBeGreaterThan(0);
    }
  });

  test('are zeroed again when reused', () => {
    const segment = new Segment();
    const first = segment.allocateI32(100, 'test').fill(-1);
    const { byteOffset } = first;
    segment.release(first);
    const second = segment.allocateI32(100, 'test');
    expect(second.byteOffset).toBe(byteOffset);
    expect(second).toEqual(new Int32Array(100));
  });

  test('are all given back but those that are to be kept, and zeroed when they are reused', () => {
    const segment = new Segment();
    const views = [100, 7, 3000, 1].map((length) => segment.allocateF64(length, 'test').fill(5));
    const held = segment.heldBytes;
    segment.releaseAllBut([views[1]]);
    expect(segment.usedBytes).toBe(64);
    const again = [3000, 100, 8].map((length) => segment.allocateF64(length, 'test'));
    expect(segment.heldBytes).toBe(held);
    for (const view of again) expect(view.every((value) => value === 0)).toBe(true);
    expect(views[1]).toEqual(new Float64Array(7).fill(5));
    segment.releaseAllBut([]);
    expect(segment.usedBytes).toBe(0);
  });

  test('stay where they are when the segment grows, and so do views', () => {
    const segment = new Segment();
    const old = segment.allocateF64(10, 'test').fill(3);
    segment.allocateF64(1e6, 'test');
    old[0] = 4;
    expect(segment.f64[old.byteOffset / 8]).toBe(4);
    expect(segment.f64[old.byteOffset / 8 + 9]).toBe(3);
  });

  test('released twice are a defect', () => {
    const segment = new Segment();
    const view = segment.allocateU32(1, 'test');
    segment.release(view);
    expect(() => segment.release(view)).toThrow(/not allocated/);
    segment.release(undefined);
  });
});

test('neighbours that are released join', () => {
  const segment = new Segment();
  const views = Array.from({ length: 5 }, () => segment.allocateF64(8, 'test'));
  segment.allocateF64(8, 'keeps the top away');
  for (const i of [1, 3, 2]) segment.release(views[i]);
  expect(segment.allocateF64(24, 'test').byteOffset).toBe(views[1].byteOffset);
});

test('bytes in use are counted in cache lines', () => {
  const segment = new Segment();
  expect(segment.usedBytes).toBe(0);
  const view = segment.allocateF64(9, 'test');
  expect(segment.usedBytes).toBe(128);
  segment.release(view);
  expect(segment.usedBytes).toBe(0);
});

test('more than a segment can hold is a MemoryError that says what for', () => {
  const segment = new Segment();
  const call = () => segment.allocateF64(MAX_SEGMENT_BYTES / 8, 'weights');
  expect(call).toThrow(MemoryError);
  expect(call).toThrow('more virtual processes (total_num_virtual_procs)');
  expect(call).toThrow(/weights needs 4295 MB of memory, 4295 are available|weights needs 4295 MB/);
  expect(segment.usedBytes).toBe(0);
  expect(segment.allocateF64(4, 'small')).toHaveLength(4);
});

test('blocks never overlap, whatever is taken and given back', () => {
  const actions = fc.array(fc.record({ length: fc.nat(300), release: fc.nat(20) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(actions, (all) => {
      const segment = new Segment();
      const live: { view: Int32Array; mark: number }[] = [];
      all.forEach(({ length, release }, mark) => {
        live.push({ view: segment.allocateI32(length, 'test').fill(mark), mark });
        if (release < live.length) segment.release(live.splice(release, 1)[0].view);
        for (const { view, mark: own } of live) {
          expect(view.every((word) => word === own)).toBe(true);
        }
      });
      const lines = live.map(({ view }) => Math.max(1, Math.ceil(view.length / 16)));
      expect(segment.usedBytes).toBe(64 * lines.reduce((a, b) => a + b, 0));
      const ends = live.map(({ view }) => view.byteOffset + view.byteLength);
      expect(segment.heldBytes).toBeGreaterThanOrEqual(Math.max(segment.usedBytes, ...ends));
    }),
    { seed: 3, numRuns: 60 },
  );
});
