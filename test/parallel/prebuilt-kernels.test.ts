import { expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { assembled, type ModuleImage } from '../../src/kernel/module-image.js';
import { nodeModels } from '../../src/models/registry.js';
import { builtInKernels, prebuiltKernels } from '../../src/parallel/prebuilt-kernels.js';

const bytes = ({ code, constants, places }: ModuleImage) =>
  [code, constants, places].map((part) =>
    Buffer.from(part.buffer, part.byteOffset, part.byteLength),
  );

function unneeded(): never {
  throw new Error('is to be made');
}

test('what the build has written is what the models make', () => {
  const source = prebuiltKernels();
  const images = builtInKernels();
  const neurons = [...nodeModels.values()].filter((model) => model.kind === 'neuron');
  for (const { name } of neurons.filter((model) => model.input !== 'count')) {
    expect(
      [...images.keys()].some((set) => `${set} `.startsWith(`${name} `)),
      name,
    ).toBe(true);
  }
  for (const [set, image] of images) {
    expect(bytes(source.image(set, unneeded)), set).toEqual(bytes(image));
  }
});

test('other kernels are made', () => {
  const k = new KernelBuilder('other', 1);
  const kernel = k.finish(k.letInt(7));
  const image = prebuiltKernels().image('others', () => [kernel]);
  expect(bytes(image)).toEqual(bytes(assembled([kernel])));
});
