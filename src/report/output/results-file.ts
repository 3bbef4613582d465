/**
 * `results.msgpack`: a whole RunResults, to the bit. MessagePack with typed arrays as the extension
 * of msgpackr's structured-clone mode; around it a marker and a version, so that foreign and newer
 * files are told apart from damaged ones.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Packr } from 'msgpackr';
import { ResultsFileError } from '../../errors/index.js';
import { RESULTS_VERSION, type RunResults } from '../../experiment/results.js';

export const RESULTS_FILE = 'results.msgpack';
const FORMAT = 'isospike results';

/** Plain maps instead of msgpackr's records, so that other MessagePack readers follow. */
const packr = new Packr({ structuredClone: true, useRecords: false, variableMapSize: true });

export function encodeResults(results: RunResults): Buffer {
  return packr.pack({ format: FORMAT, version: RESULTS_VERSION, results });
}

/**
 * Reads what `writeRun` left in `directory`.
 * @throws ResultsFileError if there are no results, or they are not ours, newer, or damaged.
 */
export async function readResults(directory: string): Promise<RunResults> {
  const path = join(directory, RESULTS_FILE);
  const envelope = decode(path, await readBytes(path));
  if (envelope.version !== RESULTS_VERSION) {
    const kind = Number(envelope.version) > RESULTS_VERSION ? 'newer' : 'older';
    const detail = `it has version ${envelope.version}, this isospike reads version ${RESULTS_VERSION}`;
    throw new ResultsFileError(path, kind, detail);
  }
  const problem = shapeProblem(envelope.results);
  if (problem) throw new ResultsFileError(path, 'damaged', problem);
  return envelope.results as RunResults;
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new ResultsFileError(
      path,
      'missing',
      'name a directory that `isospike run` or `isospike scale` wrote',
    );
  }
}

function decode(path: string, bytes: Buffer): Record<string, unknown> {
  // The marker stands near the start of the file, whatever becomes of its end.
  const ours = bytes.subarray(0, 64).includes(FORMAT);
  if (!ours) throw new ResultsFileError(path, 'foreign', `the marker '${FORMAT}' is missing`);
  try {
    return packr.unpack(bytes) as Record<string, unknown>;
  } catch (error) {
    throw new ResultsFileError(path, 'damaged', (error as Error).message, { cause: error });
  }
}

/** Groups of columns that must be typed arrays of one length. */
function columnGroups(results: RunResults): [string, readonly unknown[]][] {
  const { spikes, weightEvents, traces, weights } = results;
  return [
    ['spikes', [spikes.senders, spikes.times]],
    [
      'weightEvents',
      [weightEvents.senders, weightEvents.targets, weightEvents.times, weightEvents.weights],
    ],
    ...traces.map((t): [string, unknown[]] => [
      `traces of ${t.recorder}`,
      [t.senders, t.times, ...Object.values(t.values)],
    ]),
    ...weights.map((w): [string, unknown[]] => [
      `weights of ${w.connection}`,
      [w.source, w.target, w.delay, w.initial, w.final],
    ]),
  ];
}

/** What is wrong with the structure of decoded results, or undefined. */
function shapeProblem(results: unknown): string | undefined {
  let groups: [string, readonly unknown[]][];
  try {
    groups = columnGroups(results as RunResults);
  } catch (error) {
    return `parts are missing (${(error as Error).message})`;
  }
  for (const [name, columns] of groups) {
    const lengths = columns.map((c) =>
      c instanceof Float64Array || c instanceof Uint32Array ? c.length : undefined,
    );
    if (lengths.includes(undefined)) return `${name}: a column is not a typed array`;
    if (new Set(lengths).size > 1) return `${name}: columns of lengths ${lengths.join(', ')}`;
  }
  return undefined;
}
