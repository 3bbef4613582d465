/** The models of one simulation: the built-in ones and its copies, with their present defaults. */
import { UnknownKeyError, UnknownNameError, ValueError } from '../errors/index.js';
import { checkForm, type NeuronDefinition } from '../models/defined/definition.js';
import { type NodeModel, NodeModels, synapseModels } from '../models/registry.js';
import { defaultsOf, runChecks, type SynapseModel } from '../models/spec.js';
import type { TimeGrid } from '../units/index.js';
import { type DeviceValues, deviceChecks, parseDeviceValue } from './device-values.js';
import { namedValues, plainNumber } from './values.js';

export interface NodeModelEntry {
  readonly kind: 'node';
  readonly name: string;
  readonly model: NodeModel;
  /** Defaults of neuron parameters and state, flags as 1 and 0. */
  readonly values: Record<string, number>;
  /** Defaults of device parameters. */
  readonly device: DeviceValues;
}

export interface SynapseModelEntry {
  readonly kind: 'synapse';
  readonly name: string;
  readonly model: SynapseModel;
  /** weight, delay (ms) and the model's own parameters. */
  readonly values: Record<string, number>;
  /** Node id of the weight recorder, 0 for none. */
  weightRecorder: number;
}

export class ModelRegistry {
  private readonly nodeModels = new NodeModels();
  private readonly entries = new Map<string, NodeModelEntry | SynapseModelEntry>();

  constructor(
    private readonly grid: TimeGrid,
    private readonly weightRecorderId: (value: unknown) => number,
  ) {
    for (const [, model] of this.nodeModels) this.addNodeModel(model);
    for (const [name, model] of synapseModels) {
      const values = { weight: 1, delay: 1, ...defaultsOf(model.parameters) };
      this.entries.set(name, { kind: 'synapse', name, model, values, weightRecorder: 0 });
    }
  }

  /**
   * Add a model of the user's. Returns what it was made of, whatever becomes of the user's object.
   * Throws what NodeModels.define throws, also for the name of a copy.
   */
  define(given: unknown): NeuronDefinition {
    checkForm(given);
    this.checkNew(given.name);
    const definition = structuredClone(given);
    this.addNodeModel(this.nodeModels.define(definition));
    return definition;
  }

  private addNodeModel(model: NodeModel): void {
    const { name } = model;
    const values = model.kind === 'neuron' ? neuronDefaults(model) : {};
    const device = model.kind === 'neuron' ? {} : defaultsOf(model.parameters);
    this.entries.set(name, { kind: 'node', name, model, values, device });
  }

  names(kind: 'node' | 'synapse'): string[] {
    return [...this.entries.values()].filter((e) => e.kind === kind).map((e) => e.name);
  }

  node(name: string): NodeModelEntry {
    const entry = this.entries.get(name);
    if (entry?.kind !== 'node') {
      throw new UnknownNameError('node model', String(name), this.names('node'));
    }
    return entry;
  }

  synapse(name: string): SynapseModelEntry {
    const entry = this.entries.get(name);
    if (entry?.kind !== 'synapse') {
      throw new UnknownNameError('synapse model', String(name), this.names('synapse'));
    }
    return entry;
  }

  copy(existing: string, name: string, values: Readonly<Record<string, unknown>>): void {
    const entry = this.any(existing);
    if (typeof name !== 'string' || name === '') {
      throw new ValueError('name of the new model', name, 'a word');
    }
    this.checkNew(name);
    const copy =
      entry.kind === 'node'
        ? { ...entry, name, values: { ...entry.values }, device: { ...entry.device } }
        : { ...entry, name, values: { ...entry.values } };
    this.assign(copy, namedValues(name, values));
    this.entries.set(name, copy);
  }

  private checkNew(name: string): void {
    if (!this.entries.has(name)) return;
    throw new ValueError('name of the new model', name, 'a name that no model has yet');
  }

  setDefaults(name: string, values: Readonly<Record<string, unknown>>): void {
    const entry = this.any(name);
    this.assign(entry, namedValues(entry.name, values));
  }

