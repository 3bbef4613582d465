/** The output directory of a run: every file of it, or none. */
import { join } from 'node:path';
import type { RunResults } from '../../experiment/results.js';
import type { Figure } from '../figures/index.js';
import { traceStems } from '../traces.js';
import { encodeResults, RESULTS_FILE } from './results-file.js';
import { replaceDirectory } from './run-directory.js';
import { REPORT_FILE, RUN_FILE, runJson, type WrittenFile } from './run-json.js';
import { spikesDat, tracesCsv, weightEventsCsv, weightsCsv } from './tables.js';
import { writeFile } from './write-file.js';

export interface WriteOptions {
  /** Replace the run that the directory holds. */
  readonly force?: boolean;
}

/**
 * Writes spikes, weights, weight events, traces, `results.msgpack`, the figures, `report.html` and
 * `run.json`. Returns the files' paths, `run.json` first. A table without rows is its header; a
 * figure without data has no file.
 * @throws OutputExistsError if the directory holds anything, unless that is a run and `force` is set.
 */
export async function writeRun(
  directory: string,
  results: RunResults,
  { force = false }: WriteOptions = {},
): Promise<string[]> {
  const names = [RUN_FILE];
  await replaceDirectory(directory, force, async (folder) => {
    const { figuresOf, renderPng, runReport } = await import('../drawing.js');
    const figures = figuresOf(results);
    const tables = tablesOf(results).map(([name, pieces]) => writeFile(folder, name, pieces));
    const packed = writeFile(folder, RESULTS_FILE, [encodeResults(results)]);
    const drawn = figures.flatMap((figure) => writeFigure(folder, figure, renderPng));
    const files = await allSettled([...tables, packed, ...drawn]);
    const report = runReport(results, { figures, files });
    files.push(await writeFile(folder, REPORT_FILE, report));
    await writeFile(folder, RUN_FILE, [runJson(results, files)]);
    names.push(...files.map((file) => file.name));
  });
  return names.map((name) => join(directory, name));
}

/** As Promise.all, but throws only once nobody writes any more. */
async function allSettled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

function writeFigure(
  folder: string,
  { name, svg }: Figure,
  renderPng: (svg: string) => Promise<Uint8Array>,
): Promise<WrittenFile>[] {
  return [
    writeFile(folder, `${name}.svg`, [svg]),
    renderPng(svg).then((png) => writeFile(folder, `${name}.png`, [png])),
  ];
}

type Table = readonly [name: string, pieces: Iterable<string>];

function tablesOf(results: RunResults): Table[] {
  const { weights, weightEvents, traces, resolution } = results;
  const tables: Table[] = [
    ['spikes.dat', spikesDat(results)],
    ['weights.csv', weightsCsv(weights)],
    ['weight-events.csv', weightEventsCsv(weightEvents, resolution)],
  ];
  const stems = traceStems(traces);
  traces.forEach((trace, i) => {
    tables.push([`${stems[i]}.csv`, tracesCsv(trace, resolution)]);
  });
  return tables;
}
