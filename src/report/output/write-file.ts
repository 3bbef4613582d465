import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { WrittenFile } from './run-json.js';

/** Writes a new file piece by piece, to the disk itself, and says what it holds. */
export async function writeFile(
  folder: string,
  name: string,
  pieces: Iterable<string | Uint8Array>,
): Promise<WrittenFile> {
  const hash = createHash('sha256');
  const handle = await open(join(folder, name), 'wx');
  let bytes = 0;
  try {
    for (const piece of pieces) {
      const data = typeof piece === 'string' ? Buffer.from(piece) : piece;
      hash.update(data);
      bytes += data.length;
      await handle.writeFile(data);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { name, bytes, sha256: hash.digest('hex') };
}
