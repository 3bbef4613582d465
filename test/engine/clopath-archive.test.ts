/** The archive of plastic synapses against sums over all entries, and against itself. */
import { describe, expect, test } from 'vitest';
import { exactly } from '../kernel/workbench.js';
import { Points } from '../math/points.js';
import {
  ClopathArchive as LiteralArchive,
  PLASTICITY_DEFAULTS,
} from '../oracle/clopath-archive.js';
import { Activity } from './plastic-cases.js';
import { PlasticRows, type RowSpec } from './plastic-rows.js';

const h = 0.1;
const SIZE = 9;

function row(tau_x: number, targets: readonly number[], delay = 4): RowSpec {
  return { targets, weights: targets.map(() => 1), delay, tau_x, Wmin: 0, Wmax: 9 };
}
const ALL = Array.from({ length: SIZE }, (_, i) => i);
/** Epochs of 80 and 200 steps. */
const ROWS = [row(1, ALL), row(2.5, ALL)];

/** Values of all neurons in a column of the history, for a step. */
function historyOf(rows: PlasticRows, column: Float64Array, step: number): Float64Array {
  const at = rows.archive.historyAt(step);
  return column.slice(at, at + rows.size);
}

/** Everything that is kept, to the bit. */
function kept({ archive }: PlasticRows): string[][] {
  const { depression, latest, potentiations } = archive;
  const columns = [depression, latest, ...potentiations.flatMap(({ sums, ends }) => [sums, ends])];
  return columns.map(exactly);
}

function perNeuron(points: Points): Record<string, Float64Array> {
  const column = (low: number, high: number) => Float64Array.from(points.uniform(SIZE, low, high));
  return {
    A_LTD: column(1e-5, 3e-4),
    A_LTP: column(0, 5e-4),
    theta_plus: column(-50, -40),
    theta_minus: column(-72, -65),
    u_ref_squared: column(50, 70),
    A_LTD_const: Float64Array.from(ALL, (i) => i % 2),
    delay_u_bars: column(0, 6),
  };
}

describe.each([
  ['shared parameters', () => ({})],
  ['parameters of their own', () => perNeuron(new Points(5))],
])('neurons with %s', (_, parameters) => {
  const given: Record<string, Float64Array> = parameters();

  test('keep the depression of each step, and sums of their potentiation by epoch', () => {
    const rows = new PlasticRows(SIZE, ROWS, given);
    const literal = ALL.map((i) => {
      const own = Object.fromEntries(Object.entries(given).map(([n, values]) => [n, values[i]]));
      const constant = 'A_LTD_const' in own ? own.A_LTD_const !== 0 : true;
      return new LiteralArchive({ ...PLASTICITY_DEFAULTS, ...own, A_LTD_const: constant }, h);
    });
    /** S of a neuron at the end of a step, entry by entry. */
    const sumOf = (neuron: number, tau: number, epochSteps: number, step: number): number => {
      const start = Math.floor(step / epochSteps) * epochSteps;
      return literal[neuron].potentiation
        .filter(({ step: k }) => k >= start && k <= step)
        .reduce((sum, { step: k, amount }) => sum + amount * Math.exp((-(k - start) * h) / tau), 0);
    };
    const activity = new Activity(new Points(6), SIZE);
    let entries = 0;
    for (let step = 1; step <= 700; step++) {
      const { V_m, u_bar_plus, u_bar_minus, u_bar_bar } = activity.next(step);
      rows.step(step, activity.states);
      const depression = historyOf(rows, rows.archive.depression, step);
      const latest = historyOf(rows, rows.archive.latest, step);
      literal.forEach((archive, i) => {
        archive.record(step, {
          V_m: V_m[i],
          u_bar_plus: u_bar_plus[i],
          u_bar_minus: u_bar_minus[i],
          u_bar_bar: u_bar_bar[i],
        });
        const expected = archive.depression(step);
        expect(Math.abs(depression[i] - expected)).toBeLessThanOrEqual(1e-15 * expected);
        expect(latest[i]).toBe(archive.potentiation.at(-1)?.step ?? 0);
        entries = Math.max(entries, archive.potentiation.length);
      });
      if (step % 7 !== 0) continue;
      for (const { tau, epochSteps, sums, ends, epochSlots } of rows.archive.potentiations) {
        const epoch = Math.floor(step / epochSteps);
        historyOf(rows, sums, step).forEach((sum, i) => {
          const expected = sumOf(i, tau, epochSteps, step);
          expect(Math.abs(sum - expected)).toBeLessThanOrEqual(1e-13 * expected);
          for (let e = Math.max(0, epoch - 6); e < epoch; e++) {
            const end = ends[(e % epochSlots) * rows.archive.stride + i];
            const whole = sumOf(i, tau, epochSteps, (e + 1) * epochSteps - 1);
            expect(Math.abs(end - whole)).toBeLessThanOrEqual(1e-13 * whole);
          }
        });
      }
    }
    expect(entries).toBeGreaterThan(50);
  });

  test('keep the same bits in WebAssembly and JavaScript', () => {
    const both = (['wasm', 'javascript'] as const).map(
      (kernels) => new PlasticRows(SIZE, ROWS, given, { kernels }),
    );
    const activity = new Activity(new Points(7), SIZE);
    for (let step = 1; step <= 900; step++) {
      const states = activity.next(step);
      for (const rows of both) rows.step(step, states);
      if (step % 9 === 0) expect(kept(both[1])).toEqual(kept(both[0]));
    }
  });
});

