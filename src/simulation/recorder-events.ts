/** What recorders hold, from all workers. */
import type { IdSet } from '../connectivity/id-set.js';
import { ValueError } from '../errors/index.js';
import type { WorkerTeam } from '../parallel/worker-team.js';
import { mergeRecords } from '../recording/merge.js';
import type { TimeGrid } from '../units/index.js';
import type { Events } from './node-collection.js';
import type { NodeRegistry } from './node-registry.js';

/** Of recorders of one kind. Rejects with ValueError for other nodes. */
export async function readEvents(
  ids: IdSet,
  registry: NodeRegistry,
  team: WorkerTeam,
  grid: TimeGrid,
): Promise<Events> {
  const devices = new Set(registry.parts(ids).map(({ block }) => block.device));
  const [device] = devices;
  if (devices.size !== 1 || device?.kind !== 'recorder') {
    throw new ValueError(
      'model of nodes asked for events',
      [...new Set(registry.runsOf(ids).map(({ model }) => model))].join(', '),
      'recorders of one kind',
    );
  }
  checkSameColumns(ids, registry);
  const parts = await Promise.all(Array.from(ids.toArray(), (id) => team.all('readRecord', id)));
  return mergeRecords(parts.flat(), grid) as Events;
}

/** Multimeters that recorded different variables have no columns in common. */
function checkSameColumns(ids: IdSet, registry: NodeRegistry): void {
  const variables = Array.from(ids.toArray(), (id) => {
    const { firstId, deviceValues } = registry.blockOf(id);
    return String(deviceValues[id - firstId]!.record_from ?? '');
  });
  const other = variables.find((names) => names !== variables[0]);
  if (other === undefined) return;
  throw new ValueError(
    'record_from of multimeters asked for events',
    [variables[0], other],
    'the same variables in the same order',
  );
}
