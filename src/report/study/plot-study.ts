import { join } from 'node:path';
import { replaceFigures, replaceFile, updateContents } from '../output/replace-file.js';
import { REPORT_FILE } from '../output/run-json.js';
import { studyFigures } from './figures.js';
import { studyPage } from './page.js';
import { readStudy } from './read-study.js';
import { STUDY_FILE } from './study-json.js';

/**
 * Draws figures and report of a stored study again, in its directory, and returns their paths. The
 * files are the same bytes as the study wrote (by the same version of isospike). `study.json` learns
 * the new check sums.
 * @throws ResultsFileError if the directory holds no readable study.
 */
export async function plotStudy(directory: string): Promise<string[]> {
  const stored = await readStudy(directory);
  const { renderPng } = await import('../figures/index.js');
  const figures = studyFigures(stored);
  const files = await replaceFigures(directory, figures, renderPng);
  const report = studyPage(stored, figures).join('');
  files.push(await replaceFile(directory, REPORT_FILE, report));
  await updateContents(directory, STUDY_FILE, stored, files);
  return files.map((file) => join(directory, file.name));
}
