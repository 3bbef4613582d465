/** Plastic rows: three ways to the same bits, and the entry-by-entry sum of the literal synapse. */
import { describe, expect, test } from 'vitest';
import { exactly } from '../kernel/workbench.js';
import { Points } from '../math/points.js';
import {
  ClopathArchive as LiteralArchive,
  PLASTICITY_DEFAULTS,
} from '../oracle/clopath-archive.js';
import { createClopathSynapse, type PlasticSynapse } from '../oracle/clopath-synapse.js';
import { Activity, randomGap, randomRows } from './plastic-cases.js';
import { PlasticRows, type RowSpec, type States } from './plastic-rows.js';

const SIZE = 43;
const h = 0.1;
/** Epochs of 80, 240 and 400 steps. */
const TAUS = [1, 3, 5];

/** The literal synapses of the same rows. */
class Literal {
  readonly archives: LiteralArchive[];
  readonly synapses: PlasticSynapse[][];

  constructor(
    rows: readonly RowSpec[],
    size: number,
    given: (neuron: number) => object,
    h: number,
  ) {
    this.archives = Array.from(
      { length: size },
      (_, i) => new LiteralArchive({ ...PLASTICITY_DEFAULTS, ...given(i) }, h),
    );
    this.synapses = rows.map(({ targets, weights, tau_x, Wmin, Wmax, delay }) =>
      targets.map((target, i) =>
        createClopathSynapse(weights[i], { tau_x, Wmin, Wmax }, delay, h, this.archives[target]),
      ),
    );
  }

  step(step: number, states: States): void {
    this.archives.forEach((archive, i) => {
      const { V_m, u_bar_plus, u_bar_minus, u_bar_bar } = states;
      archive.record(step, {
        V_m: V_m[i],
        u_bar_plus: u_bar_plus[i],
        u_bar_minus: u_bar_minus[i],
        u_bar_bar: u_bar_bar[i],
      });
    });
  }

  spike(row: number, step: number, multiplicity: number): void {
    for (let q = 0; q < multiplicity; q++) for (const s of this.synapses[row]) s.transmit(step);
  }
}

/** Largest deviation of a row's weights, relative to the largest weight it may have. */
function deviation(rows: PlasticRows, literal: Literal, row: number, scale?: number): number {
  const weights = rows.weights(row);
  return weights.reduce((worst, weight, i) => {
    const expected = literal.synapses[row][i].weight();
    const size = scale ?? Math.max(1e-300, Math.abs(expected));
    return Math.max(worst, weight === expected ? 0 : Math.abs(weight - expected) / size);
  }, 0);
}

/** Spikes of all rows at random: calls `on` for each. */
function schedule(points: Points, rows: readonly RowSpec[]) {
  const next = rows.map(() => 1 + (points.word() % 60));
  return (step: number, on: (row: number, multiplicity: number) => void): void => {
    next.forEach((due, row) => {
      if (due !== step) return;
      on(row, points.word() % 8 === 0 ? 2 + (points.word() % 2) : 1);
      next[row] = step + randomGap(points, (8 * rows[row].tau_x) / h);
    });
  };
}

