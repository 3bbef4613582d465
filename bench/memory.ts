/** Memory as the simulation accounts for it, and as the process that started it sees it. */
import type { Simulation } from '../src/index.js';
import type { Figure, Outside, Target } from './benchmark.js';

interface Growth {
  /** Bytes in kernelStatus, resident in physical memory, and resident at the highest. */
  readonly inside: number;
  readonly outside: number;
  readonly peak: number;
}

/** How much memory grows by `build`, what a first step allocates for the run included. */
export async function growthBy(
  sim: Simulation,
  outside: Outside,
  build: () => Promise<unknown>,
): Promise<Growth> {
  // What a run needs without what is built: code, buffers, the ring of the nodes at hand.
  await sim.simulate(STEP_MS);
  const before = await reading(sim, outside);
  await build();
  await sim.simulate(STEP_MS);
  const after = await reading(sim, outside);
  return {
    inside: after.inside - before.inside,
    outside: after.residentBytes - before.residentBytes,
    peak: after.peakBytes - before.residentBytes,
  };
}

const STEP_MS = 0.1;

async function reading(sim: Simulation, outside: Outside) {
  const { network_memory: inside } = await sim.kernelStatus();
  return { inside, ...(await outside.memory()) };
}

/** Figures of a memory benchmark; inside and outside must agree within 5 %. */
export function memoryFigures(target?: Target, nest?: string) {
  const bounds = { ...(target && { target }), ...(nest !== undefined && { nest }) };
  return {
    'from outside': { unit: 'bytes', ...bounds },
    'from inside': { unit: 'bytes', ...(target && { target }) },
    'difference of the two': { unit: '%', target: { most: 5 } },
    'at the highest': { unit: 'bytes' },
  } satisfies Record<string, Figure>;
}

/** The figures per item that was built. */
export function perItem({ inside, outside, peak }: Growth, items: number) {
  return {
    'from outside': outside / items,
    'from inside': inside / items,
    'difference of the two': 100 * Math.abs(outside / inside - 1),
    'at the highest': peak / items,
  };
}
