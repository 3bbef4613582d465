import { describe, expect, it } from 'vitest';
import { weightCourses } from '../../src/report/figures/weights-over-time.js';
import { type WeightMatrices, weightMatrices } from '../../src/report/weight-matrices.js';
import { seedResults } from './seed-results.js';

const results = seedResults();
const [inputToExc, , excToExc] = results.weights;
const [courses] = weightCourses(results);

/** Weight of a cell, NaN where there is no synapse. */
function weightAt(
  { rows, columns, cells, low, high }: WeightMatrices,
  frame: number,
  cell: number,
) {
  const value = cells[frame * rows * columns + cell]!;
  return value === 65535 ? Number.NaN : low + (value / 65534) * (high - low);
}

describe('weightMatrices', () => {
  const recorded = weightMatrices(results, excToExc!, courses, 1e6);

  it('has the weights of the beginning first and those of the end last', () => {
    const step = (recorded.high - recorded.low) / 65534;
    const last = recorded.times.length - 1;
    expect([recorded.times[0], recorded.times[last]]).toEqual([0, 10_000]);
    excToExc!.source.forEach((source, i) => {
      const cell = (source - 1) * 10 + excToExc!.target[i]! - 1;
      expect(Math.abs(weightAt(recorded, 0, cell) - excToExc!.initial[i]!)).toBeLessThan(step);
      expect(Math.abs(weightAt(recorded, last, cell) - excToExc!.final[i]!)).toBeLessThan(step);
    });
  });

  it('has in between what was transmitted last', () => {
    const frame = 60;
    const time = recorded.times[frame]!;
    const synapse = 33;
    const [start, end] = [courses!.starts[synapse]!, courses!.starts[synapse + 1]!];
    const before = courses!.times.subarray(start, end).filter((t) => t <= time).length;
    expect(before).toBeGreaterThan(0);
    const cell = (excToExc!.source[synapse]! - 1) * 10 + excToExc!.target[synapse]! - 1;
    const expected = courses!.weights[start + before - 1]!;
    const step = (recorded.high - recorded.low) / 65534;
    expect(Math.abs(weightAt(recorded, frame, cell) - expected)).toBeLessThan(step);
  });

  it('knows where there is no synapse', () => {
    for (let i = 0; i < 10; i++) expect(weightAt(recorded, 5, i * 11)).toBeNaN();
  });

  it('has beginning and end only where nothing was recorded, blocks where there are many', () => {
    const matrices = weightMatrices(results, inputToExc!, undefined, 1e6);
    expect([...matrices.times]).toEqual([0, 10_000]);
    expect(matrices).toMatchObject({ rows: 125, columns: 10, rowBlock: 4, columnBlock: 1 });
    const { source, target, final } = inputToExc!;
    const block = final.filter((_, i) => source[i]! < 14 + 4 && target[i] === 3);
    const mean = block.reduce((sum, weight) => sum + weight, 0) / 4;
    expect(block).toHaveLength(4);
    expect(weightAt(matrices, 1, 2)).toBeCloseTo(mean, 3);
  });

  it('spans the neurons that have synapses, of their populations', () => {
    const some = { ...excToExc!, source: Uint32Array.of(4, 6), target: Uint32Array.of(10, 9) };
    const weights = { initial: Float64Array.of(1, 2), final: Float64Array.of(1, 3) };
    const matrices = weightMatrices(results, { ...some, ...weights }, undefined, 1e6);
    expect(matrices).toMatchObject({
      rows: 3,
      columns: 2,
      source: { name: 'exc', first: 4, count: 3 },
      target: { name: 'exc', first: 9, count: 2 },
    });
    const last = Array.from({ length: 6 }, (_, cell) => weightAt(matrices, 1, cell));
    expect(last).toEqual([Number.NaN, 1, Number.NaN, Number.NaN, 3, Number.NaN]);
  });

  it('keeps to the number of cells that it is given', () => {
    const few = weightMatrices(results, excToExc!, courses, 2000);
    expect(few.times.length).toBeLessThanOrEqual(21);
    expect(few.times.length).toBeGreaterThan(5);
    expect(few.cells.length).toBe(few.times.length * 100);
    expect([...few.times]).toEqual([...few.times].sort((a, b) => a - b));
    expect(weightMatrices(results, excToExc!, courses, 1).times).toHaveLength(2);
  });

  it('is of use where all weights are one', () => {
    const { initial } = excToExc!;
    const same = weightMatrices(results, { ...excToExc!, final: initial }, undefined, 1e6);
    expect(weightAt(same, 1, 1)).toBe(0.25);
    expect(same.mostChange).toBe(0);
  });
});
