/** The package that the code belongs to, wherever that is installed, and whether it runs compiled or from its sources. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const description = require.resolve('isospike/package.json');

export const { version } = require(description) as { readonly version: string };

/** Where a file or folder of the package is, given from its root on. */
export function packageFile(path: string): string {
  return join(dirname(description), path);
}
