#!/usr/bin/env node
/** The command `isospike`. */
import { runProgram } from './program.js';

// A reader that closes its end (`isospike models | head`) is no failure of ours, but output that
// is cut short in another way (a full disk) must not pass for whole. What cannot be said on standard
// error is no reason to lose a run.
process.stderr.on('error', () => undefined);
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return;
  process.stderr.write(`error: cannot write to standard output: ${message}\n`);
  process.exit(1);
});

process.exitCode = await runProgram(process.argv.slice(2));