describe('kernels in WebAssembly, in JavaScript and synapse by synapse: the same bits', () => {
  const GIVEN = { A_LTD: 2e-4, A_LTP: 5e-4 };

  type Way = { readonly rows: PlasticRows; readonly signed: boolean };

  /** By kernels for both kinds of input, and by none, as with an archive that says that it keeps entries. */
  function allWays(rows: readonly RowSpec[]): Way[] {
    const made = (kernels: 'wasm' | 'javascript') =>
      new PlasticRows(SIZE, rows, GIVEN, { kernels });
    const literal = [false, true].map((signed) => ({ rows: made('wasm'), signed }));
    for (const one of literal) one.rows.archive.hasEntries = true;
    const byKernels = [false, true].flatMap((signed) => [
      { rows: made('wasm'), signed },
      { rows: made('javascript'), signed },
    ]);
    return [...byKernels, ...literal];
  }

  function expectSame(all: readonly Way[], row: number, step: number): void {
    const [expected, ...others] = all.map((one) => exactly(one.rows.everything(row)));
    for (const other of others) expect(other, `row ${row}, step ${step}`).toEqual(expected);
  }

  function expectSameSpike(all: readonly Way[], row: number, step: number, multiplicity = 1): void {
    for (const kind of [false, true]) {
      const [expected, ...others] = all
        .filter(({ signed }) => signed === kind)
        .map(({ rows, signed }) => exactly(rows.spike(row, step, multiplicity, signed)));
      for (const other of others) expect(other, `row ${row}, step ${step}`).toEqual(expected);
    }
    expectSame(all, row, step);
  }

  test('of spikes at random', () => {
    const points = new Points(21);
    const rows = randomRows(points, SIZE, TAUS);
    // Above its cap, a row takes no kernel until there is potentiation.
    rows[20] = { ...rows[20], weights: rows[20].weights.map(() => rows[20].Wmax + 0.25) };
    const all = allWays(rows);
    const activity = new Activity(points, SIZE);
    const spikes = schedule(points, rows);
    let settled = 0;
    for (let step = 1; step <= 8000; step++) {
      const states = activity.next(step);
      for (const one of all) {
        one.rows.step(step, states);
        if (step % 80 === 0) one.rows.settle(step);
      }
      spikes(step, (row, multiplicity) => {
        settled += all[0].rows.isSettled(row) ? 1 : 0;
        expectSameSpike(all, row, step, multiplicity);
      });
    }
    expect(settled).toBeGreaterThan(20);
  });

  test('of spikes that are three to six epochs apart, and of rows just settled', () => {
    const points = new Points(27);
    const rows = randomRows(points, SIZE, TAUS);
    const all = allWays(rows);
    const activity = new Activity(points, SIZE);
    /** The window as it is when a spike comes: spikes by the number of epochs that it reaches over. */
    const spikes = new Map<number, number>();
    const latest = rows.map(() => 0);
    const due = rows.map(() => 1 + (points.word() % 60));
    let settled = 0;
    for (let step = 1; step <= 12_000; step++) {
      const states = activity.next(step);
      for (const one of all) one.rows.step(step, states);
      rows.forEach(({ tau_x, delay }, row) => {
        const epoch = (8 * tau_x) / h;
        if (due[row] === step) {
          const reached = (at: number): number => Math.floor(Math.max(0, at - delay) / epoch);
          const epochs = reached(step) - reached(latest[row]) + 1;
          spikes.set(epochs, (spikes.get(epochs) ?? 0) + 1);
          expectSameSpike(all, row, step);
          latest[row] = step;
          // Every fifth spike waits until the row is settled.
          const gap = points.word() % 5 === 0 ? [6, 8] : [2, 6];
          due[row] = step + Math.ceil(epoch * points.uniform(1, gap[0], gap[1])[0]);
        }
      });
      if (step % 80 !== 0) continue;
      const before = rows.map((_, row) => all[0].rows.isSettled(row));
      for (const one of all) one.rows.settle(step);
      rows.forEach((_, row) => {
        if (before[row] || !all[0].rows.isSettled(row)) return;
        settled += 1;
        expectSame(all, row, step);
      });
    }
    for (const epochs of [3, 4, 5, 6]) expect(spikes.get(epochs)).toBeGreaterThan(10);
    expect(settled).toBeGreaterThan(20);
  });
});

