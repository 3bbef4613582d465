/** How fast this machine is at the moment: a fixed loop of exponentials, timed beside every run. */
import { exp } from '../src/index.js';

const LOOPS = 1_000_000;

function loop(): number {
  let sum = 0;
  for (let i = 0; i < LOOPS; i++) sum += exp(-1e-5 * i);
  return sum;
}

/** ns per exponential of the library, over 10^6 of them, compiled. */
export function calibrate(): number {
  const expected = loop();
  const started = performance.now();
  const sum = loop();
  const elapsedMs = performance.now() - started;
  if (sum !== expected) throw new Error('the calibration loop is not reproducible');
  return (elapsedMs * 1e6) / LOOPS;
}
