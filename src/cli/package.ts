/** What the command knows of the package it belongs to, wherever that is installed. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const description = require.resolve('isospike/package.json');

export const { version } = require(description) as { readonly version: string };

/** The folder of experiments that come with the package. */
export const bundledExperiments = join(dirname(description), 'config');
