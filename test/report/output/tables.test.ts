import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  spikesDat,
  timeFormatter,
  tracesCsv,
  weightEventsCsv,
  weightsCsv,
} from '../../../src/report/output/tables.js';
import { seedResults } from '../seed-results.js';

const textOf = (pieces: Iterable<string>) => [...pieces].join('');
const rowsOf = (text: string) => text.trimEnd().split('\n');

describe('timeFormatter', () => {
  it('writes the stamp of a step without the noise of its product', () => {
    expect(0.1 * 3).not.toBe(0.3);
    expect(timeFormatter(0.1)(0.1 * 3)).toBe('0.300');
    expect(timeFormatter(0.1)(10_000)).toBe('10000.000');
    expect(timeFormatter(0.1)(0)).toBe('0.000');
  });

  it('has the decimals that the resolution needs', () => {
    expect(timeFormatter(1)(7)).toBe('7.000');
    expect(timeFormatter(0.0125)(0.0375)).toBe('0.0375');
    expect(timeFormatter(2 ** -7)(1 + 2 ** -7)).toBe('1.0078125');
    expect(timeFormatter(1 / 3)(2 / 3)).toBe(String(2 / 3));
  });

  it('gives back the step, whatever the resolution', () => {
    const resolutions = fc.constantFrom(1, 0.5, 0.25, 0.2, 0.1, 0.05, 0.025, 0.01, 0.001, 1 / 3);
    fc.assert(
      fc.property(resolutions, fc.nat(100_000_000), (resolution, step) => {
        const text = timeFormatter(resolution)(step * resolution);
        return Math.round(Number(text) / resolution) === step;
      }),
      { seed: 1 },
    );
  });
});

describe('spikes.dat', () => {
  it("has the header and the columns of NEST's ASCII recordings", () => {
    const lines = rowsOf(textOf(spikesDat(seedResults())));
    expect(lines.slice(0, 4)).toEqual([
      '# isospike version: 0.1.0',
      '# RecordingBackendASCII version: 2',
      'sender\ttime_ms',
      '1\t0.100',
    ]);
    expect(lines.length).toBe(3 + 212 + 2 + 13158);
  });
});

describe('csv tables', () => {
  const results = seedResults();

  it('give every weight back to the last bit', () => {
    const rows = rowsOf(textOf(weightsCsv(results.weights))).map((line) => line.split(','));
    expect(rows.shift()).toEqual('connection,source,target,delay_ms,initial,final'.split(','));
    const initial = results.weights.flatMap((w) => [...w.initial]);
    const final = results.weights.flatMap((w) => [...w.final]);
    expect(rows.map((row) => Number(row[4]))).toEqual(initial);
    expect(rows.map((row) => Number(row[5]))).toEqual(final);
    expect(new Set(rows.map((row) => row[0]))).toEqual(
      new Set(results.weights.map((w) => w.connection)),
    );
  });

  it('give every transmitted weight back to the last bit', () => {
    const { weightEvents, resolution } = results;
    const rows = rowsOf(textOf(weightEventsCsv(weightEvents, resolution)));
    expect(rows.shift()).toBe('source,target,time_ms,weight');
    expect(rows.map((row) => Number(row.split(',')[3]))).toEqual([...weightEvents.weights]);
    expect(rows.map((row) => Number(row.split(',')[0]))).toEqual([...weightEvents.senders]);
  });

  it('have a column per recordable', () => {
    expect(rowsOf(textOf(tracesCsv(results.traces[0]!, 0.1)))).toEqual([
      'sender,time_ms,V_m,w',
      '1,0.100,-70.6,0',
      '2,0.100,-65.25,0',
      '1,0.200,-70.59999999999998,1.5',
      '2,0.200,-1e-7,2e+22',
    ]);
  });

  it('quote names that need it', () => {
    const weights = [{ ...results.weights[4]!, connection: 'a "b", c' }];
    const [, row] = rowsOf(textOf(weightsCsv(weights)));
    expect(row).toMatch(/^"a ""b"", c",11,/);
  });
});

const python = (code: string, cwd: string) => spawnSync('python3', ['-c', code], { cwd });
const havePython = python('', '.').status === 0;
const haveNumpy = python('import numpy', '.').status === 0;

describe('other readers', () => {
  const read = (code: string): unknown => {
    const folder = mkdtempSync(join(tmpdir(), 'isospike-tables-'));
    try {
      const results = seedResults();
      writeFileSync(join(folder, 'spikes.dat'), textOf(spikesDat(results)));
      writeFileSync(join(folder, 'weights.csv'), textOf(weightsCsv(results.weights)));
      const { status, stdout, stderr } = python(code, folder);
      expect(stderr.toString()).toBe('');
      expect(status).toBe(0);
      return JSON.parse(stdout.toString());
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it.skipIf(!havePython)("Python's csv module reads the weights exactly", () => {
    const sum = read(`
import csv, json, math
rows = list(csv.DictReader(open('weights.csv')))
print(json.dumps([len(rows), [float(r['final']) for r in rows if r['connection'] == 'exc-to-exc']]))`);
    const final = seedResults().weights.find((w) => w.connection === 'exc-to-exc')!.final;
    expect(sum).toEqual([6632, [...final]]);
  });

  it.skipIf(!haveNumpy)('numpy.loadtxt reads the spikes', () => {
    const [shape, first, last] = read(`
import json, numpy
spikes = numpy.loadtxt('spikes.dat', skiprows=3)
print(json.dumps([spikes.shape, spikes[0].tolist(), spikes[-1, 1]]))`) as unknown[];
    expect(shape).toEqual([13372, 2]);
    expect(first).toEqual([1, 0.1]);
    expect(last).toBeCloseTo(seedResults().spikes.times.at(-1)!, 9);
  });
});
