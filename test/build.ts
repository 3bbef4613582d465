import { execFileSync } from 'node:child_process';

/** Compile what the tests run in worker threads and child processes. */
export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
