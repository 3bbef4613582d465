/** The output directory of a study: every file of it, or none. */
import { join } from 'node:path';
import type { Study } from '../../scaling/study.js';
import { replaceDirectory } from '../output/run-directory.js';
import { REPORT_FILE, type WrittenFile } from '../output/run-json.js';
import { writeFile } from '../output/write-file.js';
import type { WriteOptions } from '../output/write-run.js';
import { studyFigures } from './figures.js';
import { studyPage } from './page.js';
import { STUDY_FILE, STUDY_FORMAT } from './study-json.js';
import { scalingCsv, threadsCsv } from './tables.js';

/**
 * Writes `study.json`, `scaling.csv`, `threads.csv`, `machine.json`, `report.html` and the figures as
 * SVG and PNG. Returns the files' paths, `study.json` first.
 * @throws OutputExistsError if the directory holds anything, unless that is a study or a run and
 *   `force` is set
 */
export async function writeStudy(
  directory: string,
  study: Study,
  { force = false }: WriteOptions = {},
): Promise<string[]> {
  const { renderPng } = await import('../figures/index.js');
  const figures = studyFigures(study);
  const names = [STUDY_FILE];
  await replaceDirectory(directory, force, async (folder) => {
    const files: WrittenFile[] = [
      await writeFile(folder, 'scaling.csv', [scalingCsv(study)]),
      await writeFile(folder, 'threads.csv', [threadsCsv(study)]),
      await writeFile(folder, 'machine.json', [json(study.machine)]),
      await writeFile(folder, REPORT_FILE, studyPage(study, figures)),
    ];
    for (const { name, svg } of figures) {
      files.push(await writeFile(folder, `${name}.svg`, [svg]));
      files.push(await writeFile(folder, `${name}.png`, [await renderPng(svg)]));
    }
    names.push(...files.map((file) => file.name));
    const content = { format: STUDY_FORMAT, ...study, files };
    await writeFile(folder, STUDY_FILE, [json(content)]);
  });
  return names.map((name) => join(directory, name));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
