import { expect, test } from 'vitest';
import { ArchiveReach } from '../../src/engine/archive-reach.js';

test('what is not known to a spike is what it was when the spike was sent', () => {
  const known = new ArchiveReach();
  expect(known.serve(100, 20)).toBe(true);
  expect(known.oldest).toBe(100);
  // Nobody can ask for what no delay reached.
  expect(known.serve(300, 20)).toBe(false);
  expect(known.serve(400, 50)).toBe(true);
  expect(known.oldest).toBe(380);
  // Sooner than the longer delay could matter.
  expect(known.serve(410, 80)).toBe(true);
  expect(known.oldest).toBe(380);
  expect(known.serve(1000, 200)).toBe(true);
  expect(known.oldest).toBe(920);
  expect(known.reach(1000)).toBe(800);
  const unknown = [0, 101, 400, 401, 410, 411, 1000, 1001].map((step) => known.unknownTo(step));
  expect(unknown).toEqual([100, 100, 100, 380, 380, 380, 380, 920]);
});
