/** Small simulations whose steps are timed. */
import { performance } from 'node:perf_hooks';
import { definitionsOf } from '../experiment/neuron-models.js';
import { type NodeCollection, Simulation } from '../simulation/index.js';
import type { PlannedNetwork } from './network.js';

/** Seed of all that is drawn in them. */
const SEED = 1;
/** Steps of a stretch; as many of them are timed as make up so many ns, and no more than so many. */
export const STRETCH = 1000;
export const LONG_NS = 15e6;
const MOST_STRETCHES = 20;
export const MOST_STEPS = STRETCH * MOST_STRETCHES;
/** Every so many steps all sources fire: rarely, as sources do, so that plasticity has much to look back on. */
export const VOLLEY = STRETCH;
const REPEATS = 3;

/** Processor's time of the process, all threads together, in ns. */
export function processorNs(): number {
  const { user, system } = process.cpuUsage();
  return 1000 * (user + system);
}

export function wallNs(): number {
  return 1e6 * performance.now();
}

export class Trials {
  private readonly resolution: number;

  /** @param network whose resolution and models they have */
  constructor(private readonly network: PlannedNetwork) {
    this.resolution = network.experiment.kernel.resolution;
  }

  /** Without nodes. */
  open(threads = 1): Simulation {
    const sim = new Simulation({
      resolution: this.resolution,
      rng_seed: SEED,
      local_num_threads: threads,
    });
    for (const definition of definitionsOf(this.network.experiment)) sim.defineNeuron(definition);
    return sim;
  }

  /**
   * Time of a step in ns, of the quickest of a few stretches that are long against a simulate call.
   * The processor's time is taken, which other programs do not disturb; but threads that meet need to
   * be looked at together.
   */
  async perStep(sim: Simulation, clock = processorNs): Promise<number> {
    const advance = async (steps: number): Promise<number> => {
      const before = clock();
      await sim.simulate(Number((steps * this.resolution).toFixed(9)));
      return clock() - before;
    };
    await advance(STRETCH);
    const stretches = Math.ceil(LONG_NS / (await advance(STRETCH)));
    const steps = STRETCH * Math.min(MOST_STRETCHES, Math.max(1, stretches));
    await advance(steps);
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < REPEATS; i++) least = Math.min(least, await advance(steps));
    return least / steps;
  }

  /** A generator that fires every VOLLEY steps. */
  volleys(sim: Simulation): NodeCollection {
    const steps = 10 * MOST_STEPS;
    const count = Math.ceil(steps / VOLLEY);
    const spike_times = Array.from({ length: count }, (_, i) =>
      Number(((i + 1) * VOLLEY * this.resolution).toFixed(9)),
    );
    return sim.create('spike_generator', 1, { spike_times });
  }
}
