/** Where the time of a piece of simulation goes, from the simulation's own account. */
import type { KernelStatus, Simulation } from '../src/index.js';

export interface Phases {
  /** Wall times in ns. */
  readonly simulate: number;
  readonly update: number;
  readonly exchange: number;
  readonly deliver: number;
  readonly steps: number;
  readonly spikes: number;
  /** Transmissions over connections, those from generators included. */
  readonly events: number;
}

/** Carries out `advance`, which simulates, and tells what it took. */
export async function phasesOf(sim: Simulation, advance: () => Promise<unknown>): Promise<Phases> {
  const before = await sim.kernelStatus();
  await advance();
  const after = await sim.kernelStatus();
  const grown = (key: NumericKey): number => after[key] - before[key];
  return {
    simulate: 1e9 * grown('time_simulate'),
    update: 1e9 * grown('time_update'),
    exchange: 1e9 * grown('time_gather_spike_data'),
    deliver: 1e9 * grown('time_deliver_spike_data'),
    steps: Math.round(grown('biological_time') / after.resolution),
    spikes: grown('local_spike_counter'),
    events: grown('synaptic_event_counter'),
  };
}

type NumericKey = {
  [K in keyof KernelStatus]: KernelStatus[K] extends number ? K : never;
}[keyof KernelStatus];
