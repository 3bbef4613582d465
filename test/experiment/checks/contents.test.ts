import { describe, expect, test } from 'vitest';
import { ExperimentError, type IsospikeError } from '../../../src/errors/index.js';
import { buildNetwork } from '../../../src/experiment/build-network.js';
import { beginStretch, openSimulation, stretchesOf } from '../../../src/experiment/protocol.js';
import type { ResolvedExperiment } from '../../../src/experiment/schema.js';
import { timeline } from '../../../src/experiment/timeline.js';
import { nodeModels } from '../../../src/models/registry.js';
import type { Simulation } from '../../../src/simulation/index.js';
import { type Data, minimal, problems, resolved } from '../minimal.js';

/** A network with generators, recorders of all kinds, and two intervals. */
const network: Data = {
  populations: {
    noise: { model: 'poisson_generator', size: 4, params: { rate: 100 } },
    trains: { model: 'spike_generator', size: 2, params: { spike_times: [1, 2] } },
    current: { model: 'dc_generator', params: { amplitude: 10 } },
    relays: { model: 'parrot_neuron', size: 4 },
    exc: { model: 'aeif_psc_delta_clopath', size: 2, params: { b: 0.5 } },
    spikes: { model: 'spike_recorder' },
    meter: { model: 'multimeter', params: { record_from: ['V_m'] } },
    weights: { model: 'weight_recorder' },
  },
  synapse_models: {
    plastic: { base: 'clopath_synapse', params: { Wmax: 3 }, weight_recorder: 'weights' },
  },
  connections: [
    { source: 'noise', target: 'relays', conn_spec: 'one_to_one' },
    { source: 'relays', target: 'exc', syn_spec: 'plastic' },
    { source: 'exc', target: 'spikes' },
    { source: 'meter', target: 'exc' },
  ],
  protocol: [{ simulate: 1 }, { simulate: 1, set: { noise: { rate: 50 } } }],
};

type Populations = Record<string, Data>;

const population = (name: string, change: Data): Data => ({
  populations: {
    ...(network.populations as Populations),
    [name]: { ...(network.populations as Populations)[name], ...change },
  },
});
const params = (name: string, given: Data) => population(name, { params: given });
const connect = (connection: Data, more: Data = {}): Data => ({
  ...more,
  connections: [{ source: 'relays', target: 'exc', ...connection }],
});
const synapse = (change: Data): Data => ({
  synapse_models: { plastic: { base: 'clopath_synapse', ...change } },
});
const later = (set: Data): Data => ({ protocol: [{ simulate: 1 }, { simulate: 1, set }] });

/** Of a network with one mistake: what changes, where the mistake is told, and words of it. */
type Mistake = readonly [change: Data, path: string, message: string];

const ofNodes: Mistake[] = [
  [params('exc', { V_mm: 1 }), 'populations.exc.params.V_mm', "did you mean 'V_m'?"],
  [params('exc', { C_m: -1 }), 'populations.exc.params.C_m', 'needs C_m > 0; given -1'],
  [params('exc', { C_m: [1, -1] }), 'populations.exc.params.C_m', '(node 13) needs C_m > 0'],
  [params('exc', { V_m: true }), 'populations.exc.params.V_m', 'V_m is true'],
  [params('exc', { V_m: [1, 2, 3] }), 'populations.exc.params.V_m', 'one value for each of 2'],
  [population('exc', { model: 'aeif' }), 'populations.exc.model', "unknown node model 'aeif'"],
  [params('noise', { rate: -1 }), 'populations.noise.params.rate', 'rate is -1'],
  [params('noise', { rate: [1, 2, -3, 4] }), 'populations.noise.params.rate', 'rate is -3'],
  [params('noise', { rate: [1, 2] }), 'populations.noise.params.rate', 'each of 4 nodes'],
  [params('noise', { start: 0.25 }), 'populations.noise.params.start', 'nearest valid value is'],
  [params('noise', { start: 2, stop: 1 }), 'populations.noise.params.start', 'start <= stop'],
  [
    params('trains', { spike_times: [1, 2.55] }),
    'populations.trains.params.spike_times',
    'spike_times[1] is 2.55 ms',
  ],
  [
    params('trains', { spike_times: [[1], [2.55]] }),
    'populations.trains.params.spike_times',
    'spike_times[0] is 2.55 ms',
  ],
  [
    params('trains', { spike_times: [1, 2], spike_weights: [1] }),
    'populations.trains',
    'of the same length',
  ],
  [
    params('meter', { record_from: ['V_m', 'V_mm'] }),
    'populations.meter.params.record_from.1',
    "did you mean 'V_m'?",
  ],
  [params('meter', { interval: 0.25 }), 'populations.meter.params.interval', 'nearest valid'],
];

