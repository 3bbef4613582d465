/** When V8 compiles, in programs of this package's own. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/**
 * V8 compiles a function anew, for speed, once it has run for so long, or so often; these are eight
 * times its own choices, by its major version, as it knows no other flags.
 */
const FLAGS: Readonly<Record<string, string>> = {
  '11': '--interrupt-budget=1000000',
  '12': '--invocation-count-for-turbofan=24000',
  '13': '--invocation-count-for-turbofan=24000',
  '14': '--invocation-count-for-turbofan=24000',
};

/**
 * For a process that is there to simulate on so many threads: V8 compiles on threads of its own, so
 * where the workers take all cores, they wait for those, and for each other, and each has the
 * same functions compiled. Most of the time goes into kernels anyhow, which are compiled once for all.
 * The flags hold for the whole process, so no library may set them.
 */
export function compileLater(threads: number): void {
  const flag = FLAGS[process.versions.v8.split('.')[0]!];
  if (flag && threads >= availableParallelism()) setFlagsFromString(flag);
}