  /** Parameters of a model as a user would write them. */
  getDefaults(name: string): Record<string, unknown> {
    const entry = this.any(name);
    if (entry.kind === 'synapse') {
      return { ...entry.values, weight_recorder: entry.weightRecorder || null };
    }
    if (entry.model.kind !== 'neuron') {
      return Object.fromEntries(
        Object.entries(entry.device).map(([key, value]) => [
          key,
          typeof value === 'number' ? value : [...value],
        ]),
      );
    }
    const { parameters, state } = entry.model;
    return Object.fromEntries(
      Object.entries(entry.values)
        .filter(([key]) => key in parameters || state[key]?.settable || state[key]?.recordable)
        .map(([key, value]) => [key, parameters[key]?.flag ? value !== 0 : value]),
    );
  }

  private any(name: string): NodeModelEntry | SynapseModelEntry {
    const entry = this.entries.get(name);
    if (!entry) throw new UnknownNameError('model', String(name), [...this.entries.keys()]);
    return entry;
  }

  private assign(
    entry: NodeModelEntry | SynapseModelEntry,
    values: Readonly<Record<string, unknown>>,
  ): void {
    if (entry.kind === 'synapse') return this.assignSynapse(entry, values);
    if (entry.model.kind === 'neuron') {
      Object.assign(entry.values, parseNeuronDefaults(entry, values));
      return;
    }
    const device = { ...entry.device };
    for (const [key, value] of Object.entries(values)) {
      device[key] = parseDeviceValue(entry.model, key, value, this.grid);
    }
    for (const { check } of deviceChecks(entry.model)) check(device);
    Object.assign(entry.device, device);
  }

  private assignSynapse(entry: SynapseModelEntry, values: Readonly<Record<string, unknown>>): void {
    const { weight_recorder, ...numbers } = values;
    const known = [...Object.keys(entry.values), 'weight_recorder'];
    const parsed = { ...entry.values };
    for (const [key, value] of Object.entries(numbers)) {
      if (!known.includes(key)) throw new UnknownKeyError(entry.name, key, known);
      parsed[key] = plainNumber(`${entry.name}.${key}`, value);
    }
    this.grid.delaySteps(`${entry.name}.delay`, parsed.delay!);
    // The weight is checked where connections are made: until then it may still be replaced.
    const own = entry.model.checks.filter((check) => !check.names.includes('weight'));
    runChecks(entry.name, own, parsed);
    const recorder =
      weight_recorder === undefined ? entry.weightRecorder : this.weightRecorderId(weight_recorder);
    if (recorder !== 0 && entry.model.archive === undefined) {
      const expected = 'null: the weights of a synapse that is not plastic do not change';
      throw new ValueError(`${entry.name}.weight_recorder`, `node ${recorder}`, expected);
    }
    Object.assign(entry.values, parsed);
    entry.weightRecorder = recorder;
  }
}

function neuronDefaults(model: Extract<NodeModel, { kind: 'neuron' }>): Record<string, number> {
  return { ...defaultsOf(model.parameters), ...defaultsOf(model.state) };
}

function parseNeuronDefaults(
  entry: NodeModelEntry,
  values: Readonly<Record<string, unknown>>,
): Record<string, number> {
  const model = entry.model as Extract<NodeModel, { kind: 'neuron' }>;
  const known = settableNames(model);
  const parsed = { ...entry.values };
  for (const [key, value] of Object.entries(values)) {
    if (!known.includes(key)) throw new UnknownKeyError(entry.name, key, known);
    parsed[key] = plainNumber(`${entry.name}.${key}`, value, model.parameters[key]);
  }
  runChecks(entry.name, model.checks, parsed);
  return parsed;
}

/** Parameters and state variables that can be set. */
export function settableNames(model: Extract<NodeModel, { kind: 'neuron' }>): string[] {
  const state = Object.entries(model.state).filter(([, spec]) => spec.settable);
  return [...Object.keys(model.parameters), ...state.map(([name]) => name)];
}
