import { expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { assembled, type ModuleImage } from '../../src/kernel/module-image.js';
import { nodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';
import { builtInKernels, prebuiltKernels } from '../../src/parallel/prebuilt-kernels.js';
import { uniform } from '../../src/random/distribution.js';
import { AEIF, advance, connectCall, makeEngine, neurons } from '../engine/in-process.js';

const bytes = ({ code, constants, places }: ModuleImage) =>
  [code, constants, places].map((part) =>
    Buffer.from(part.buffer, part.byteOffset, part.byteLength),
  );

function unneeded(): never {
  throw new Error('is to be made');
}

const source = prebuiltKernels();
const neuronModels = [...nodeModels.values()].filter((model) => model.kind === 'neuron');

test.each([0.1, 0.25])(
  'what the build has written is what the models make at %f ms',
  (resolution) => {
    const images = builtInKernels(resolution);
    for (const { name } of neuronModels.filter((model) => model.input !== 'count')) {
      expect(
        [...images.keys()].some((set) => `${set} `.startsWith(`${name} `)),
        name,
      ).toBe(true);
    }
    for (const [set, image] of images) {
      expect(bytes(source.image(set, unneeded)), set).toEqual(bytes(image));
    }
  },
);

/** Neurons of a model that a busy generator drives, with inputs from each other over synapses of every kind. */
function simulate(model: NeuronModel, engine: Engine): void {
  const size = 12;
  engine.createNeurons(neurons(model.name, 1, size));
  const active = { after: 0, until: 1000 };
  engine.createDevices(size + 1, [{ model: 'poisson_generator', meanPerStep: 0.4, active }]);
  const rule = { rule: 'all_to_all', allow_autapses: true, allow_multapses: true } as const;
  const sources = [{ first: 1, count: size }];
  const weight = uniform(0.5, 2);
  const synapses = ['static_synapse', 'stdp_synapse', 'clopath_synapse'].filter(
    (name) => name !== 'clopath_synapse' || model.archive === 'clopath',
  );
  const calls = [
    connectCall({ rule, sources: [{ first: size + 1, count: 1 }], targets: sources, weight: 300 }),
    ...(model.input === 'count' ? [] : synapses).flatMap((name, i) => [
      connectCall({ call: 1 + 2 * i, rule, sources, targets: sources, model: name, weight }),
      connectCall({
        call: 2 + 2 * i,
        ...{ rule: { ...rule, rule: 'fixed_indegree', indegree: 9 }, sources, targets: sources },
        ...{ model: name, weight },
      }),
    ]),
  ];
  for (const call of calls) {
    engine.stageConnections(call);
    engine.commitConnections();
  }
  const plan = { nodes: size + 1, sliceSteps: 10, maxDelaySteps: 10, plasticDelaySteps: 10 };
  advance(engine, 300, plan);
}

const strict = () => makeEngine({ source: { image: (set) => source.image(set, unneeded) } });
test.each(neuronModels.map((model) => [model.name, model] as const))(
  'a network of %s needs no others',
  (_, model) => {
    const engine = strict();
    simulate(model, engine);
    expect(engine.synapticEvents).toBeGreaterThan(100);
  },
);

test('neurons with parameters of their own each need others', () => {
  const differing = neurons(AEIF, 1, 3, { C_m: Float64Array.of(270, 281, 290) });
  expect(() => strict().createNeurons(differing)).toThrow('is to be made');
});

test('other kernels are made', () => {
  const k = new KernelBuilder('other', 1);
  const kernel = k.finish(k.letInt(7));
  const image = source.image('others', () => [kernel]);
  expect(bytes(image)).toEqual(bytes(assembled([kernel])));
});