describe('the entry-by-entry sum', () => {
  test.each([
    ['constant amplitudes', { A_LTD: 2e-4, A_LTP: 5e-4 }],
    [
      'homeostatic depression',
      { A_LTD: 2e-4, A_LTP: 5e-4, A_LTD_const: false, u_ref_squared: 4000 },
    ],
    ['depression alone', { A_LTD: 2e-4, A_LTP: 0 }],
    ['potentiation that depresses', { A_LTD: 1e-5, A_LTP: -2e-4 }],
  ])('is what the weights come from: %s', (_, given) => {
    const points = new Points(22);
    const rows = randomRows(points, SIZE, TAUS);
    const inEngine = { ...given, A_LTD_const: 'A_LTD_const' in given ? 0 : 1 };
    const engine = new PlasticRows(SIZE, rows, inEngine);
    const literal = new Literal(rows, SIZE, () => given, h);
    const activity = new Activity(points, SIZE);
    const spikes = schedule(points, rows);
    let events = 0;
    for (let step = 1; step <= 5000; step++) {
      const states = activity.next(step);
      engine.step(step, states);
      literal.step(step, states);
      if (step % 80 === 0) engine.settle(step);
      spikes(step, (row, multiplicity) => {
        engine.spike(row, step, multiplicity);
        literal.spike(row, step, multiplicity);
        const { Wmax, Wmin, weights } = rows[row];
        const scale = Math.max(...[...weights, Wmin].map(Math.abs), Math.min(Math.abs(Wmax), 1));
        expect(deviation(engine, literal, row, scale), `row ${row}, step ${step}`).toBeLessThan(
          1e-11,
        );
        events += 1;
      });
    }
    expect(events).toBeGreaterThan(400);
  });

  test('parts of it that differ by amplitude and delay from neuron to neuron', () => {
    const points = new Points(23);
    const rows = randomRows(points, SIZE, TAUS);
    const column = (low: number, high: number) =>
      Float64Array.from(points.uniform(SIZE, low, high));
    const given = {
      A_LTD: column(1e-5, 3e-4),
      A_LTP: column(-2e-4, 5e-4),
      theta_plus: column(-50, -40),
      theta_minus: column(-72, -65),
      delay_u_bars: column(0, 6),
    };
    const engine = new PlasticRows(SIZE, rows, given);
    const ofNeuron = (i: number) =>
      Object.fromEntries(Object.entries(given).map(([name, values]) => [name, values[i]]));
    const literal = new Literal(rows, SIZE, ofNeuron, h);
    const activity = new Activity(points, SIZE);
    const spikes = schedule(points, rows);
    for (let step = 1; step <= 4000; step++) {
      const states = activity.next(step);
      engine.step(step, states);
      literal.step(step, states);
      if (step % 80 === 0) engine.settle(step);
      spikes(step, (row, multiplicity) => {
        engine.spike(row, step, multiplicity);
        literal.spike(row, step, multiplicity);
        expect(deviation(engine, literal, row, 1), `row ${row}, step ${step}`).toBeLessThan(1e-11);
      });
    }
  });

  /** Pure potentiation from a weight of 0, so that the weight is the sum itself. */
  function growing(tau_x: number, delay: number): RowSpec {
    const targets = Array.from({ length: 10 }, (_, i) => i);
    return { targets, weights: targets.map(() => 0), delay, tau_x, Wmin: 0, Wmax: 1e6 };
  }
  const GROWTH = { A_LTD: 0, A_LTP: 1e-3 };

  test.each([1, 2, 5, 9])('to 1e-11 of the sum itself, for windows of some %i epochs', (epochs) => {
    const points = new Points(24);
    const rows = [growing(1, 1), growing(3, 7), growing(5, 19)];
    const engine = new PlasticRows(10, rows, GROWTH);
    const literal = new Literal(rows, 10, () => GROWTH, h);
    const activity = new Activity(points, 10);
    const due = rows.map(() => 1);
    let compared = 0;
    for (let step = 1; step <= 12_000; step++) {
      const states = activity.next(step);
      engine.step(step, states);
      literal.step(step, states);
      if (step % 80 === 0) engine.settle(step);
      rows.forEach(({ tau_x }, row) => {
        if (step !== due[row]) return;
        due[row] = step + 1 + Math.floor(epochs * 80 * tau_x * points.uniform(1, 0, 1)[0]);
        engine.spike(row, step);
        literal.spike(row, step, 1);
        expect(deviation(engine, literal, row), `row ${row}, step ${step}`).toBeLessThan(1e-11);
        compared += 1;
      });
    }
    expect(compared).toBeGreaterThan(30);
  });

  test.each([
    [0.02, 0.0249, 0.0374],
    [0.06, 0.13, 0.3],
    [2.03, 15, 40],
  ])('to 1e-11 for a tau_x of %d, %d or %d ms, epochs of one step included', (...taus) => {
    const points = new Points(26);
    const rows = taus.map((tau_x, i) => growing(tau_x, [1, 7, 19][i]));
    const engine = new PlasticRows(10, rows, GROWTH);
    const literal = new Literal(rows, 10, () => GROWTH, h);
    const activity = new Activity(points, 10);
    const due = rows.map(() => 1);
    const epochs = rows.map((_, row) => engine.potentiationOf(row).epochSteps);
    let settled = 0;
    for (let step = 1; step <= 40_000; step++) {
      const states = activity.next(step);
      engine.step(step, states);
      literal.step(step, states);
      if (step % Math.min(...epochs) === 0) engine.settle(step);
      for (const row of rows.keys()) {
        if (step !== due[row]) continue;
        settled += engine.isSettled(row) ? 1 : 0;
        // At first in every step, so that weights are far above what may be dropped; then mostly within an
        // epoch, at most two more epochs later than count in any window.
        const gap = step < 600 ? 0 : 13 * epochs[row] * points.uniform(1, 0, 1)[0] ** 6;
        due[row] = step + 1 + Math.floor(gap);
        engine.spike(row, step);
        literal.spike(row, step, 1);
        expect(deviation(engine, literal, row), `row ${row}, step ${step}`).toBeLessThan(1e-11);
      }
    }
    expect(settled).toBeGreaterThan(5);
  });

  test('after hours of silence, at steps in the hundreds of millions', () => {
    const points = new Points(25);
    const rows = [growing(1, 1), growing(3, 7), growing(5, 19)];
    const engine = new PlasticRows(10, rows, GROWTH);
    const literal = new Literal(rows, 10, () => GROWTH, h);
    const activity = new Activity(points, 10);
    const advance = (step: number, states: States): void => {
      engine.step(step, states);
      literal.step(step, states);
      if (step % 80 === 0) engine.settle(step);
    };
    const busy = (from: number, to: number): void => {
      for (let step = from; step <= to; step++) {
        advance(step, activity.next(step));
        rows.forEach((_, row) => {
          if (step % (130 + 50 * row) !== 0) return;
          engine.spike(row, step);
          literal.spike(row, step, 1);
          expect(deviation(engine, literal, row), `row ${row}, step ${step}`).toBeLessThan(1e-11);
        });
      }
    };
    busy(1, 1000);
    // In the silence nothing is archived, so whole turns of all rings can be left out of it: epochs
    // of 80, 240 and 400 steps in rings of 11, a history of 22 slots, delay lines of 51.
    const turn = 2 ** 4 * 3 * 5 ** 2 * 11 * 17;
    for (const { epochSteps, epochSlots } of engine.archive.potentiations) {
      expect(turn % (epochSteps * epochSlots)).toBe(0);
    }
    expect(engine.archive.historyAt(1 + turn)).toBe(engine.archive.historyAt(1));
    let step = 1000;
    while (step < 6000) advance(++step, activity.silence());
    expect(rows.every((_, row) => engine.isSettled(row))).toBe(true);
    // A query shows the weights of the last transmission, whatever waits to be added.
    rows.forEach((_, row) => {
      expect(deviation(engine, literal, row)).toBeLessThan(1e-11);
    });
    step += 1300 * turn;
    expect((step * h) / 3.6e6).toBeGreaterThan(8);
    const end = step + 1000;
    while (step < end) advance(++step, activity.silence());
    busy(step + 1, step + 2000);
    expect(rows.every((_, row) => !engine.isSettled(row))).toBe(true);
  });
});

