/** The model of docs/ADD-A-MODEL.md: a file of its own and its registration make a model whole. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.js';
import { Partition } from '../../src/engine/partition.js';
import { SoloExchange } from '../../src/engine/spike-exchange.js';
import { withCommonParameters } from '../../src/models/common-parameters.js';
import { NodeModels } from '../../src/models/registry.js';
import { accumulator } from './toy-model.js';

test('the guide shows the model that is tested here', async () => {
  const guide = await readFile('docs/ADD-A-MODEL.md', 'utf8');
  const model = await readFile('test/models/toy-model.ts', 'utf8');
  const shown = model
    .replaceAll("'../../src/models/", "'../")
    .replaceAll("'../../src/", "'../../")
    .replaceAll(/(?<=\w)!/g, '');
  expect(guide).toContain(shown.trim());
});

test('it runs, two kinds of values and two kinds of kernels alike', () => {
  for (const kernels of ['wasm', 'javascript'] as const) {
    const models = new NodeModels();
    models.add(withCommonParameters(accumulator));
    const engine = new Engine({
      partition: new Partition(0, 1),
      resolution: 0.5,
      seed: 1,
      exchange: new SoloExchange(),
      models,
      kernels,
    });
    const tau = Float64Array.of(1, 10, 100);
    const parameters = { tau, threshold: 1, tau_minus: 20 };
    const nodes = { model: 'accumulator', firstId: 1, size: 3, parameters, state: { x: 0.9 } };
    engine.createNeurons(nodes);
    const [group] = engine.groups;
    const input = engine.segment.allocateF64(8, 'test');
    input.fill(0.2);
    group!.kernel.update(1, input, 0, 0, []);
    const expected = [0.9 * Math.exp(-0.5) + 0.2, 0, 0.9 * Math.exp(-0.005) + 0.2 - 1];
    expected[1] = 0.9 * Math.exp(-0.05) + 0.2 - 1;
    group!.state('x').forEach((x, i) => {
      expect(Math.abs(x - expected[i]!)).toBeLessThan(1e-15);
    });
    expect(Array.from(engine.output.counts)).toEqual([0, 1, 1]);
  }
});
