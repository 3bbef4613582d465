import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CurrentConnection, Currents } from '../../src/engine/currents.js';
import type { CurrentState } from '../../src/engine/device-state.js';
import type { NodeGroup } from '../../src/engine/node-group.js';

const NEURONS = 3;
const GENERATORS = 3;
const STEPS = 60;

interface Scenario {
  readonly connections: readonly CurrentConnection[];
  /** What becomes of generators after which step. */
  readonly changes: readonly { generator: number; since: number; state: CurrentState }[];
}

/** A group of which I_stim is known. */
function told(): { group: NodeGroup; sums: Float64Array } {
  const sums = new Float64Array(NEURONS);
  return { group: { state: () => sums } as unknown as NodeGroup, sums };
}

function stateOf(amplitudes: readonly (readonly [number, number])[], first = 1, end = STEPS) {
  return {
    model: 'step_current_generator',
    steps: Int32Array.from(amplitudes, ([step]) => step),
    amplitudes: Float64Array.from(amplitudes, ([, amplitude]) => amplitude),
    ...{ first, end },
  } as const;
}

const anyStep = fc.integer({ min: 1, max: STEPS });
const anyState: fc.Arbitrary<CurrentState> = fc
  .record({
    changes: fc.uniqueArray(fc.tuple(anyStep, fc.double({ min: -9, max: 9, noNaN: true })), {
      selector: ([step]) => step,
      maxLength: 12,
    }),
    window: fc.tuple(fc.integer({ min: -5, max: 20 }), fc.integer({ min: 20, max: STEPS + 5 })),
  })
  .map(({ changes, window }) =>
    stateOf(
      changes.sort(([a], [b]) => a - b),
      ...window,
    ),
  );

const { group, sums } = told();
const anyConnection: fc.Arbitrary<CurrentConnection> = fc
  .record({
    generator: fc.integer({ min: 1, max: GENERATORS }),
    index: fc.integer({ min: 0, max: NEURONS - 1 }),
    weight: fc.double({ min: -3, max: 3, noNaN: true }),
    delay: fc.integer({ min: 1, max: 7 }),
    call: fc.integer({ min: 0, max: 2 }),
  })
  .map((given) => ({ ...given, group, target: given.index + 1, position: 0, synapse: '' }));

const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  connections: fc.array(anyConnection, { maxLength: 12 }),
  changes: fc
    .array(
      fc.record({
        generator: fc.integer({ min: 1, max: GENERATORS }),
        since: fc.integer({ min: 0, max: STEPS - 1 }),
        state: anyState,
      }),
      { maxLength: 6 },
    )
    .map((changes) => changes.sort((a, b) => a.since - b.since)),
});

/** What a generator emits in a step, looked up from the beginning. */
function emitted(states: readonly { since: number; state: CurrentState }[], step: number): number {
  const { state } = states.findLast(({ since }) => since < step)!;
  if (step < 1 || step < state.first || step >= state.end) return 0;
  const last = state.steps.findLastIndex((s) => s <= step);
  return last < 0 ? 0 : state.amplitudes[last]!;
}

test('sums are those of all contributions in every step, in their order', () => {
  fc.assert(
    fc.property(anyScenario, anyState, ({ connections, changes }, initial) => {
      sums.fill(0);
      const currents = new Currents();
      const states = Array.from({ length: GENERATORS + 1 }, () => [
        { since: Number.NEGATIVE_INFINITY, state: initial },
      ]);
      for (let g = 1; g <= GENERATORS; g++) currents.setState(g, initial, 0);
      for (const connection of connections) currents.add(connection);
      for (let step = 1; step <= STEPS; step++) {
        for (const { generator, since, state } of changes) {
          if (since !== step - 1) continue;
          currents.setState(generator, state, since);
          states[generator]!.push({ since, state });
        }
        currents.prepare(step - 1);
        currents.update(step);
        for (let index = 0; index < NEURONS; index++) {
          const own = connections
            .filter((c) => c.index === index)
            .sort((a, b) => b.delay - a.delay || a.generator - b.generator || a.call - b.call);
          const sum = own.reduce(
            (s, c) => s + c.weight * emitted(states[c.generator]!, step - c.delay),
            0,
          );
          expect(sums[index]).toBe(sum);
        }
      }
    }),
  );
});

test('the next change is told, and neurons that it does not concern are left alone', () => {
  const currents = new Currents();
  currents.setState(1, stateOf([[10, 2]]), 0);
  currents.setState(2, stateOf([[20, 3]], 1, 30), 0);
  expect(currents.nextChange).toBe(Number.POSITIVE_INFINITY);
  const connection = { group, weight: 1, delay: 5, call: 0, position: 0, synapse: '' };
  currents.add({ ...connection, generator: 1, target: 1, index: 0 });
  currents.add({ ...connection, generator: 2, target: 2, index: 1 });
  currents.prepare(0);
  const changes: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    if (currents.nextChange === step) changes.push(step);
    if (step === 15) sums[1] = -7;
    currents.update(step);
    if (step === 16) expect(Array.from(sums.subarray(0, 2))).toEqual([2, -7]);
  }
  // The first after the beginning, and when amplitudes arrive, begin at all (step 1) or end.
  expect(changes).toEqual([1, 6, 15, 25, 35]);
  expect(Array.from(sums.subarray(0, 2))).toEqual([2, 0]);
});