const ofConnections: Mistake[] = [
  [synapse({ base: 'clopat_synapse' }), 'synapse_models.plastic.base', "did you mean 'clopath_s"],
  [synapse({ params: { W_max: 1 } }), 'synapse_models.plastic.params.W_max', "mean 'Wmax'?"],
  [synapse({ params: { tau_x: true } }), 'synapse_models.plastic.params.tau_x', 'tau_x is true'],
  [synapse({ params: { tau_x: 0 } }), 'synapse_models.plastic.params.tau_x', 'tau_x > 0'],
  [synapse({ params: { delay: 0.25 } }), 'synapse_models.plastic.params.delay', 'nearest valid'],
  [
    synapse({ weight_recorder: 'spikes' }),
    'synapse_models.plastic.weight_recorder',
    'one node of model weight_recorder',
  ],
  [
    { synapse_models: { plastic: { base: 'static_synapse', weight_recorder: 'weights' } } },
    'synapse_models.plastic.weight_recorder',
    'not plastic',
  ],
  [
    connect({}, { synapse_models: { iaf_psc_exp: { base: 'static_synapse' } } }),
    'synapse_models.iaf_psc_exp',
    'a name that no model has yet',
  ],
  [connect({ conn_spec: 'all_to_al' }), 'connections.0.conn_spec.rule', "mean 'all_to_all'?"],
  [
    connect({ conn_spec: { rule: 'one_to_one', p: 1 }, target: 'relays' }),
    'connections.0.conn_spec.p',
    "unknown key 'p'",
  ],
  [connect({ conn_spec: 'fixed_indegree' }), 'connections.0.conn_spec', "'indegree' is missing"],
  [connect({ conn_spec: 'one_to_one' }), 'connections.0', 'equally many sources and targets'],
  [connect({ syn_spec: 'plastik' }), 'connections.0.syn_spec.synapse_model', "mean 'plastic'?"],
  [connect({ syn_spec: { delay: 0.25 } }), 'connections.0.syn_spec.delay', 'nearest valid'],
  [connect({ syn_spec: { wieght: 1 } }), 'connections.0.syn_spec.wieght', "mean 'weight'?"],
  [connect({ syn_spec: { weight: [1, 2] } }), 'connections.0.syn_spec.weight', '8 values'],
  [
    connect({ syn_spec: { synapse_model: 'plastic', weight: -1 } }),
    'connections.0.syn_spec.weight',
    'sign',
  ],
  [
    connect({
      pairs: { source: [0, 1], target: [0, 1] },
      syn_spec: { synapse_model: 'plastic', weight: [1, -1] },
    }),
    'connections.0.syn_spec.weight',
    'sign',
  ],
  [connect({ pairs: { source: [], target: [] } }), 'connections.0', 'at least one source'],
  [connect({}, { kernel: { min_delay: 2 } }), 'connections.0', 'shorter than the min_delay'],
  [connect({}, { kernel: { min_delay: 0.25 } }), 'kernel.min_delay', 'nearest valid'],
  [connect({ target: 'noise' }), 'connections.0', 'cannot be a target'],
  [connect({ source: 'current', target: 'relays' }), 'connections.0', 'takes no currents'],
  [connect({ source: 'noise', syn_spec: 'plastic' }), 'connections.0', 'only static connections'],
  [connect({ target: 'weights' }), 'connections.0', 'a weight_recorder is not connected'],
  [connect({ source: 'current', target: 'spikes' }), 'connections.0', 'emits no spikes to record'],
  [connect({ target: 'spikes', syn_spec: 'plastic' }), 'connections.0', 'static connections only'],
  [
    connect({ target: 'spikes', conn_spec: { rule: 'pairwise_bernoulli', p: 1 } }),
    'connections.0',
    'all_to_all or one_to_one',
  ],
  [
    connect({ target: 'spikes', syn_spec: { delay: 0.25 } }),
    'connections.0.syn_spec.delay',
    'nearest valid',
  ],
];

