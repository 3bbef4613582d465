#!/usr/bin/env node
/** The command `isospike`. */
import { runProgram } from './program.js';

// A reader that closes its end (`isospike models | head`) is no failure of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runProgram(process.argv.slice(2));
