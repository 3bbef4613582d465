import { expect, test } from 'vitest';
import { Pace } from '../../src/live/pace.js';

let now = 0;
const taking = (ms: number) => async () => {
  now += ms;
};

test('turns come at an interval, and one that is not due is left out', async () => {
  now = 0;
  const pace = new Pace(200, 0.1, () => now);
  expect(pace.waitMs).toBe(0);
  await pace.turn(taking(5));
  expect(pace.waitMs).toBe(200);
  now += 150;
  expect(pace.waitMs).toBe(50);
  await pace.turn(taking(1000));
  expect(now).toBe(155);
  now += 50;
  await pace.turn(taking(1));
  expect(now).toBe(206);
});

test('turns that take long are rarer, so that they take no more than their share', async () => {
  now = 0;
  const pace = new Pace(200, 0.01, () => now);
  await pace.turn(taking(30));
  expect(pace.waitMs).toBe(200);
  for (let turn = 0; turn < 20; turn++) {
    now += pace.waitMs;
    await pace.turn(taking(30));
    expect(pace.waitMs).toBe(3000);
  }
  // One that took long by chance is forgiven, two are not.
  now += pace.waitMs;
  await pace.turn(taking(500));
  expect(pace.waitMs).toBe(3000);
  now += pace.waitMs;
  await pace.turn(taking(400));
  expect(pace.waitMs).toBe(40_000);
});

test('a turn can be demanded', async () => {
  now = 0;
  const pace = new Pace(200, 0.1, () => now);
  await pace.turn(taking(1));
  await pace.turn(taking(7), true);
  expect(now).toBe(8);
});
