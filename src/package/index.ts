/** The package that the code belongs to, wherever that is installed, and whether it runs compiled or from its sources. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const DESCRIPTION = 'isospike/package.json';

export function version(): string {
  return (require(DESCRIPTION) as { readonly version: string }).version;
}

/** Where a file or folder of the package is, given from its root on. */
export function packageFile(path: string): string {
  return join(dirname(require.resolve(DESCRIPTION)), path);
}
