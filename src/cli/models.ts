/** `isospike models [NAME]` */
import { UnknownNameError } from '../errors/index.js';
import { type NodeModel, nodeModels, synapseModels } from '../models/registry.js';
import type { DeviceParameterSpec, QuantitySpec, SynapseModel } from '../models/spec.js';

/** What every synapse has beside the parameters of its model. */
const SYNAPSE_QUANTITIES: Readonly<Record<string, QuantitySpec>> = {
  weight: { default: 1, unit: 'mV, pA', doc: 'weight, in the unit of the input of the target' },
  delay: { default: 1, unit: 'ms', doc: 'delay, a multiple of the resolution' },
};

/** Prints all models, or parameters and state of one. */
export function models(name?: string): void {
  process.stdout.write(name === undefined ? modelList() : modelText(name));
}

/** All models, one line each, by kind. */
export function modelList(): string {
  const nodes = [...nodeModels.values()];
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
 * Parameters and state of a model with default, unit and meaning.
 * @throws UnknownNameError
 */
export function modelText(name: string): string {
  const node = nodeModels.get(name);
  const synapse = synapseModels.get(name);
  const model = node ?? synapse;
  if (model === undefined) {
    throw new UnknownNameError('model', name, [...nodeModels.keys(), ...synapseModels.keys()]);
  }
  const parameters = node?.parameters ?? { ...SYNAPSE_QUANTITIES, ...synapse?.parameters };
  const blocks = [`${model.name}\n${model.doc}.\n`, table('parameter', rows(parameters))];
  if (node?.kind === 'neuron') blocks.push(table('state', stateRows(node)));
  return blocks.filter((block) => block !== '').join('\n');
}

type Row = readonly [name: string, value: string, unit: string, doc: string];

function rows(specs: Readonly<Record<string, QuantitySpec | DeviceParameterSpec>>): Row[] {
  return Object.entries(specs).map(([name, spec]) => [name, shown(spec), spec.unit, spec.doc]);
}

/** State variables that can be set or recorded, with a remark where only one of both. */
function stateRows({ state }: Extract<NodeModel, { kind: 'neuron' }>): Row[] {
  return Object.entries(state).flatMap(([name, spec]): Row[] => {
    const { settable, recordable, unit, doc } = spec;
    if (!settable && !recordable) return [];
    const remark = !settable ? ' (only to be recorded)' : !recordable ? ' (only to be set)' : '';
    return [[name, shown(spec), unit, doc + remark]];
  });
}

function shown(spec: QuantitySpec | DeviceParameterSpec): string {
  if ('flag' in spec && spec.flag) return String(spec.default !== 0);
  return typeof spec.default === 'number' ? String(spec.default) : JSON.stringify(spec.default);
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