const ofTheProtocol: Mistake[] = [
  [later({ noise: { rate: -3 } }), 'protocol.1.set.noise.rate', 'rate is -3; expected a rate'],
  [later({ noise: { raet: 3 } }), 'protocol.1.set.noise.raet', "did you mean 'rate'?"],
  [later({ exc: { tau_w: -3 } }), 'protocol.1.set.exc.tau_w', 'needs tau_w > 0; given -3'],
  [later({ exc: { V_mm: 3 } }), 'protocol.1.set.exc.V_mm', "did you mean 'V_m'?"],
  [later({ trains: { spike_times: [3.05] } }), 'protocol.1.set.trains.spike_times', 'nearest'],
  [
    later({ meter: { record_from: ['w'] } }),
    'protocol.1.set.meter.record_from',
    'before the multimeter is connected',
  ],
];

describe('the model of the mistakes', () => {
  test('is accepted without one', () => {
    expect(() => resolved(network)).not.toThrow();
  });
});

/** The same network before it is checked: what a simulation says of it. */
async function refusal(change: Data): Promise<IsospikeError> {
  const experiment = uncheckedly({ ...network, ...change });
  let simulation: Simulation | undefined;
  try {
    simulation = openSimulation(experiment, 1);
    const built = await buildNetwork(simulation, experiment);
    for (const stretch of stretchesOf(built, timeline(experiment, 1))) beginStretch(built, stretch);
  } catch (error) {
    return error as IsospikeError;
  } finally {
    await simulation?.close();
  }
  throw new Error('the simulation refused nothing');
}

/** With defaults filled in as the format does. */
function uncheckedly(data: Data): ResolvedExperiment {
  const right = resolved(network);
  const connections = (data.connections as Data[]).map(({ conn_spec, syn_spec, ...rest }) => ({
    ...rest,
    ...(conn_spec !== undefined && {
      conn_spec: typeof conn_spec === 'string' ? { rule: conn_spec } : conn_spec,
    }),
    syn_spec:
      typeof syn_spec === 'string'
        ? { synapse_model: syn_spec }
        : { synapse_model: 'static_synapse', ...(syn_spec as Data) },
  }));
  const populations = Object.entries(data.populations as Populations).map(
    ([name, one]) => [name, { size: 1, params: {}, ...one }] as const,
  );
  const synapses = Object.entries(data.synapse_models as Populations).map(
    ([name, one]) => [name, { params: {}, ...one }] as const,
  );
  const protocol = (data.protocol as Data[]).map((one) => ({ repeat: 1, set: {}, ...one }));
  return {
    ...right,
    kernel: { ...right.kernel, ...(data.kernel as Data) },
    populations: Object.fromEntries(populations),
    synapse_models: Object.fromEntries(synapses),
    connections,
    protocol,
  } as unknown as ResolvedExperiment;
}

describe.each([
  ['nodes', ofNodes],
  ['connections', ofConnections],
  ['the protocol', ofTheProtocol],
])('a mistake of %s', (_, mistakes) => {
  test.each(mistakes)('%j', async (change, path, message) => {
    const found = problems({ ...network, ...change });
    expect(found.map((problem) => problem.path)).toEqual([path]);
    expect(found[0]!.error.message).toContain(message);
    // What is refused here is nothing that a simulation would take.
    expect(await refusal(change)).toBeInstanceOf(Error);
  });
});

describe('what else is found', () => {
  test('values of intervals add up', () => {
    const change = {
      protocol: [
        { simulate: 1, set: { noise: { start: 5 } } },
        { simulate: 1, set: { noise: { stop: 4 } } },
        { simulate: 1, set: { noise: { stop: 6 } } },
      ],
    };
    const found = problems({ ...network, ...change });
    expect(found.map(({ path }) => path)).toEqual(['protocol.1.set.noise.stop']);
    const right = { ...change, protocol: change.protocol.toSpliced(1, 1) };
    expect(() => resolved({ ...network, ...right })).not.toThrow();
  });

  test('a stimulus for nodes without a rate, and one that is too high', () => {
    const stimulus = { kind: 'gaussian_rate', population: 'relays', sigma: 1, centers: [1] };
    const at = (change: Data) =>
      problems({
        ...network,
        protocol: [{ simulate: 1, stimulus: { ...stimulus, amplitude: 1, ...change } }],
      });
    expect(at({}).map(({ path }) => path)).toEqual(['protocol.0.stimulus.population']);
    const [high] = at({ population: 'noise', amplitude: 1e12 });
    expect(high!.error.message).toContain('rate is 1000000000000; expected a rate from 0 to');
    // Far from all nodes there is nothing of it.
    expect(() => at({ population: 'noise', amplitude: 1e12, centers: [1e3] })).toThrow('accepted');
  });

  test('more nodes than there can be, before memory is asked for', () => {
    const [first, ...others] = problems({ ...network, ...population('relays', { size: 1e12 }) });
    expect(first!.path).toBe('populations.relays.size');
    expect(first!.error.message).toContain('a whole number from 1 to 1073741817');
    expect(others.map(({ path }) => path)).toEqual(['connections.0']);
  });

  test('nodes beyond those that fill all there can be', () => {
    const populations = {
      all: { model: 'parrot_neuron', size: 2 ** 30 },
      more: { model: 'parrot_neuron' },
    };
    const [first] = problems({ populations, synapse_models: {}, connections: [] });
    expect(first!.path).toBe('populations.more.size');
    expect(first!.error.message).toContain('none, as there are 1073741824 nodes');
  });

  test('a duration off the grid', () => {
    const found = problems({ protocol: [{ simulate: 1 }, { simulate: 0.25 }] });
    expect(found.map(({ error }) => error.message)).toEqual([
      'protocol.1.simulate is 0.25 ms, not a multiple of the resolution 0.1 ms; the nearest valid value is 0.3 ms',
    ]);
  });

  test('slices that share nodes', () => {
    const parts = ['relays', { population: 'relays', from: 1, to: 2 }];
    const found = problems({ ...network, ...connect({ source: parts }) });
    expect(found.map(({ path }) => path)).toEqual(['connections.0.source.1']);
  });
});

