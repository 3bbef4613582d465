/** Running the workers through a Simulate call, on behalf of a Simulation. */

import type { RunPlan } from '../engine/engine.js';
import { Partition } from '../engine/partition.js';
import { createSpikeRings } from '../parallel/shared-spike-exchange.js';
import type { WorkerTeam } from '../parallel/worker-team.js';
import type { TimeGrid } from '../units/index.js';

export interface SimulateOptions {
  /** Aborting ends the run after the present slice. */
  readonly signal?: AbortSignal | undefined;
  /** Called about ten times a second, and at the end, with the biological time reached, in ms. */
  readonly onProgress?: ((timeMs: number) => void) | undefined;
}

const PROGRESS_INTERVAL_MS = 100;

export class Runner {
  /** The last step computed. */
  now = 0;
  private rings: SharedArrayBuffer | undefined;
  private ringCapacity = 0;

  constructor(
    private readonly team: WorkerTeam,
    private readonly grid: TimeGrid,
  ) {}

  /** Advance by up to `steps` steps; fewer only if the signal is aborted. */
  async run(steps: number, plan: RunPlan, { signal, onProgress }: SimulateOptions): Promise<void> {
    const { team, grid } = this;
    const rings = this.ringsFor(plan);
    // At least one slice is run: what was set for this interval has then taken effect.
    const stop = (): void => team.requestStop(true);
    team.requestStop(signal?.aborted === true);
    signal?.addEventListener('abort', stop);
    const timer =
      onProgress &&
      setInterval(
        () => onProgress(grid.ms(Math.max(this.now, team.progress))),
        PROGRESS_INTERVAL_MS,
      );
    try {
      const reached = await team.all('simulate', steps, plan, rings);
      this.now = reached[0]!;
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', stop);
      team.requestStop(false);
    }
    onProgress?.(grid.ms(this.now));
  }

  /** Rings in which every node of a worker can spike once in every step of a slice. */
  private ringsFor(plan: RunPlan): SharedArrayBuffer {
    const { size } = this.team;
    const capacity = new Partition(0, size).countUpTo(plan.nodes) * plan.sliceSteps;
    if (this.rings === undefined || capacity > this.ringCapacity) {
      this.rings = createSpikeRings(size, capacity);
      this.ringCapacity = capacity;
    }
    return this.rings;
  }
}
