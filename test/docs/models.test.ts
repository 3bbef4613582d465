/** What README.md and docs/MODELS.md say of models is what the models say of themselves. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { neuronReference } from '../../src/cli/neuron-reference.js';
import { nodeModels, synapseModels } from '../../src/models/registry.js';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The names of all models, by kind. */
function names(): string {
  const ofKind = (kind: string) =>
    [...nodeModels.values()].filter((model) => model.kind === kind).map(({ name }) => name);
  const groups = {
    neurons: ofKind('neuron'),
    generators: ofKind('generator'),
    recorders: ofKind('recorder'),
    synapses: [...synapseModels.keys()],
  };
  return Object.entries(groups)
    .map(([kind, models]) => `- ${kind}: ${models.map((name) => `\`${name}\``).join(', ')}\n`)
    .join('');
}

describe.each([
  ['docs/MODELS.md', 'neurons', () => `\n${neuronReference(nodeModels)}\n`],
  ['README.md', 'models', () => `\n${names()}\n`],
] as const)('%s', (file, section, content) => {
  it(`has the ${section} of the registry`, async () => {
    const text = await readFile(path(file), 'utf8');
    const region = new RegExp(`(models\\.test\\.ts -u.*-->\\n)[^]*(<!-- /${section} -->)`);
    expect(text).toMatch(region);
    const expected = text.replace(region, (_, begin, end) => begin + content() + end);
    await expect(expected).toMatchFileSnapshot(path(file));
  });
});
