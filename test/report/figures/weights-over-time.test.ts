import { describe, expect, it } from 'vitest';
import type { RunResults, WeightColumns } from '../../../src/experiment/results.js';
import {
  meanWeights,
  weightCourses,
  weightsOverTimeFigure,
} from '../../../src/report/figures/weights-over-time.js';
import { seedResults } from '../seed-results.js';

function connection(
  name: string,
  pairs: readonly (readonly [number, number])[],
  initial = 1,
): WeightColumns {
  return {
    connection: name,
    synapseModel: 'clopath_synapse',
    plastic: true,
    sourcePopulation: 'exc',
    targetPopulation: 'exc',
    source: Uint32Array.from(pairs, ([source]) => source),
    target: Uint32Array.from(pairs, ([, target]) => target),
    delay: new Float64Array(pairs.length).fill(0.1),
    initial: new Float64Array(pairs.length).fill(initial),
    final: new Float64Array(pairs.length).fill(initial),
  };
}

function events(
  rows: readonly (readonly [time: number, source: number, target: number, weight: number])[],
): RunResults['weightEvents'] {
  return {
    times: Float64Array.from(rows, ([time]) => time),
    senders: Uint32Array.from(rows, ([, source]) => source),
    targets: Uint32Array.from(rows, ([, , target]) => target),
    weights: Float64Array.from(rows, ([, , , weight]) => weight),
  };
}

/** Per connection and synapse, the weights in order of time. */
function grouped(results: RunResults): Record<string, number[][]> {
  return Object.fromEntries(
    weightCourses(results).map(({ connection, starts, weights }) => [
      connection.connection,
      Array.from(connection.source, (_, i) => [...weights.slice(starts[i], starts[i + 1])]),
    ]),
  );
}

describe('weightCourses', () => {
  it('ends every course of the seed experiment at the final weight', () => {
    const courses = weightCourses(seedResults());
    expect(courses.map((c) => c.connection.connection)).toEqual(['exc-to-exc']);
    const { connection, starts, weights, times } = courses[0]!;
    expect(times.length).toBe(1908);
    for (let i = 0; i < 90; i++) {
      expect(weights[starts[i + 1]! - 1]).toBe(connection.final[i]);
      expect([...times.slice(starts[i], starts[i + 1])]).toEqual(
        [...times.slice(starts[i], starts[i + 1])].sort((a, b) => a - b),
      );
    }
  });

  it('deals events of one time to the synapses of a pair in order of creation', () => {
    const weights = [
      connection('double', [
        [1, 2],
        [1, 2],
        [1, 3],
      ]),
    ];
    const weightEvents = events([
      [1, 1, 2, 0.1],
      [1, 1, 2, 0.2],
      [1, 1, 3, 0.3],
      [2, 1, 2, 0.4],
      [2, 1, 2, 0.5],
    ]);
    expect(grouped(seedResults({ weights, weightEvents }))).toEqual({
      double: [[0.1, 0.4], [0.2, 0.5], [0.3]],
    });
  });

  it('tells connections apart that share pairs of neurons', () => {
    const weights = [
      connection('first', [
        [1, 2],
        [2, 1],
      ]),
      connection('second', [
        [1, 2],
        [3, 1],
      ]),
    ];
    const weightEvents = events([
      [1, 1, 2, 0.1],
      [1, 1, 2, 0.2],
      [1, 2, 1, 0.3],
      [1, 3, 1, 0.4],
    ]);
    expect(grouped(seedResults({ weights, weightEvents }))).toEqual({
      first: [[0.1], [0.3]],
      second: [[0.2], [0.4]],
    });
  });

  it('gives nothing to a connection that is not recorded', () => {
    const weights = [
      connection('silent', [
        [1, 2],
        [2, 1],
      ]),
      connection('heard', [
        [1, 2],
        [3, 1],
      ]),
    ];
    const weightEvents = events([
      [1, 1, 2, 0.2],
      [1, 3, 1, 0.4],
    ]);
    expect(grouped(seedResults({ weights, weightEvents }))).toEqual({ heard: [[0.2], [0.4]] });
  });
});

describe('meanWeights', () => {
  it('counts every synapse with its weight at that time', () => {
    const weights = [
      connection('pair', [
        [1, 2],
        [2, 1],
      ]),
    ];
    const weightEvents = events([
      [25, 1, 2, 3],
      [60, 2, 1, 5],
      [100, 1, 2, 1],
    ]);
    const [courses] = weightCourses(seedResults({ weights, weightEvents }));
    expect([...meanWeights(courses!, 100, 4)]).toEqual([1, 2, 2, 4, 3]);
  });
});

describe('weightsOverTimeFigure', () => {
  it('draws a line per synapse and the mean in bold', () => {
    const svg = weightsOverTimeFigure(seedResults())!;
    const [lines, mean] = [...svg.matchAll(/ d="(M[^"]*V[^"]*)"/g)].map((match) => match[1]!);
    expect(lines!.match(/M/g)!.length).toBe(90);
    expect(mean!.match(/M/g)!.length).toBe(1);
    for (const word of ['mean of 90', 'single synapses', 'Weight (mV)', 'Time (s)']) {
      expect(svg).toContain(`>${word}<`);
    }
  });

  it('samples very many synapses and says so', () => {
    const pairs = Array.from({ length: 500 }, (_, i): [number, number] => [1, 2 + i]);
    const weightEvents = events(pairs.map(([s, t], i) => [1, s, t, 1 + i / 1000]));
    const svg = weightsOverTimeFigure(
      seedResults({ weights: [connection('many', pairs)], weightEvents }),
    )!;
    const [lines] = [...svg.matchAll(/ d="(M[^"]*V[^"]*)"/g)].map((match) => match[1]!);
    expect(lines!.match(/M/g)!.length).toBe(200);
    expect(svg).toContain('200 single synapses');
    expect(svg).toContain('mean of all 500');
  });

  it('draws weights that never change', () => {
    const weights = [connection('still', [[1, 2]])];
    const svg = weightsOverTimeFigure(
      seedResults({ weights, weightEvents: events([[1, 1, 2, 1]]) }),
    )!;
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('is left out without weight events', () => {
    expect(weightsOverTimeFigure(seedResults({ weightEvents: events([]) }))).toBeUndefined();
  });
});
