/** Running the workers through a Simulate call, on behalf of a Simulation. */

import type { RunPlan } from '../engine/engine.js';
import { Partition } from '../engine/partition.js';
import { ValueError } from '../errors/index.js';
import { createSpikeRings, spikeRingBytes } from '../parallel/shared-spike-exchange.js';
import type { WorkerTeam } from '../parallel/worker-team.js';
import type { TimeGrid } from '../units/index.js';
import { namedValues } from './values.js';

export interface SimulateOptions {
  /** Aborting ends the run with the next slice. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called about ten times a second, and at the end, with the biological time reached, in ms. If it
   * throws, the run ends with the next slice, and `simulate` rejects with that error; the
   * simulation stays usable.
   */
  readonly onProgress?: ((timeMs: number) => void) | undefined;
}

export interface SimulateOutcome {
  /** False if the run was ended by its signal. */
  readonly completed: boolean;
  /** Biological time reached, in ms. */
  readonly time: number;
}

const PROGRESS_INTERVAL_MS = 100;
/** Slices are cut shorter where rings for whole ones would take more; no result depends on it. */
export const MAX_RING_BYTES = 2 ** 26;

/** Throws UnknownKeyError or ValueError. */
export function checkSimulateOptions(options: SimulateOptions): void {
  const { signal, onProgress } = namedValues('simulate', options, ['signal', 'onProgress']);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new ValueError('simulate.signal', signal, 'an AbortSignal');
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new ValueError('simulate.onProgress', onProgress, 'a function');
  }
}

export class Runner {
  /** The last step computed. */
  now = 0;
  private rings: SharedArrayBuffer | undefined;
  private ringCapacity = 0;

  constructor(
    private readonly team: WorkerTeam,
    private readonly grid: TimeGrid,
  ) {}

  /**
   * Advance by up to `steps` steps; fewer only if the signal is aborted or `onProgress` throws.
   * Returns what that threw, as `{ error }`. Rejects with the error of a failing worker; `now` is
   * then the end of the last slice that all workers completed, and so are the records.
   */
  async run(
    steps: number,
    plan: RunPlan,
    { signal, onProgress }: SimulateOptions,
  ): Promise<{ readonly error: unknown } | undefined> {
    const { team, grid } = this;
    const sliceSteps = this.affordableSlice(plan);
    const rings = this.ringsFor(plan.nodes, sliceSteps);
    let thrown: { readonly error: unknown } | undefined;
    const report = (): void => {
      if (thrown) return;
      try {
        onProgress?.(grid.ms(Math.max(this.now, team.progress)));
      } catch (error) {
        thrown = { error };
        team.requestStop(true);
      }
    };
    // At least one slice is run: what was set for this interval has then taken effect.
    const most = signal?.aborted ? Math.min(steps, sliceSteps) : steps;
    const stop = (): void => team.requestStop(true);
    team.requestStop(false);
    signal?.addEventListener('abort', stop);
    const timer = onProgress && setInterval(report, PROGRESS_INTERVAL_MS);
    try {
      const reached = await team.allWorkers('simulate', most, { ...plan, sliceSteps }, rings);
      this.now = reached[0]!;
    } catch (error) {
      this.now = Math.max(this.now, team.progress);
      // The workers may all be gone, and with them the records.
      await team.all('dropRecordsAfter', this.now).catch(() => undefined);
      throw error;
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', stop);
      team.requestStop(false);
    }
    report();
    return thrown;
  }

  private affordableSlice({ nodes, sliceSteps }: RunPlan): number {
    const bytesPerStep = spikeRingBytes(this.team.processes, this.capacity(nodes, 1));
    return Math.max(1, Math.min(sliceSteps, Math.floor(MAX_RING_BYTES / bytesPerStep)));
  }

  /** Spikes of a slice if every node of a virtual process fires in every step. */
  private capacity(nodes: number, sliceSteps: number): number {
    return new Partition(0, this.team.processes).countUpTo(nodes) * sliceSteps;
  }

  private ringsFor(nodes: number, sliceSteps: number): SharedArrayBuffer {
    const capacity = this.capacity(nodes, sliceSteps);
    if (this.rings === undefined || capacity > this.ringCapacity) {
      this.rings = createSpikeRings(this.team.processes, capacity);
      this.ringCapacity = capacity;
    }
    return this.rings;
  }
}
