import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Packr, pack } from 'msgpackr';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ResultsFileError } from '../../../src/errors/index.js';
import { RESULTS_VERSION } from '../../../src/experiment/results.js';
import {
  encodeResults,
  RESULTS_FILE,
  readResults,
} from '../../../src/report/output/results-file.js';
import { seedResults } from '../seed-results.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isospike-results-'));
});
afterEach(() => rm(folder, { recursive: true }));

const store = (bytes: Uint8Array) => writeFile(join(folder, RESULTS_FILE), bytes);

async function failure(): Promise<ResultsFileError> {
  const error = await readResults(folder).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ResultsFileError);
  return error as ResultsFileError;
}

/** A stored file with other content under the right marker. */
function disguised(results: unknown, version = RESULTS_VERSION): Buffer {
  const packr = new Packr({ structuredClone: true, useRecords: false });
  return packr.pack({ format: 'isospike results', version, results });
}

describe('results.msgpack', () => {
  it('gives back the same results, typed arrays included', async () => {
    const results = seedResults({ rngSeed: 'a seed', complete: false });
    await store(encodeResults(results));
    const read = await readResults(folder);
    expect(read).toEqual(results);
    expect(read.spikes.senders).toBeInstanceOf(Uint32Array);
    expect(read.weights[0]!.final).toBeInstanceOf(Float64Array);
    expect(Object.keys(read.traces[0]!.values)).toEqual(['V_m', 'w']);
  });

  it('keeps special values and bits', async () => {
    const trace = seedResults().traces[0]!;
    const V_m = Float64Array.of(-0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324);
    const traces = [{ ...trace, values: { V_m } }];
    await store(encodeResults(seedResults({ traces })));
    const read = (await readResults(folder)).traces[0]!.values.V_m!;
    expect(Buffer.from(read.buffer, read.byteOffset, read.byteLength)).toEqual(
      Buffer.from(V_m.buffer),
    );
  });

  it('says what to do where there is none', async () => {
    const error = await failure();
    expect(error.kind).toBe('missing');
    expect(error.message).toContain(join(folder, RESULTS_FILE));
    expect(error.message).toContain('isospike run');
  });

  it('tells a foreign file', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), pack({ results: 1 })]) {
      await store(bytes);
      expect((await failure()).kind).toBe('foreign');
    }
  });

  it('tells a newer and an older version, naming both versions', async () => {
    await store(disguised({}, RESULTS_VERSION + 1));
    const newer = await failure();
    expect(newer.kind).toBe('newer');
    expect(newer.message).toContain(`version ${RESULTS_VERSION + 1}`);
    expect(newer.message).toContain(`version ${RESULTS_VERSION}`);
    await store(disguised({}, 0));
    expect((await failure()).kind).toBe('older');
  });

  it('tells a truncated file', async () => {
    const bytes = encodeResults(seedResults());
    for (const length of [200, bytes.length >> 1, bytes.length - 1]) {
      await store(bytes.subarray(0, length));
      expect((await failure()).kind).toBe('damaged');
    }
  });

  it('tells missing parts and columns that do not fit', async () => {
    await store(disguised({}));
    expect((await failure()).kind).toBe('damaged');
    const { spikes } = seedResults();
    await store(disguised(seedResults({ spikes: { ...spikes, times: new Float64Array(3) } })));
    const error = await failure();
    expect(error.kind).toBe('damaged');
    expect(error.message).toContain('spikes: columns of lengths 13372, 3');
    const times = [...spikes.times];
    await store(disguised({ ...seedResults(), spikes: { ...spikes, times } }));
    expect((await failure()).message).toContain('not a typed array');
  });
});
