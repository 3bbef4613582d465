import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { complement, isPlastic, keepsWeights, positionsIn } from '../../src/experiment/weights.js';
import { resolved } from './minimal.js';

interface Synapse {
  source: number;
  target: number;
  created: number;
}

/** A query: sorted by source, target, creation. */
function query(synapses: readonly Synapse[]) {
  const sorted = synapses.toSorted(
    (a, b) => a.source - b.source || a.target - b.target || a.created - b.created,
  );
  return {
    source: sorted.map(({ source }) => source),
    target: sorted.map(({ target }) => target),
    created: sorted.map(({ created }) => created),
  };
}

test('the connections of one entry are found among those made before and after', () => {
  const pair = fc.record({
    source: fc.integer({ min: 1, max: 3 }),
    target: fc.integer({ min: 1, max: 3 }),
  });
  const entry = fc.array(pair, { maxLength: 12 });
  fc.assert(
    fc.property(entry, entry, entry, (...entries) => {
      let created = 0;
      const [first, second, third] = entries.map((pairs) =>
        pairs.map((ends) => ({ ...ends, created: created++ })),
      ) as [Synapse[], Synapse[], Synapse[]];
      const before = query(first);
      const found = query([...first, ...second]);
      const final = query([...first, ...second, ...third]);
      const own = complement(positionsIn(before, found), found.source.length);
      const ownNow = Array.from(own, (i) => final.created[positionsIn(found, final)[i]!]);
      expect(Array.from(own, (i) => found.created[i])).toEqual(query(second).created);
      expect(ownNow).toEqual(query(second).created);
    }),
    { seed: 3, numRuns: 200 },
  );
});

describe('which weights are kept', () => {
  const experiment = resolved({
    synapse_models: {
      copy: { base: 'clopath_synapse' },
      copy_of_copy: { base: 'copy' },
      fixed: { base: 'static_synapse' },
    },
    connections: [
      { source: 'relays', target: 'exc', syn_spec: 'copy_of_copy' },
      { source: 'relays', target: 'exc', syn_spec: 'fixed' },
      { source: 'relays', target: 'exc', syn_spec: 'copy', record_weights: false },
      { source: 'relays', target: 'exc', record_weights: true },
    ],
  });

  test('copies are as plastic as what they copy', () => {
    const models = ['clopath_synapse', 'copy', 'copy_of_copy', 'fixed', 'static_synapse', 'no'];
    expect(models.map((model) => isPlastic(experiment, model))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('those of plastic synapses, unless the file says otherwise', () => {
    const kept = experiment.connections.map((_, index) => keepsWeights(experiment, index));
    expect(kept).toEqual([true, false, false, true]);
  });
});
