import { describe, expect, test } from 'vitest';
import { GroupFootprints } from '../../src/engine/group-footprint.js';
import { nodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';
import { makeEngine, neurons } from './in-process.js';

const models = [...nodeModels.values()].filter((model) => model.kind === 'neuron');

/** Bytes by which the segment of an engine grows that has compiled the model already. */
function allocated(
  { name }: NeuronModel,
  size: number,
  values: Record<string, Float64Array>,
): number {
  const engine = makeEngine();
  engine.createNeurons(neurons(name, 1, size, values));
  const before = engine.segment.usedBytes;
  engine.createNeurons(neurons(name, size + 1, size, values));
  return engine.segment.usedBytes - before;
}

describe.each(models)('$name', (model) => {
  const footprints = new GroupFootprints(0.1);
  const names = Object.keys(model.parameters);
  const lineSteps = 'delay_u_bars' in model.parameters ? 50 : 0;

  test.each([1, 33, 1000, 5000])('%i neurons take what is expected', (size) => {
    const expected = footprints.bytes({ model, differing: [], lineSteps }, size);
    // Blocks are whole cache lines.
    expect(Math.abs(expected - allocated(model, size, {}))).toBeLessThan(64 * 80);
    if (size >= 1000) expect(expected / allocated(model, size, {})).toBeCloseTo(1, 1);
  });

  test('so do those with parameters of their own', () => {
    const size = 1000;
    const values = Object.fromEntries(
      names.map((name) => [name, new Float64Array(size).fill(model.parameters[name]!.default)]),
    );
    const expected = footprints.bytes({ model, differing: names, lineSteps }, size);
    expect(expected / allocated(model, size, values)).toBeCloseTo(1, 2);
  });
});
