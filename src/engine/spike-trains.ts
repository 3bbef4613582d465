/** Spikes of spike generators. Every virtual process follows all of them, so that none need be exchanged. */
import type { SpikeTrainState } from './device-state.js';
import { isActive } from './records.js';

interface Train {
  readonly id: number;
  state: SpikeTrainState;
  /** Next spike, as an index into the state's arrays. */
  next: number;
}

export class SpikeTrains {
  /** Generators that fire in the step last asked for, by id, with factor and multiplicity. */
  readonly senders: number[] = [];
  readonly factors: number[] = [];
  readonly multiplicities: number[] = [];
  private readonly trains: Train[] = [];
  private readonly byId = new Map<number, Train>();

  /** A generator's spike times; those up to step `now` are past. */
  setState(id: number, state: SpikeTrainState, now: number): void {
    let next = 0;
    while (next < state.steps.length && state.steps[next] <= now) next += 1;
    const known = this.byId.get(id);
    if (known) Object.assign(known, { state, next });
    else this.add({ id, state, next });
  }

  private add(train: Train): void {
    this.trains.push(train);
    this.byId.set(train.id, train);
  }

  /** Bytes of all spike times with what belongs to each. */
  get bytes(): number {
    return this.trains.reduce(
      (sum, { state: { steps, factors, multiplicities } }) =>
        sum + steps.byteLength + factors.byteLength + multiplicities.byteLength,
      0,
    );
  }

  /** Collect the spikes of a step; steps must be asked for in order. */
  fire(step: number): void {
    if (this.trains.length === 0) return;
    this.senders.length = 0;
    this.factors.length = 0;
    this.multiplicities.length = 0;
    for (const train of this.trains) {
      const { steps, factors, multiplicities, active } = train.state;
      for (; train.next < steps.length && steps[train.next] === step; train.next++) {
        if (!isActive(active, step)) continue;
        this.senders.push(train.id);
        this.factors.push(factors[train.next]);
        this.multiplicities.push(multiplicities[train.next]);
      }
    }
  }
}
