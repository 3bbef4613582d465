import { expect, test } from 'vitest';
import { mergeSpikes, mergeWeightEvents } from '../../src/experiment/merge.js';

const spikes = (...rows: [time: number, sender: number][]) => ({
  times: Float64Array.from(rows, ([time]) => time),
  senders: Uint32Array.from(rows, ([, sender]) => sender),
});

test('spikes of several recorders, each spike once', () => {
  const a = spikes([0.1, 2], [0.3, 1], [0.3, 1], [0.5, 7]);
  const b = spikes([0.1, 1], [0.3, 1], [0.3, 4]);
  const c = spikes([0.1, 2], [0.9, 3]);
  const all = spikes([0.1, 1], [0.1, 2], [0.3, 1], [0.3, 1], [0.3, 4], [0.5, 7], [0.9, 3]);
  expect(mergeSpikes([a, b, c])).toEqual(all);
  expect(mergeSpikes([c, b, a])).toEqual(all);
  expect(mergeSpikes([a])).toEqual(a);
  expect(mergeSpikes([])).toEqual(spikes());
});

const events = (...rows: [time: number, sender: number, target: number, weight: number][]) => ({
  times: Float64Array.from(rows, ([time]) => time),
  senders: Uint32Array.from(rows, ([, sender]) => sender),
  targets: Uint32Array.from(rows, ([, , target]) => target),
  weights: Float64Array.from(rows, ([, , , weight]) => weight),
});

test('weight events of several recorders, in the order time, sender, target, recorder', () => {
  const a = events([0.1, 2, 3, 1], [0.3, 1, 1, 2], [0.3, 1, 9, 3]);
  const b = events([0.1, 2, 1, 4], [0.1, 2, 3, 5], [0.2, 8, 1, 6]);
  expect(mergeWeightEvents([a, b])).toEqual(
    events(
      [0.1, 2, 1, 4],
      [0.1, 2, 3, 1],
      [0.1, 2, 3, 5],
      [0.2, 8, 1, 6],
      [0.3, 1, 1, 2],
      [0.3, 1, 9, 3],
    ),
  );
  expect(mergeWeightEvents([])).toEqual(events());
});
