/** Connections found by `getConnections`, in the order (source, target, creation). */
import type { ConnectionColumns } from '../engine/connection-query.js';
import { closest, UnknownKeyError, ValueError } from '../errors/index.js';
import type { SynSpec, SynValue } from './connect-spec.js';
import { Guarded, insteadOfAssigning, insteadOfReading, isIndex } from './guarded.js';
import { CONNECTION_ATTRIBUTES } from './pynest-names.js';
import { isArrayLike, namedValues } from './values.js';

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

/** One column. */
type Column = ConnectionValues[string];

export class ConnectionCollection extends Guarded {
  readonly #access: ConnectionAccess;
  readonly #source: Uint32Array;
  readonly #target: Uint32Array;
  /** Names of synapse models, and of parameters, weight and delay among them. */
  readonly #models: readonly string[];
  readonly #names: readonly string[];

  /** Collections come from `Simulation.getConnections`. */
  constructor(access: ConnectionAccess, { source, target, models, parameters }: ConnectionColumns) {
    super();
    this.#access = access;
    this.#source = source;
    this.#target = target;
    this.#models = [...models].sort();
    this.#names = ['weight', 'delay', ...Object.keys(parameters)];
  }

  get length(): number {
    return this.#source.length;
  }

  /** Ids of the sources. */
  get source(): Uint32Array {
    return this.#source;
  }

  /** Ids of the targets. */
  get target(): Uint32Array {
    return this.#target;
  }

  /** Present values: of one column by name, of several, or all columns. */
  get(): Promise<ConnectionValues>;
  get(name: Exclude<keyof SynSpec, 'synapse_model'>): Promise<Float64Array>;
  get(name: string): Promise<Column>;
  get(names: readonly string[]): Promise<Record<string, Column>>;
  async get(name?: string | readonly string[]): Promise<Column | Readonly<Record<string, Column>>> {
    const { model, models, parameters, ...columns } = await this.#access.read();
    const numbers: Readonly<Record<string, Column>> = { ...columns, ...parameters };
    // Names take a place in a list for each, so only if they are asked for.
    if (typeof name === 'string' && Object.hasOwn(numbers, name)) return numbers[name]!;
    const all: ConnectionValues = {
      ...columns,
      synapse_model: Array.from(model, (m) => models[m]!),
      ...parameters,
    };
    if (name === undefined) return all;
    if (!isArrayLike(name)) return columnOf(all, name);
    return Object.fromEntries(Array.from(name, (one) => [one, columnOf(all, one)]));
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
    await this.#access.write(given);
  }

  /** Synapse models and number of connections. */
  override toString(): string {
    const models = this.length === 0 ? '' : `synapse_model=${this.#models.join(', ')}, `;
    return `ConnectionCollection(${models}size=${this.length})`;
  }

  override [insteadOfReading](property: string): string | undefined {
    if (isIndex(property)) return 'use sim.getConnections({ source, target }) for a part';
    const isName = property === 'synapse_model' || this.#names.includes(property);
    return isName
      ? `use await connections.get('${property}')`
      : CONNECTION_ATTRIBUTES.get(property);
  }

  override [insteadOfAssigning](property: string): string {
    if (isIndex(property)) return 'use await connections.set({ ... }), with one value for each';
    return `use await connections.set({ ${closest(property, this.#names) ?? property}: ... })`;
  }
}

function columnOf(all: ConnectionValues, name: string): Column {
  if (Object.hasOwn(all, name)) return all[name]!;
  throw new UnknownKeyError('connections', String(name), Object.keys(all));
}
