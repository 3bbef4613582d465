/** Connections found by `getConnections`, in the order (source, target, creation). */
import type { ConnectionColumns } from '../engine/connection-query.js';
import { UnknownKeyError, ValueError } from '../errors/index.js';
import type { SynSpec, SynValue } from './connect-spec.js';
import { namedValues } from './values.js';

/** What a collection asks of its simulation; the filter is kept there. */
export interface ConnectionAccess {
  read(): Promise<ConnectionColumns>;
  write(values: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Columns of a collection: one entry per connection. */
export interface ConnectionValues {
  readonly source: Uint32Array;
  readonly target: Uint32Array;
  readonly synapse_model: string[];
  readonly weight: Float64Array;
  /** ms */
  readonly delay: Float64Array;
  /** Parameters of plastic synapses; NaN where a connection has no such parameter. */
  readonly [parameter: string]: Uint32Array | Float64Array | string[];
}

export class ConnectionCollection {
  readonly source: Uint32Array;
  readonly target: Uint32Array;
  private readonly access: ConnectionAccess;

  constructor(access: ConnectionAccess, found: ConnectionColumns) {
    this.access = access;
    this.source = found.source;
    this.target = found.target;
  }

  get length(): number {
    return this.source.length;
  }

  /** Present values: of one column by name, or all columns. */
  get(): Promise<ConnectionValues>;
  get(name: Exclude<keyof SynSpec, 'synapse_model'>): Promise<Float64Array>;
  get(name: string): Promise<Uint32Array | Float64Array | string[]>;
  async get(name?: string): Promise<ConnectionValues | Uint32Array | Float64Array | string[]> {
    const { model, models, parameters, ...columns } = await this.access.read();
    const numbers: Readonly<Record<string, Uint32Array | Float64Array>> = {
      ...columns,
      ...parameters,
    };
    if (name !== undefined && Object.hasOwn(numbers, name)) return numbers[name]!;
    // A place in a list for each, so only if it is asked for.
    const all: ConnectionValues = {
      ...columns,
      synapse_model: Array.from(model, (m) => models[m]!),
      ...parameters,
    };
    if (name === undefined) return all;
    if (!Object.hasOwn(all, name)) {
      throw new UnknownKeyError('connections', String(name), Object.keys(all));
    }
    return all[name]!;
  }

  /**
   * Set the weight or a parameter of the synapse model: a number for all, one value per connection,
   * or a distribution. The delay is fixed when a connection is made; tau_x once time has passed.
   * All or nothing. Rejects with UnknownKeyError, ValueError or BadParametersError.
   */
  async set(values: Readonly<Record<string, SynValue>>): Promise<void> {
    const given = namedValues('connections', values);
    if ('delay' in given) {
      throw new ValueError(
        'delay',
        given.delay,
        'to stay as it is: delays are fixed when connections are made',
      );
    }
    await this.access.write(given);
  }
}
