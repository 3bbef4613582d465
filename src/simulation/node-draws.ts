/** Values of nodes as calls give them, with what distributions draw. */
import type { IdSet } from '../connectivity/id-set.js';
import { type Seed, streamKey } from '../random/index.js';
import { isRecord, type Meaning, type Params, resolveValues } from './values.js';

export class NodeDraws {
  /** How often each parameter has been drawn, which keys its next draw: no other call does. */
  private readonly draws = new Map<string, number>();

  constructor(private readonly seed: Seed) {}

  /** One value for all of `ids`, or one each. */
  resolve(
    where: string,
    parameter: string,
    value: unknown,
    ids: IdSet,
    spec: Meaning = {},
  ): number | Float64Array {
    const key = () => streamKey(this.seed, `node ${parameter}`);
    return resolveValues(where, value, ids, key, this.draws.get(parameter) ?? 0, spec);
  }

  /** Called once nothing can fail any more, so that a refused call leaves later draws alone. */
  count(params: Params): void {
    for (const [key, value] of Object.entries(params)) {
      if (isRecord(value)) this.draws.set(key, (this.draws.get(key) ?? 0) + 1);
    }
  }
}
