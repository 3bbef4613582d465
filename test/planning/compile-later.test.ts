import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

test.each([1, availableParallelism(), 64])('V8 knows the flag, for %i threads', (threads) => {
  const module = pathToFileURL('dist/src/planning/compile-later.js').href;
  const code = `import { compileLater } from '${module}'; compileLater(${threads});`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code]);
  expect([status, String(stderr)]).toEqual([0, '']);
});
