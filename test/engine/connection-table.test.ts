import { expect, test } from 'vitest';
import { ConnectionTable } from '../../src/engine/connection-table.js';
import { Segment } from '../../src/memory/segment.js';
import { synapseModels } from '../../src/models/registry.js';
import { connectCall } from './in-process.js';

const ALL = { rule: 'all_to_all', allow_autapses: true, allow_multapses: true } as const;
const model = synapseModels.get('clopath_synapse')!;

function call(name: string, recorder = 0) {
  const nodes = [{ first: 1, count: 2 }];
  return connectCall({
    rule: ALL,
    ...{ sources: nodes, targets: nodes, model: model.name, name, recorder },
  });
}

test('equal synapses are one variant, those that differ in anything are several', () => {
  const table = new ConnectionTable(new Segment());
  const parameters = { tau_x: 15, Wmin: 0, Wmax: 100 };
  const first = table.variant(call('a'), model, parameters);
  expect(table.variant(call('a'), model, { ...parameters })).toBe(first);
  const others = [
    table.variant(call('b'), model, parameters),
    table.variant(call('a 1'), model, parameters),
    table.variant(call('a', 1), model, parameters),
    table.variantWith(first, { ...parameters, Wmax: 100 + 2 ** -40 }),
    table.variantWith(first, { ...parameters, Wmin: 15, tau_x: 1 }),
  ];
  expect(new Set([first, ...others]).size).toBe(6);
  expect(table.variants).toEqual([first, ...others]);
  expect(table.variants.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(table.variantWith(others[3]!, parameters)).toBe(first);
});
