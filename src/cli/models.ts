/** `isospike models [NAME]` */
import { UnknownNameError } from '../errors/index.js';
import { loadExperiment } from '../experiment/load.js';
import { nodeModelsOf } from '../experiment/neuron-models.js';
import { type NodeModel, nodeModels, synapseModels } from '../models/registry.js';
import type { QuantitySpec, SynapseModel } from '../models/spec.js';
import { usingExperiment } from './hint.js';
import {
  descriptionBlocks,
  type NodeModelMap,
  neuronReference,
  quantityRows,
  type Row,
  stateRows,
} from './neuron-reference.js';

/** What every synapse has beside the parameters of its model. */
const SYNAPSE_QUANTITIES: Readonly<Record<string, QuantitySpec>> = {
  weight: { default: 1, unit: 'mV, pA', doc: 'weight, in the unit of the input of the target' },
  delay: { default: 1, unit: 'ms', doc: 'delay, a multiple of the resolution' },
};

export interface ModelsOptions {
  readonly file?: string;
  readonly markdown?: boolean;
}

/** Prints all models, or one. */
export async function models(name?: string, { file, markdown }: ModelsOptions = {}): Promise<void> {
  const nodes =
    file === undefined
      ? nodeModels
      : nodeModelsOf(await usingExperiment(file, () => loadExperiment(file)));
  const text = () => (name === undefined ? modelList(nodes) : modelText(name, nodes));
  process.stdout.write(markdown ? neuronReference(nodes) : text());
}

/** All models, one line each, by kind. */
export function modelList(models: NodeModelMap = nodeModels): string {
  const nodes = [...models.values()];
  const ofKind = (kind: NodeModel['kind']) => nodes.filter((model) => model.kind === kind);
  const groups: [string, readonly (NodeModel | SynapseModel)[]][] = [
    ['Neurons', ofKind('neuron')],
    ['Generators', ofKind('generator')],
    ['Recorders', ofKind('recorder')],
    ['Synapses', [...synapseModels.values()]],
  ];
  const width = Math.max(...groups.flatMap(([, group]) => group.map((model) => model.name.length)));
  return groups
    .map(([title, group]) => {
      const lines = group.map((model) => `  ${model.name.padEnd(width)}  ${model.doc}\n`);
      return `${title}\n${lines.join('')}`;
    })
    .join('\n');
}

/**
 * Equations, parameters and state of a model with default, unit and meaning.
 * @throws UnknownNameError
 */
export function modelText(name: string, models: NodeModelMap = nodeModels): string {
  const node = models.get(name);
  const synapse = synapseModels.get(name);
  const model = node ?? synapse;
  if (model === undefined) {
    throw new UnknownNameError('model', name, [...models.keys(), ...synapseModels.keys()]);
  }
  const parameters = node?.parameters ?? { ...SYNAPSE_QUANTITIES, ...synapse?.parameters };
  const blocks = [
    `${model.name}\n${model.doc}.\n`,
    ...(node?.kind === 'neuron' ? descriptionBlocks(node) : []),
    table('parameter', quantityRows(parameters)),
    node?.kind === 'neuron' ? table('state', stateRows(node)) : '',
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

function table(title: string, body: readonly Row[]): string {
  if (body.length === 0) return '';
  const all: Row[] = [[title, 'default', 'unit', 'description'], ...body];
  const width = (column: 0 | 1 | 2) => Math.max(...all.map((row) => row[column].length));
  const widths = [width(0), width(1), width(2)] as const;
  return all
    .map(([name, value, unit, doc]) => {
      const cells = [name.padEnd(widths[0]), value.padEnd(widths[1]), unit.padEnd(widths[2])];
      return `${cells.join('  ')}  ${doc}\n`;
    })
    .join('');
}
