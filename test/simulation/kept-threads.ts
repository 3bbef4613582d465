/**
 * Simulations on threads that stay for those that follow (`resetKernel`): to start them takes longer than all
 * else in a small simulation. Whatever was simulated before must not matter, so that is tested by the way.
 */
import { afterAll } from 'vitest';
import { Simulation, type SimulationOptions } from '../../src/simulation/index.js';

export class KeptThreads {
  /** By what a reset must be told anew. */
  private readonly idle = new Map<string, Simulation[]>();
  /** Simulations that are not reset, kept or not, and what they are idle under. */
  private readonly kinds = new Map<Simulation, string>();
  private closed = false;

  async open(options: SimulationOptions = {}): Promise<Simulation> {
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    // A reset keeps options that it is not given.
    const kind = [options.local_num_threads ?? 1, ...given.map(([name]) => name).sort()].join(' ');
    const kept = this.idle.get(kind)?.pop();
    if (kept) this.kinds.delete(kept);
    const simulation = kept ? await kept.resetKernel(options) : new Simulation(options);
    this.kinds.set(simulation, kind);
    return simulation;
  }

  /** Nothing more is wanted of a simulation. */
  keep(simulation: Simulation): void {
    const kind = this.kinds.get(simulation)!;
    if (this.closed) void simulation.close();
    else this.idle.set(kind, [...(this.idle.get(kind) ?? []), simulation]);
  }

  /** Also ends those that a failed test has not kept. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.kinds.keys()].map((simulation) => simulation.close()));
  }
}

/** For the tests of a file. */
export function keptThreads(): KeptThreads {
  const threads = new KeptThreads();
  afterAll(() => threads.close());
  return threads;
}
