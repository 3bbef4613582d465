/** Connections of Poisson and current generators, which are no synapses of rows, as one kind of object. */
import type { Engine } from './engine.js';
import { NO_GROUP, type PoissonColumns } from './poisson-columns.js';

export interface DeviceConnection {
  readonly generator: number;
  readonly target: number;
  readonly call: number;
  readonly position: number;
  readonly delay: number;
  readonly synapse: string;
  weight: number;
}

type Parts = Pick<Engine, 'poisson' | 'currents'>;

/** Number of all, those to recorders included. */
export function deviceConnectionCount({ poisson, currents }: Parts): number {
  return poisson.length + currents.connections.length;
}

/** Connection number `d`; undefined if it leads to a recorder. */
export function deviceConnection(
  { poisson, currents }: Parts,
  d: number,
): DeviceConnection | undefined {
  if (d >= poisson.length) return currents.connections[d - poisson.length];
  return poisson.columns.group[d] !== NO_GROUP
    ? new PoissonConnectionView(poisson.columns, d)
    : undefined;
}

class PoissonConnectionView implements DeviceConnection {
  constructor(
    private readonly columns: PoissonColumns,
    private readonly c: number,
  ) {}

  get generator(): number {
    return this.columns.generator[this.c];
  }

  get target(): number {
    return this.columns.target[this.c];
  }

  get call(): number {
    return this.columns.call[this.c];
  }

  get position(): number {
    return this.columns.position[this.c];
  }

  get delay(): number {
    return this.columns.delay[this.c];
  }

  get synapse(): string {
    return this.columns.synapses[this.columns.synapse[this.c]];
  }

  get weight(): number {
    return this.columns.weight[this.c];
  }

  set weight(value: number) {
    this.columns.weight[this.c] = value;
  }
}
