import { expect, test } from 'vitest';
import type { SpikeTrainState } from '../../src/engine/device-state.js';
import { SpikeTrains } from '../../src/engine/spike-trains.js';

function stateOf(steps: readonly number[], factor = 1): SpikeTrainState {
  return {
    model: 'spike_generator',
    steps: Int32Array.from(steps),
    factors: new Float64Array(steps.length).fill(factor),
    multiplicities: new Int32Array(steps.length).fill(1),
    active: { after: 0, until: 100 },
  };
}

test('a generator set anew keeps its place, and fires as it says from then on', () => {
  const trains = new SpikeTrains();
  for (const id of [3, 4, 5]) trains.setState(id, stateOf([1, 2, 3]), 0);
  trains.fire(1);
  expect(trains.senders).toEqual([3, 4, 5]);
  trains.setState(4, stateOf([1, 2, 4], 7), 1);
  trains.fire(2);
  expect(trains.senders).toEqual([3, 4, 5]);
  expect(trains.factors).toEqual([1, 7, 1]);
  trains.fire(3);
  expect(trains.senders).toEqual([3, 5]);
  trains.fire(4);
  expect(trains.senders).toEqual([4]);
});