test('a weight above its cap stays until there is potentiation', () => {
  const base = { delay: 1, tau_x: 3, Wmin: 0, Wmax: 1 };
  const rows: RowSpec[] = [{ ...base, targets: [0, 1], weights: [1.5, 1.5] }];
  const given = { A_LTD: 0, A_LTP: 1e-4, delay_u_bars: 0 };
  const engine = new PlasticRows(2, rows, given);
  const literal = new Literal(rows, 2, () => given, h);
  const activity = new Activity(new Points(1), 2);
  const weights: number[][] = [];
  for (let step = 1; step <= 40; step++) {
    const states = activity.silence();
    // Only the second neuron is ever potentiated.
    if (step === 25) for (const column of Object.values(states)) column[1] = -20;
    engine.step(step, states);
    literal.step(step, states);
    if (step % 10 !== 0) continue;
    engine.spike(0, step);
    literal.spike(0, step, 1);
    expect(deviation(engine, literal, 0)).toBe(0);
    weights.push(Array.from(engine.weights(0)));
  }
  expect(weights).toEqual([
    [1.5, 1.5],
    [1.5, 1.5],
    [1.5, 1],
    [1.5, 1],
  ]);
});

test('memory does not grow with time, however long a source is silent', () => {
  const points = new Points(26);
  const rows = randomRows(points, SIZE, TAUS);
  const engine = new PlasticRows(SIZE, rows, { A_LTP: 1e-3 });
  const activity = new Activity(points, SIZE);
  const run = (from: number, to: number): void => {
    for (let step = from; step <= to; step++) {
      engine.step(step, activity.next(step));
      if (step % 80 === 0) engine.settle(step);
      for (let row = 0; step === 7 && row < rows.length; row++) engine.spike(row, step);
    }
  };
  run(1, 100);
  const bytes = engine.engine.segment.usedBytes;
  run(101, 6000);
  expect(engine.engine.segment.usedBytes).toBe(bytes);
});
