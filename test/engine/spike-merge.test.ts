import { expect, test } from 'vitest';
import { SPIKE_WORDS } from '../../src/engine/spike-exchange.js';
import { NO_SENDER, SpikeMerge } from '../../src/engine/spike-merge.js';
import { Points } from '../math/points.js';

interface Spike {
  readonly step: number;
  readonly sender: number;
  readonly multiplicity: number;
}

const STEPS = [11, 12, 13, 14, 15];

/** Those of one process, in order; senders are dealt round robin. */
function randomSpikes(points: Points, process: number, processes: number): Spike[] {
  const often = points.word() % 3;
  return STEPS.flatMap((step) =>
    Array.from({ length: 12 }, (_, local) => ({
      step,
      sender: 1 + process + local * processes,
      multiplicity: 1 + (points.word() % 3),
    })).filter(() => points.word() % 3 < often),
  );
}

test.each([1, 2, 3, 4, 7, 33])(
  'spikes of %i processes come by step, then by sender',
  (processes) => {
    const points = new Points(61);
    const merge = new SpikeMerge(processes);
    for (let slice = 0; slice < 20; slice++) {
      const all = Array.from({ length: processes }, (_, r) => randomSpikes(points, r, processes));
      const lists = all.map((spikes, r) => {
        const at = 1 + r;
        const words = new Int32Array(at + spikes.length * SPIKE_WORDS);
        words.set(
          spikes.flatMap(({ step, sender, multiplicity }) => [step, sender, multiplicity]),
          at,
        );
        return { words, at, count: spikes.length };
      });
      merge.begin(lists);
      const merged: Spike[] = [];
      for (const step of STEPS) {
        let sender = merge.senderIn(step);
        for (; sender !== NO_SENDER; sender = merge.senderIn(step)) {
          merged.push({ step, sender, multiplicity: merge.take() });
        }
      }
      expect(merged).toEqual(all.flat().sort((a, b) => a.step - b.step || a.sender - b.sender));
    }
  },
);
