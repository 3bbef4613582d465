/**
 * Simulations on threads that stay for those that follow (`resetKernel`): to start them takes longer than all
 * else in a small simulation. Whatever was simulated before must not matter, so that is tested by the way.
 */
import { afterAll } from 'vitest';
import { Simulation, type SimulationOptions } from '../../src/simulation/index.js';

class KeptThreads {
  /** By what a reset must be told anew. */
  private readonly idle = new Map<string, Simulation[]>();
  private readonly kinds = new WeakMap<Simulation, string>();

  async open(options: SimulationOptions = {}): Promise<Simulation> {
    // A reset keeps options that it is not given.
    const given = Object.keys(options).sort();
    const kind = [options.local_num_threads ?? 1, ...given].join(' ');
    const kept = this.idle.get(kind)?.pop();
    const simulation = kept ? await kept.resetKernel(options) : new Simulation(options);
    this.kinds.set(simulation, kind);
    return simulation;
  }

  /** Nothing more is wanted of a simulation. */
  keep(simulation: Simulation): void {
    const kind = this.kinds.get(simulation)!;
    this.idle.set(kind, [...(this.idle.get(kind) ?? []), simulation]);
  }

  async close(): Promise<void> {
    await Promise.all([...this.idle.values()].flat().map((simulation) => simulation.close()));
  }
}

/** For the tests of a file. */
export function keptThreads(): KeptThreads {
  const threads = new KeptThreads();
  afterAll(() => threads.close());
  return threads;
}