test('what is kept of a neuron does not depend on who shares the archive', () => {
  // Alone with one tau_x, or among others, some of which have other ones too.
  const alone = new PlasticRows(SIZE, [row(1, [4])]);
  const among = new PlasticRows(SIZE, [row(2.5, [1, 2]), row(1, [3, 4, 5]), row(2.5, [0])]);
  const activity = new Activity(new Points(8), SIZE);
  for (let step = 1; step <= 400; step++) {
    const states = activity.next(step);
    for (const rows of [alone, among]) rows.step(step, states);
    const [one, other] = [alone, among].map((rows) => {
      const { sums, ends, epochSlots } = rows.archive.potentiations.find(({ tau }) => tau === 1)!;
      const { depression, latest, stride } = rows.archive;
      const ofEpochs = Array.from({ length: epochSlots }, (_, e) => ends[e * stride + 4]);
      return exactly([
        ...[depression, latest, sums].map((column) => historyOf(rows, column, step)[4]),
        ...ofEpochs,
      ]);
    });
    expect(other).toEqual(one);
    // Neurons without plastic synapses keep nothing, and the others nothing for a foreign tau_x.
    const nothing = historyOf(among, among.archive.depression, step);
    expect([nothing[6], nothing[7], nothing[8]]).toEqual([0, 0, 0]);
    const slow = among.archive.potentiations.find(({ tau }) => tau === 2.5)!;
    const sums = historyOf(among, slow.sums, step);
    expect([sums[3], sums[4], sums[5]]).toEqual([0, 0, 0]);
  }
});

test('a longer history goes on from the shorter one', () => {
  const [grown, large] = [3, 40].map((delay) => new PlasticRows(SIZE, [row(1, ALL, delay)]));
  const activity = new Activity(new Points(9), SIZE);
  for (let step = 1; step <= 600; step++) {
    const states = activity.next(step);
    if (step === 301) grown.archive.resize(300, 40, 1);
    for (const rows of [grown, large]) rows.step(step, states);
    const from = step <= 300 ? step - 3 : Math.max(grown.archive.known.oldest + 1, step - 40);
    for (let back = Math.max(1, from); back <= step; back++) {
      const [one, other] = [grown, large].map((rows) =>
        [rows.archive.depression, rows.archive.latest, rows.archive.potentiations[0].sums].map(
          (column) => exactly(historyOf(rows, column, back)),
        ),
      );
      expect(one, `step ${back} at ${step}`).toEqual(other);
    }
  }
  expect(grown.archive.known.oldest).toBe(297);
});

test('the delay lines read 0 until they are full', () => {
  // At 0 mV u_bar_minus is above theta_minus: until then there is a constant depression.
  const given = { delay_u_bars: 2, A_LTD: 1e-3, theta_minus: -50 };
  const rows = new PlasticRows(SIZE, ROWS, given);
  const activity = new Activity(new Points(1), SIZE);
  const depressed: number[] = [];
  for (let step = 1; step <= 30; step++) {
    rows.step(step, activity.silence());
    const depression = historyOf(rows, rows.archive.depression, step);
    expect(new Set(depression).size).toBe(1);
    if (depression[0] > 0) {
      expect(depression[0]).toBeCloseTo(0.05, 12);
      depressed.push(step);
    }
  }
  expect(depressed).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});
