/** What docs/ADD-A-MODEL.md shows runs. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('defines a model that fires', async () => {
  const guide = await readFile('docs/ADD-A-MODEL.md', 'utf8');
  const [, program] = /^```js\n([\s\S]*?)^```$/m.exec(guide)!;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program!],
    { cwd: ROOT },
  );
  expect(stdout).toMatch(/^[1-9]\d* spikes\n$/);
});
