/** Reference scenarios as experiment files, and results as what the references hold. */
import { parseJson } from '../../src/experiment/json.js';
import { resolveExperiment } from '../../src/experiment/resolve.js';
import type { RunResults } from '../../src/experiment/results.js';
import { parseExperiment, type ResolvedExperiment } from '../../src/experiment/schema.js';
import type {
  FinalWeight,
  Outcome,
  Scenario,
  ScenarioConnection,
  ScenarioNode,
  Trace,
} from '../oracle/scenario.js';

interface Population {
  readonly name: string;
  readonly nodes: ScenarioNode[];
}

/** Connections of one synapse model that stand side by side in the scenario. */
interface Entry {
  readonly name: string;
  readonly connections: ScenarioConnection[];
  /** Of each in the scenario. */
  readonly indices: number[];
}

const isGenerator = ({ model }: { model: string }) => model.endsWith('_generator');

/**
 * The scenario as the data of an experiment file: populations of explicit values, connections one
 * by one, the recorders that give what the references hold. Nodes keep their ids.
 */
function experimentFromScenario(scenario: Scenario): Record<string, unknown> {
  const populations = groupNodes(scenario.nodes);
  const names = populations.map(({ name }) => name);
  const spiking = populations.filter(({ nodes }) => !isGenerator(nodes[0]!));
  const { record } = scenario;
  const withMultimeter = record && {
    multimeter: {
      model: 'multimeter',
      params: { record_from: record.from, interval: record.interval },
    },
  };
  return {
    name: scenario.name,
    kernel: { resolution: scenario.resolution, rng_seed: 1 },
    synapse_models: synapseModels(scenario),
    populations: {
      ...Object.fromEntries(populations.map((group) => [group.name, populationData(group)])),
      spikes: { model: 'spike_recorder' },
      weights: { model: 'weight_recorder' },
      ...withMultimeter,
    },
    connections: [
      ...groupConnections(scenario).map((entry) => connectionData(entry, names)),
      ...spiking.map(({ name }) => ({ source: name, target: 'spikes' })),
      ...(record ? [{ source: 'multimeter', target: slicesOf(record.nodes, populations) }] : []),
    ],
    protocol: (scenario.simulate_parts ?? [scenario.simulate]).map((simulate) => ({ simulate })),
  };
}

/** The scenario as an experiment, by way of the text of a file. */
export function resolveScenario(scenario: Scenario): ResolvedExperiment {
  const text = JSON.stringify(experimentFromScenario(scenario));
  const { name } = scenario;
  return resolveExperiment(parseExperiment(parseJson(text, name), name));
}

/** Neighbours of the same model and the same parameters, of which numbers may differ. */
function groupNodes(nodes: readonly ScenarioNode[]): Population[] {
  const groups: Population[] = [];
  for (const node of nodes) {
    const last = groups.at(-1);
    if (last !== undefined && kindOf(last.nodes[0]!) === kindOf(node)) last.nodes.push(node);
    else groups.push({ name: `${node.model}_${node.id}`, nodes: [node] });
  }
  return groups;
}

function kindOf({ model, params = {} }: ScenarioNode): string {
  const kinds = Object.entries(params).map(([key, value]) =>
    typeof value === 'number' ? key : [key, value],
  );
  return JSON.stringify([model, kinds]);
}

function populationData({ nodes }: Population) {
  const [first] = nodes as [ScenarioNode];
  const params = Object.entries(first.params ?? {}).map(([key, value]) => {
    const values = nodes.map((node) => node.params![key]);
    return [key, values.every((other) => other === value) ? value : values];
  });
  // One node: a list would be the value of a list parameter, as spike_times.
  const own = nodes.length === 1 ? first.params : Object.fromEntries(params);
  return { model: first.model, size: nodes.length, params: own ?? {} };
}

function synapseModels({ synapse_models = {} }: Scenario) {
  return Object.fromEntries(
    Object.entries(synapse_models).map(([name, { base, params, weight_recorder }]) => [
      name,
      { base, params, ...(weight_recorder === true ? { weight_recorder: 'weights' } : {}) },
    ]),
  );
}

function groupConnections({ connections }: Scenario): Entry[] {
  const entries: Entry[] = [];
  const kind = ({ model, params }: ScenarioConnection) => JSON.stringify([model, params]);
  connections.forEach((connection, index) => {
    let last = entries.at(-1);
    if (last === undefined || kind(last.connections[0]!) !== kind(connection)) {
      last = { name: `from_${index}`, connections: [], indices: [] };
      entries.push(last);
    }
    last.connections.push(connection);
    last.indices.push(index);
  });
  return entries;
}

function connectionData({ name, connections }: Entry, populations: readonly string[]) {
  const { model, params } = connections[0]!;
  return {
    name,
    source: populations,
    target: populations,
    pairs: {
      source: connections.map(({ source }) => source - 1),
      target: connections.map(({ target }) => target - 1),
    },
    syn_spec: {
      synapse_model: model,
      weight: connections.map(({ weight }) => weight),
      delay: connections.map(({ delay }) => delay),
      ...params,
    },
  };
}

function slicesOf(ids: readonly number[], populations: readonly Population[]) {
  return ids.map((id) => {
    const { name, nodes } = populations.find((group) => group.nodes.some((n) => n.id === id))!;
    const from = nodes.findIndex((node) => node.id === id);
    return { population: name, from, to: from + 1 };
  });
}

/** What the references hold, from the results of a scenario's experiment. */
export function outcomeOf(results: RunResults, scenario: Scenario): Outcome {
  const steps = (times: Float64Array) =>
    Array.from(times, (time) => Math.round(time / scenario.resolution));
  const { spikes, weightEvents } = results;
  return {
    spikes: { sender: [...spikes.senders], step: steps(spikes.times) },
    weight_events: {
      source: [...weightEvents.senders],
      target: [...weightEvents.targets],
      step: steps(weightEvents.times),
      weight: [...weightEvents.weights],
    },
    traces: tracesOf(results, steps),
    final_weights: finalWeightsOf(results, scenario),
  };
}

function tracesOf(
  { traces: [trace] }: RunResults,
  steps: (times: Float64Array) => number[],
): Record<string, Trace> {
  if (trace === undefined) return {};
  const nodes = [...new Set(trace.senders)];
  const allSteps = steps(trace.times);
  return Object.fromEntries(
    nodes.map((node) => {
      const rows = allSteps.flatMap((_, row) => (trace.senders[row] === node ? [row] : []));
      const columns = Object.entries(trace.values).map(([variable, values]) => [
        variable,
        rows.map((row) => values[row]!),
      ]);
      return [node, { step: rows.map((row) => allSteps[row]!), ...Object.fromEntries(columns) }];
    }),
  );
}

/** Results hold an entry's connections in the order (source, target, creation). */
function finalWeightsOf({ weights }: RunResults, scenario: Scenario): FinalWeight[] {
  const entries = new Map(groupConnections(scenario).map((entry) => [entry.name, entry]));
  const all = weights.flatMap(({ connection, final }) => {
    const { indices } = entries.get(connection)!;
    const sorted = indices.toSorted((a, b) => {
      const [x, y] = [scenario.connections[a]!, scenario.connections[b]!];
      return x.source - y.source || x.target - y.target || a - b;
    });
    return sorted.map((index, i): FinalWeight => [index, [final[i]!]]);
  });
  return all.sort(([a], [b]) => a - b);
}
