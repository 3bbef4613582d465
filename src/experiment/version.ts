import { createRequire } from 'node:module';

/** The version of isospike, from the package's own description, which stands beside the code. */
export function ownVersion(): string {
  const { version } = createRequire(import.meta.url)('isospike/package.json') as {
    version: string;
  };
  return version;
}
