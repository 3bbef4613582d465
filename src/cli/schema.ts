/** `isospike schema` */
import { writeFile } from 'node:fs/promises';
import { experimentJsonSchema } from '../experiment/json-schema.js';
import { usingFiles } from './failure.js';

/** Prints the JSON Schema of experiment files, or writes it to a file. */
export async function schema(file?: string): Promise<void> {
  const text = `${JSON.stringify(experimentJsonSchema(), null, 2)}\n`;
  if (file === undefined) process.stdout.write(text);
  else await usingFiles('write', file, () => writeFile(file, text));
}