test('what is drawn is nobody’s mistake until it is', () => {
  const drawn = { distribution: 'normal', mean: 100, std: 500 };
  const change = params('exc', { C_m: drawn, tau_w: drawn });
  expect(() =>
    resolved({ ...network, ...change, ...later({ noise: { rate: drawn } }) }),
  ).not.toThrow();
});

test('slices that are empty have nothing to fit', () => {
  const nobody = { population: 'relays', from: 1, to: 1 };
  const change = connect({ source: nobody, conn_spec: { rule: 'fixed_indegree', indegree: 1 } });
  expect(() => resolved({ ...network, ...change })).not.toThrow();
});

test('every mistake is told at once, in the order of the file', () => {
  const many = {
    populations: {
      ...(network.populations as Populations),
      trains: { model: 'spike_generator', params: { spike_times: [1.55] } },
      exc: { model: 'aeif_psc_delta_clopath', size: 2, params: { V_mm: 1, tau_w: -1 } },
      inh: { model: 'iaf_psc_dellta', params: { anything: 1 } },
    },
    connections: [
      { source: 'noice', target: 'exc', syn_spec: { delay: 1.55, Wmx: 1 } },
      { source: 'relays', target: 'exc', conn_spec: 'fixed_indegre', syn_spec: { weihgt: 1 } },
      { source: 'relays', target: 'inh' },
    ],
    protocol: [
      { simulate: 100.05, set: { ex: { b: 1 } } },
      { simulate: 1, set: { noise: { rate: -3, raet: 3 }, exc: { tau_w: 0 } } },
    ],
  };
  expect(problems({ ...network, ...many }).map(({ path }) => path)).toEqual([
    'populations.trains.params.spike_times',
    'populations.exc.params.V_mm',
    'populations.exc.params.tau_w',
    'populations.inh.model',
    'connections.0.source',
    'connections.0.syn_spec.Wmx',
    'connections.0.syn_spec.delay',
    'connections.1.conn_spec.rule',
    'connections.1.syn_spec.weihgt',
    'protocol.0.set.ex',
    'protocol.0.simulate',
    'protocol.1.set.noise.rate',
    'protocol.1.set.noise.raet',
    'protocol.1.set.exc.tau_w',
  ]);
});

test('the error names the file', () => {
  expect(() => resolved(later({ exc: { tau_w: -3 } }))).toThrow(ExperimentError);
  expect(() => resolved(later({ exc: { tau_w: -3 } }))).toThrow(
    /^net\.json: protocol\.1\.set\.exc/,
  );
});

test('every parameter of every model can be given its default', () => {
  const populations = [...nodeModels].map(([name, { parameters }]) => {
    const defaults = Object.entries(parameters).map(([key, spec]) => {
      const { default: value, flag } = spec as { default: unknown; flag?: boolean };
      const infinite = value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : value;
      return [key, flag ? value !== 0 : infinite];
    });
    return [name, { model: name, params: Object.fromEntries(defaults) }];
  });
  const change = { populations: Object.fromEntries(populations), synapse_models: {} };
  expect(() => resolved({ ...minimal, ...change, connections: [] })).not.toThrow();
});
