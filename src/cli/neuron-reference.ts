/** What the specifications of neuron models say of themselves, as text for a terminal and as Markdown. */
import { commonParameterNames } from '../models/common-parameters.js';
import type { NodeModel } from '../models/registry.js';
import type { DeviceParameterSpec, NeuronModel, QuantitySpec } from '../models/spec.js';

export type NodeModelMap = ReadonlyMap<string, NodeModel>;

/** A line of a table of quantities. */
export type Row = readonly [name: string, value: string, unit: string, doc: string];

const COLUMNS = 100;

export function quantityRows(
  specs: Readonly<Record<string, QuantitySpec | DeviceParameterSpec>>,
): Row[] {
  return Object.entries(specs).map(([name, spec]) => [name, shown(spec), spec.unit, spec.doc]);
}

/** State variables that can be set or recorded, with a remark where only one of both. */
export function stateRows({ state }: NeuronModel): Row[] {
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

/** What a model does, in paragraphs for a terminal. */
export function descriptionBlocks(model: NeuronModel): string[] {
  const { about, step } = model;
  const equations = equationLines(model, '  ');
  const items = step.map((text, i) => `${wrapped(text, `  ${i + 1}. `)}\n`);
  return [
    about === '' ? '' : `${wrapped(about, '')}\n`,
    equations.length === 0 ? '' : `derivatives per ms\n${equations.join('')}`,
    items.length === 0 ? '' : `in a step, in this order\n${items.join('')}`,
    weightSentence(model),
  ].map((block) => block.replaceAll('`', ''));
}

/** All neuron models, each with a section of its own, in Markdown. */
export function neuronReference(models: NodeModelMap): string {
  const neurons = [...models.values()].filter(({ kind }) => kind === 'neuron') as NeuronModel[];
  return neurons.map(section).join('\n');
}

function section(model: NeuronModel): string {
  const { name, doc, about, step, parameters } = model;
  const own = Object.entries(parameters).filter(([key]) => !commonParameterNames.includes(key));
  const items = step.map((text, i) => `${wrapped(glued(text), `${i + 1}. `)}\n`);
  const equations = equationLines(model, '    ');
  return [
    `## ${name}\n`,
    `${wrapped(glued(about || `${doc}.`), '')}\n`,
    equations.length === 0 ? '' : equations.join(''),
    items.length === 0 ? '' : `In a step, in this order:\n\n${items.join('')}`,
    weightSentence(model),
    table('parameter', quantityRows(Object.fromEntries(own))),
    table('state', stateRows(model)),
  ]
    .filter((block) => block !== '')
    .join('\n');
}

/** Pure numbers need no word. */
function weightSentence({ weightUnit }: NeuronModel): string {
  return weightUnit === '' ? '' : `Weights of synapses onto it are in ${weightUnit}.\n`;
}

function equationLines({ definitions = {}, equations }: NeuronModel, indent: string): string[] {
  return [
    ...Object.entries(definitions).map(([name, text]) => [name, text] as const),
    ...Object.entries(equations).map(([name, text]) => [`${name}'`, text] as const),
  ].map(([left, right]) => `${wrapped(right, `${indent}${left} = `)}\n`);
}

function table(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(([name, ...rest]) => `| \`${name}\` | ${rest.join(' | ')} |\n`);
  return [`| ${title} | default | unit | meaning |\n`, '| --- | --- | --- | --- |\n', ...lines]
    .join('')
    .replaceAll('|  |', '| |');
}

/** Stands for a blank at which no line may end. */
const GLUE = '\u0001';

/** Operators stay with their operands: Markdown reads a line that begins with one as a list. */
function glued(text: string): string {
  return text.trim().replaceAll(/\s+([-+*<>=]+)\s+/g, `${GLUE}$1${GLUE}`);
}

/** A paragraph in lines of at most `COLUMNS`; `head` stands before the first, blanks before others. */
function wrapped(text: string, head: string): string {
  const indent = ' '.repeat(head.length);
  const lines: string[] = [];
  let line = head;
  for (const word of text.trim().split(/\s+/)) {
    const isFirst = line === head || line === indent;
    if (!isFirst && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = indent;
    }
    line += line === head || line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join('\n').replaceAll(GLUE, ' ');
}
