import { afterAll, describe, expect, test } from 'vitest';
import {
  BadConnectionError,
  BadParametersError,
  IsospikeError,
  MemoryError,
  OffGridError,
  UnknownKeyError,
  UnknownNameError,
  ValueError,
} from '../../src/errors/index.js';
import { nodeModels, synapseModels } from '../../src/models/registry.js';
import type { Check, DeviceModel, NeuronModel } from '../../src/models/spec.js';
import { normal, uniform } from '../../src/random/index.js';
import { type NodeCollection, Simulation } from '../../src/simulation/index.js';
import { AEIF, smallNetwork } from './opening.js';

const NAN = Number.NaN;
const INFINITE = Number.POSITIVE_INFINITY;

type Class = new (...args: never[]) => IsospikeError;
// biome-ignore lint/suspicious/noExplicitAny: this is what users without types can pass
type Anything = any;

/** One simulation for all cases: whatever they do, it must stay as it was, and of use. */
const simulation = new Simulation({ local_num_threads: 2 });
const network = smallNetwork(simulation).then(async (nodes) => {
  await simulation.simulate(10);
  return nodes;
});
afterAll(() => simulation.close());

/** Everything that can be seen of the simulation. */
async function visible() {
  const { parrots, neurons, noise, beat } = await network;
  const status = await simulation.kernelStatus();
  return {
    digest: await simulation.digest(),
    neurons: await neurons.get([
      ...Object.keys((nodeModels.get(AEIF) as NeuronModel).parameters),
      ...['V_m', 'w', 'z', 'V_th', 'u_bar_plus', 'u_bar_minus', 'u_bar_bar'],
    ]),
    noise: await noise.get(['rate', 'start', 'stop', 'origin']),
    beat: await beat.get(['spike_times', 'spike_weights', 'spike_multiplicities']),
    connections: await (await simulation.getConnections()).get(),
    models: [...simulation.nodeModels, ...simulation.synapseModels].map((name) => [
      name,
      simulation.getDefaults(name),
    ]),
    counts: [status.network_size, status.num_connections, status.min_delay, status.max_delay],
    time: status.biological_time,
    spikes: await parrots.spikeCounts(),
  };
}

/** The call must fail with the error, at once or by rejecting, and change nothing. */
async function refuses(error: Class, call: () => unknown, message?: RegExp): Promise<Error> {
  const before = await visible();
  let thrown: unknown;
  try {
    await call();
  } catch (e) {
    thrown = e;
  }
  expect(thrown).toBeInstanceOf(error);
  expect(thrown).toBeInstanceOf(IsospikeError);
  if (message) expect((thrown as Error).message).toMatch(message);
  expect(await visible()).toEqual(before);
  return thrown as Error;
}

const models = [...nodeModels.values()];
const neuronModels = models.filter((model): model is NeuronModel => model.kind === 'neuron');
const deviceModels = models.filter((model): model is DeviceModel => model.kind !== 'neuron');

/** Values that are no number, whatever the parameter. */
const NO_NUMBERS: readonly Anything[] = [
  ...[NAN, INFINITE, -INFINITE, '5', '', null, undefined, true, {}, () => 1, 5n, Symbol('five')],
  ...[
    new Date(0),
    [[1]],
    [NAN],
    ['1'],
    { distribution: 'gauss' },
    { distribution: 'normal', mu: 1 },
  ],
];

function describeValue(value: unknown): string {
  return typeof value === 'symbol' || typeof value === 'bigint' ? String(value) : `${typeof value}`;
}

/** Values near the default that violate a check, found by moving one parameter at a time. */
function violations(check: Check, defaults: Readonly<Record<string, number>>) {
  return check.names.flatMap((name) => {
    const tries = [0, -1, 1, -1e-9, -60, 60, -100, 100, -1e4, 1e4, 1e-9];
    const bad = tries.find((value) => !check.holds({ ...defaults, [name]: value }));
    return bad === undefined ? [] : [{ name, bad }];
  });
}

const withParameters = neuronModels.filter(({ parameters }) => Object.keys(parameters).length > 0);

describe.each(withParameters.map((model) => [model.name, model] as const))('%s', (name, model) => {
  const settable = Object.entries(model.state).filter(([, spec]) => spec.settable);
  const quantities = [...Object.entries(model.parameters), ...settable];
  const defaults = Object.fromEntries(
    Object.entries(model.parameters).map(([key, spec]) => [key, spec.default]),
  );

  test.each(quantities)('%s must be of its type', async (key, spec) => {
    for (const value of NO_NUMBERS) {
      if (spec.flag ? value === true : false) continue;
      const given = { [key]: value } as Anything;
      await expect(
        async () => simulation.create(name, 1, given),
        describeValue(value),
      ).rejects.toBeInstanceOf(IsospikeError);
      await expect(async () => simulation.setDefaults(name, given)).rejects.toBeInstanceOf(
        IsospikeError,
      );
      await expect(async () => simulation.copyModel(name, 'copy', given)).rejects.toBeInstanceOf(
        IsospikeError,
      );
    }
    const wrongNumber = spec.flag ? 1 : true;
    await refuses(
      ValueError,
      () => simulation.create(name, 1, { [key]: wrongNumber }),
      new RegExp(key),
    );
  });

  test.each(model.checks.map((check) => [check.requires, check] as const))(
    'requires %s',
    async (requires, check) => {
      const cases = violations(check, defaults);
      expect(cases.length).toBeGreaterThan(0);
      for (const { name: key, bad } of cases) {
        const error = await refuses(BadParametersError, () =>
          simulation.create(name, 1, { [key]: bad }),
        );
        expect(error.message).toContain(name);
        expect(simulation.getDefaults(name)[key]).not.toBe(bad);
        await expect(async () => simulation.setDefaults(name, { [key]: bad })).rejects.toThrow();
      }
      expect(cases[0] && requires).toBe(requires);
    },
  );
});

describe('nodes that exist', () => {
  const spec = nodeModels.get(AEIF) as NeuronModel;
  test.each(spec.checks.map((check) => [check.requires, check] as const))(
    'cannot be set against %s, not even one of them',
    async (_requires, check) => {
      const { neurons } = await network;
      const defaults = Object.fromEntries(
        Object.entries(spec.parameters).map(([key, { default: value }]) => [key, value]),
      );
      const { name, bad } = violations(check, defaults)[0];
      await refuses(BadParametersError, () => neurons.set({ V_m: -1, [name]: bad }));
      const each = [defaults[name], bad];
      await refuses(BadParametersError, () => neurons.set({ [name]: each }), /node 5/);
    },
  );

  test('a set over several models changes none if one refuses', async () => {
    const { neurons, parrots, noise } = await network;
    await refuses(UnknownKeyError, () => neurons.concat(parrots).set({ I_e: 3 }));
    await refuses(UnknownKeyError, () => neurons.concat(noise).set({ V_m: 3 }));
  });

  test.each<[string, Anything, Class]>([
    ['an unknown key', { V_mm: 1 }, UnknownKeyError],
    ['a key of every object', { toString: 1 }, UnknownKeyError],
    ['the key constructor', { constructor: 1 }, UnknownKeyError],
    ['a state that cannot be set', { V_th: 1 }, UnknownKeyError],
    ['an internal state', { clamp_steps: 1 }, UnknownKeyError],
    ['too few values', { I_e: [1] }, ValueError],
    ['too many values', { I_e: [1, 2, 3] }, ValueError],
    ['no object', 5, ValueError],
    ['null', null, ValueError],
    ['a list', [1, 2], ValueError],
    ['a word', 'V_m', ValueError],
    ['n_events of neurons', { n_events: 0 }, UnknownKeyError],
  ])('%s', async (_name, given, error) => {
    const { neurons } = await network;
    await refuses(error, () => neurons.set(given));
    await refuses(error, () => simulation.create(AEIF, 2, given));
  });

  test('names the closest parameter', async () => {
    const { neurons } = await network;
    await refuses(UnknownKeyError, () => neurons.set({ taw_w: 1 }), /did you mean 'tau_w'/);
    await refuses(UnknownKeyError, () => neurons.get('Vm'), /did you mean 'V_m'/);
    for (const name of ['constructor', '__proto__', '', 'I_stim']) {
      await refuses(UnknownKeyError, () => neurons.get(name));
    }
    await refuses(ValueError, () => neurons.get(5 as Anything));
  });

  test('what is drawn is checked, too', async () => {
    const { neurons } = await network;
    const negative = { tau_w: normal(-100, 1) };
    await refuses(BadParametersError, () => neurons.set(negative), /tau_w > 0.*tau_w = -/);
    await refuses(BadParametersError, () => simulation.create(AEIF, 3, negative), /node 8/);
    await refuses(ValueError, () =>
      simulation.create(AEIF, 1, { V_m: { distribution: 'uniform', min: 2, max: 1 } }),
    );
    await refuses(
      UnknownNameError,
      () => neurons.set({ V_m: { distribution: 'unifrom' } as Anything }),
      /uniform/,
    );
  });
});

describe.each(deviceModels.map((model) => [model.name, model] as const))('%s', (name, model) => {
  const LISTS = ['times', 'numbers', 'counts', 'names'];
  test.each(Object.entries(model.parameters))('%s must be of its type', async (key, spec) => {
    const allowed = (value: unknown) =>
      value === INFINITE && spec.type === 'time' && key !== 'origin';
    const wrong = LISTS.includes(spec.type)
      ? [5, 'V_m', null, true, {}, undefined, [null], [[[1]]], [{}], [NAN], NAN, () => 1]
      : NO_NUMBERS;
    for (const value of wrong) {
      if (allowed(value)) continue;
      const given = { [key]: value } as Anything;
      await expect(
        async () => simulation.create(name, 1, given),
        describeValue(value),
      ).rejects.toBeInstanceOf(IsospikeError);
      await expect(async () => simulation.setDefaults(name, given)).rejects.toBeInstanceOf(
        IsospikeError,
      );
    }
    await refuses(IsospikeError as Anything, () =>
      simulation.create(name, 1, { [key]: wrong[0] as Anything }),
    );
  });

  test('has no other parameters, and no start after its stop', async () => {
    await refuses(UnknownKeyError, () => simulation.create(name, 1, { strat: 1 }), /'start'/);
    await refuses(UnknownKeyError, () => simulation.create(name, 1, { hasOwnProperty: 1 }));
    const window = { start: 10, stop: 5 };
    await refuses(BadParametersError, () => simulation.create(name, 1, window), /start <= stop/);
    await refuses(BadParametersError, () => simulation.setDefaults(name, window));
    await refuses(OffGridError, () => simulation.create(name, 1, { start: 0.25 }), /0\.[23] ms/);
    await refuses(OffGridError, () => simulation.setDefaults(name, { origin: 0.25 }));
    await refuses(ValueError, () => simulation.create(name, 1, { stop: 1e300 }));
  });
});

describe('devices', () => {
  test.each<[string, string, Anything, Class]>([
    ['a negative rate', 'poisson_generator', { rate: -1 }, ValueError],
    ['a rate beyond counting', 'poisson_generator', { rate: 1e11 }, ValueError],
    ['a drawn negative rate', 'poisson_generator', { rate: uniform(-2, -1) }, ValueError],
    ['times that descend', 'spike_generator', { spike_times: [2, 1] }, ValueError],
    ['a time of 0', 'spike_generator', { spike_times: [0, 1] }, ValueError],
    ['a time off the grid', 'spike_generator', { spike_times: [0.1, 0.25] }, OffGridError],
    ['weights without times', 'spike_generator', { spike_weights: [1] }, BadParametersError],
    [
      'too few weights',
      'spike_generator',
      { spike_times: [1, 2], spike_weights: [1] },
      BadParametersError,
    ],
    [
      'half a spike',
      'spike_generator',
      { spike_times: [1], spike_multiplicities: [0.5] },
      ValueError,
    ],
    [
      'less than none',
      'spike_generator',
      { spike_times: [1], spike_multiplicities: [-1] },
      ValueError,
    ],
    [
      'too many to count',
      'spike_generator',
      { spike_times: [1], spike_multiplicities: [2 ** 32] },
      ValueError,
    ],
    [
      'times without values',
      'step_current_generator',
      { amplitude_times: [1] },
      BadParametersError,
    ],
    [
      'times that repeat',
      'step_current_generator',
      { amplitude_times: [1, 1], amplitude_values: [1, 2] },
      ValueError,
    ],
    ['an interval of 0', 'multimeter', { interval: 0 }, ValueError],
    ['an interval off the grid', 'multimeter', { interval: 0.25 }, OffGridError],
    ['a name that is none', 'multimeter', { record_from: [5] }, ValueError],
    ['a word for a list', 'multimeter', { record_from: 'V_m' }, ValueError],
  ])('%s', async (_name, model, params, error) => {
    await refuses(error, () => simulation.create(model, 1, params));
    if (!(params.rate instanceof Object)) {
      await refuses(error, () => simulation.setDefaults(model, params));
    }
  });

  test('that exist keep what they have', async () => {
    const { noise, beat } = await network;
    await refuses(ValueError, () => noise.set({ rate: -1 }));
    await refuses(ValueError, () => noise.set({ rate: [1, 2] }));
    await refuses(OffGridError, () => noise.set({ rate: 5, stop: 0.25 }));
    await refuses(BadParametersError, () => beat.set({ spike_weights: [1] }));
    await refuses(ValueError, () => noise.set({ n_events: 0 }));
    await refuses(UnknownKeyError, () => noise.get('n_events'));
    await refuses(UnknownKeyError, () => noise.get('V_m'));
  });

  test('recorders can be emptied, not filled', async () => {
    const other = new Simulation();
    const recorder = other.create('spike_recorder');
    for (const n of [1, -1, NAN, '0', null, undefined, [0]] as Anything[]) {
      expect(() => recorder.set({ n_events: n })).toThrow(ValueError);
    }
    const meter = other.create('multimeter', 1, { record_from: ['V_m'] });
    expect(() => meter.set({ record_from: ['w'] })).toThrow(/when the multimeter is created/);
    await other.close();
  });
});

describe('create', () => {
  test.each([0, -1, 0.5, NAN, INFINITE, '3', null, [3], 2 ** 31, 2 ** 53])(
    '%s nodes',
    async (n) => {
      await refuses(ValueError, () => simulation.create(AEIF, n as Anything), /number of nodes/);
    },
  );

  test.each([
    [AEIF, 2 ** 29],
    ['parrot_neuron', 2 ** 30 - 100],
    ['spike_recorder', 2 ** 29],
  ])('as many %s as memory cannot hold, said at once', async (model, n) => {
    await refuses(MemoryError, () => simulation.create(model, n), /needs \d+ MB/);
  });

  test('delay lines that memory cannot hold, said at once', async () => {
    const { neurons } = await network;
    const delay_u_bars = 1e8;
    await refuses(MemoryError, () => simulation.create(AEIF, 2, { delay_u_bars }), /2 neurons/);
    const mixed = { delay_u_bars: [5, delay_u_bars] };
    await refuses(MemoryError, () => simulation.create(AEIF, 2, mixed), /2 neurons/);
    await refuses(MemoryError, () => neurons.set({ delay_u_bars }), /delay lines of u_bars/);
  });

  test.each(['aeif', 'static_synapse', '', 'toString', 5, null, undefined, Symbol('x')])(
    'unknown model %s',
    async (model) => {
      await refuses(UnknownNameError, () => simulation.create(model as Anything));
      if (model !== 'static_synapse') {
        await refuses(UnknownNameError, () => simulation.getDefaults(model as Anything));
        await refuses(UnknownNameError, () => simulation.setDefaults(model as Anything, {}));
        await refuses(UnknownNameError, () => simulation.copyModel(model as Anything, 'copy'));
      }
    },
  );

  test('names the closest model', async () => {
    await refuses(
      UnknownNameError,
      () => simulation.create('poison_generator'),
      /'poisson_generator'/,
    );
  });
});

describe('copyModel', () => {
  test.each(['', AEIF, 'static_synapse', 5, null, undefined])('to the name %s', async (name) => {
    await refuses(ValueError, () => simulation.copyModel(AEIF, name as Anything));
  });

  test.each<[Anything, Class]>([
    [5, ValueError],
    [null, ValueError],
    [[1], ValueError],
    [{ V_mm: 1 }, UnknownKeyError],
    [{ weight: 1 }, UnknownKeyError],
  ])('with %j', async (values, error) => {
    await refuses(error, () => simulation.copyModel(AEIF, 'copy', values));
    await refuses(error, () => simulation.setDefaults(AEIF, values));
  });
});

describe('synapse models', () => {
  const cases = [...synapseModels.values()].flatMap(({ name, parameters }) =>
    ['weight', 'delay', ...Object.keys(parameters)].map((key) => [name, key] as const),
  );
  test.each(cases)('%s: %s must be a number', async (name, key) => {
    const { neurons } = await network;
    for (const value of NO_NUMBERS) {
      const given = { [key]: value } as Anything;
      const wrong = await Promise.allSettled([
        (async () => simulation.setDefaults(name, given))(),
        (async () => simulation.copyModel(name, 'copy', given))(),
        // For a connect call undefined is as good as nothing.
        ...(value === undefined
          ? []
          : [
              simulation.connect(neurons, neurons, 'one_to_one', { synapse_model: name, ...given }),
            ]),
      ]);
      for (const end of wrong) {
        expect(end, describeValue(value)).toMatchObject({ status: 'rejected' });
        expect((end as PromiseRejectedResult).reason).toBeInstanceOf(IsospikeError);
      }
    }
  });

  test.each<[string, Anything, Class]>([
    ['tau_x of 0', { tau_x: 0 }, BadParametersError],
    ['Wmax of the other sign', { weight: 1, Wmax: -1 }, BadParametersError],
    ['Wmin of the other sign', { weight: -1, Wmin: 1, Wmax: 0 }, BadParametersError],
    ['one Wmax of the other sign', { weight: [1, 1], Wmax: [2, -1] }, BadParametersError],
    ['weights drawn with the wrong sign', { weight: normal(-5, 0.1) }, BadParametersError],
    ['one weight of the wrong sign', { weight: [1, -1] }, BadParametersError],
    ['a drawn tau_x below 0', { tau_x: uniform(-2, -1) }, BadParametersError],
    ['a delay of 0', { delay: 0 }, ValueError],
    ['a delay below 0', { delay: -1 }, ValueError],
    ['a delay off the grid', { delay: 0.25 }, OffGridError],
    ['a delay below a step', { delay: 0.04 }, OffGridError],
    ['one delay off the grid', { delay: [1, 0.25] }, OffGridError],
    ['a delay beyond all steps', { delay: 1e12 }, ValueError],
    ['too few weights', { weight: [1] }, ValueError],
    ['weights that do not end', { weight: normal(0, 1).div(uniform(0, 1e-320)) }, ValueError],
    ['an unknown key', { wieght: 1 }, UnknownKeyError],
    ['a key of every object', { valueOf: 1 }, UnknownKeyError],
    ['a recorder that belongs to the model', { weight_recorder: null }, UnknownKeyError],
  ])('a connection with %s', async (_name, given, error) => {
    const { neurons } = await network;
    const syn = { synapse_model: 'clopath_synapse', ...given };
    await refuses(error, () => simulation.connect(neurons, neurons, 'one_to_one', syn));
  });

  test('a delay that no memory can hold is refused', async () => {
    const { neurons } = await network;
    const call = () => simulation.connect(neurons, neurons, 'one_to_one', { delay: 1e8 });
    await refuses(MemoryError, call, /delay of 1000000000 steps/);
  });

  test('the nearest delay is named', async () => {
    const { neurons } = await network;
    const call = () => simulation.connect(neurons, neurons, 'one_to_one', { delay: 1.26 });
    const error = (await refuses(OffGridError, call)) as OffGridError;
    expect(error).toMatchObject({ value: 1.26, nearest: 1.3, resolution: 0.1 });
  });

  test('weight recorders must be weight recorders of this simulation', async () => {
    const { neurons } = await network;
    const other = new Simulation();
    const foreign = other.create('weight_recorder');
    for (const value of [neurons, foreign, 5, 'recorder', {}, undefined] as Anything[]) {
      const given = { weight_recorder: value };
      if (value === undefined) continue;
      await refuses(ValueError, () => simulation.copyModel('clopath_synapse', 'r', given));
      await refuses(ValueError, () => simulation.setDefaults('clopath_synapse', given));
    }
    await other.close();
  });

  test.each([5, null, true, [1], () => 1])('%j is no synapse', async (syn) => {
    const { neurons } = await network;
    const call = () => simulation.connect(neurons, neurons, 'all_to_all', syn as Anything);
    await refuses(ValueError, call);
  });
});

describe('connection rules', () => {
  const ARGUMENTS = {
    fixed_indegree: 'indegree',
    fixed_outdegree: 'outdegree',
    fixed_total_number: 'N',
  };
  test.each(Object.entries(ARGUMENTS))('%s needs a whole %s', async (rule, argument) => {
    const { neurons } = await network;
    for (const value of [
      -1,
      0.5,
      NAN,
      INFINITE,
      '1',
      null,
      undefined,
      true,
      [1],
      {},
    ] as Anything[]) {
      await refuses(ValueError, () =>
        simulation.connect(neurons, neurons, { rule, [argument]: value }),
      );
    }
    await refuses(BadConnectionError, () =>
      simulation.connect(neurons, neurons, { rule, [argument]: 5, allow_multapses: false }),
    );
  });

  test('pairwise_bernoulli needs a probability', async () => {
    const { neurons } = await network;
    for (const p of [-0.1, 1.1, NAN, INFINITE, '0.5', null, undefined] as Anything[]) {
      await refuses(ValueError, () =>
        simulation.connect(neurons, neurons, { rule: 'pairwise_bernoulli', p }),
      );
    }
    await refuses(ValueError, () =>
      simulation.connect(neurons, neurons, { rule: 'pairwise_bernoulli', p: 1 }, { weight: [1] }),
    );
  });

  test.each<[Anything, Class]>([
    ['all2all', UnknownNameError],
    [{ rule: 'one-to-one' }, UnknownNameError],
    [{ rule: 5 }, UnknownNameError],
    [{ rule: 'all_to_all', indegree: 1 }, UnknownKeyError],
    [{ rule: 'all_to_all', allow_autapse: false }, UnknownKeyError],
    [{ rule: 'all_to_all', allow_autapses: 1 }, ValueError],
    [{ rule: 'all_to_all', allow_multapses: 'yes' }, ValueError],
    [5, ValueError],
    [null, ValueError],
    [['all_to_all'], ValueError],
  ])('%j is none', async (rule, error) => {
    const { neurons } = await network;
    await refuses(error, () => simulation.connect(neurons, neurons, rule));
  });

  test('one_to_one needs equally many', async () => {
    const { neurons, parrots } = await network;
    await refuses(
      BadConnectionError,
      () => simulation.connect(neurons, parrots, 'one_to_one'),
      /2 and 3/,
    );
  });

  test('lists of ids are connected one to one only', async () => {
    await refuses(BadConnectionError, () => simulation.connect([1], [4], 'all_to_all'));
  });

  test.each<[Anything, Anything]>([
    [[0], [4]],
    [[4], [8]],
    [[1.5], [4]],
    [[NAN], [4]],
    [['1'], [4]],
    [[4], [-1]],
    [5, [4]],
    [null, [4]],
    ['1', [4]],
    [[4], undefined],
    [{ length: 1, 0: 4 }, [4]],
  ])('%j to %j', async (sources, targets) => {
    await refuses(ValueError, () => simulation.connect(sources, targets, 'one_to_one'));
  });

  test('nothing connects to nothing', async () => {
    const { neurons } = await network;
    await refuses(BadConnectionError, () => simulation.connect([], [], 'one_to_one'));
    await refuses(BadConnectionError, () => simulation.connect(neurons, [], 'one_to_one'));
    await refuses(BadConnectionError, () => simulation.connect([], neurons, 'one_to_one'));
  });

  test('nodes of another simulation are refused', async () => {
    const { neurons } = await network;
    const other = new Simulation();
    const foreign = other.create(AEIF, 2);
    await refuses(ValueError, () => simulation.connect(foreign, neurons));
    await refuses(ValueError, () => simulation.getConnections({ target: foreign }));
    await refuses(ValueError, () => neurons.concat(foreign));
    await refuses(ValueError, () => neurons.concat(5 as unknown as NodeCollection));
    await other.close();
  });

  test('10^6 x 10^6 connections are refused before they take anything', async () => {
    const other = new Simulation({ local_num_threads: 2 });
    const many = other.create('parrot_neuron', 1e6);
    const before = performance.now();
    await expect(other.connect(many, many)).rejects.toThrow(
      /making 1000000000000 connections needs 48000000 MB/,
    );
    await expect(
      other.connect(many, many, { rule: 'fixed_indegree', indegree: 2 ** 40 }),
    ).rejects.toBeInstanceOf(MemoryError);
    expect(performance.now() - before).toBeLessThan(1000);
    await other.connect(many.slice(0, 2), many.slice(0, 3));
    expect(await other.kernelStatus()).toMatchObject({ num_connections: 6 });
    await other.close();
  });
});

describe('what fits what', () => {
  test('plastic synapses need a neuron with an archive, and a source that is no device', async () => {
    const { neurons, parrots, noise, beat } = await network;
    const plastic = 'clopath_synapse';
    const connect = (...args: Parameters<typeof simulation.connect>) => simulation.connect(...args);
    await refuses(
      BadConnectionError,
      () => connect(neurons, parrots, 'all_to_all', plastic),
      /parrot_neuron \(node 1\)/,
    );
    await refuses(
      BadConnectionError,
      () => connect(noise, neurons, 'all_to_all', plastic),
      /parrot_neuron in between/,
    );
    await refuses(BadConnectionError, () => connect(beat, neurons, 'all_to_all', plastic));
    await refuses(BadConnectionError, () => connect(neurons, noise));
    await refuses(BadConnectionError, () =>
      connect(neurons.concat(parrots), neurons.concat(noise)),
    );
    await refuses(BadConnectionError, () =>
      connect(neurons, neurons.concat(parrots), 'all_to_all', plastic),
    );
  });

  test('recorders record what there is', async () => {
    const other = new Simulation({ local_num_threads: 2 });
    const nodes = other.create(AEIF, 2);
    const parrots = other.create('parrot_neuron', 2);
    const recorder = other.create('spike_recorder');
    const current = other.create('dc_generator');
    const weights = other.create('weight_recorder');
    const meter = other.create('multimeter', 1, { record_from: ['V_m'] });
    const misspelt = other.create('multimeter', 1, { record_from: ['V_m', 'Vth'] });
    const kinds = await Promise.allSettled([
      other.connect(misspelt, nodes),
      other.connect(meter, parrots),
      other.connect(meter, nodes.concat(parrots)),
      other.connect(meter, recorder),
      other.connect(nodes, meter),
      other.connect(recorder, nodes),
      other.connect(current, recorder),
      other.connect(current, parrots),
      other.connect(nodes, weights),
      other.connect(weights, nodes),
      other.connect(nodes, recorder, { rule: 'fixed_indegree', indegree: 1 }),
      other.connect(nodes, recorder, 'all_to_all', 'clopath_synapse'),
      other.connect(nodes, recorder, 'all_to_all', { wieght: 1 } as Anything),
      other.connect(nodes, recorder, 'all_to_all', { delay: 0.25 }),
      other.connect(nodes.concat(recorder), recorder),
    ]);
    expect(kinds.map((end) => (end as PromiseRejectedResult).reason?.constructor.name)).toEqual([
      ...['UnknownNameError', 'UnknownNameError', 'UnknownNameError', 'BadConnectionError'],
      ...['BadConnectionError', 'BadConnectionError', 'BadConnectionError', 'BadConnectionError'],
      ...['BadConnectionError', 'BadConnectionError', 'BadConnectionError', 'BadConnectionError'],
      ...['UnknownKeyError', 'OffGridError', 'BadConnectionError'],
    ]);
    await other.connect(nodes, recorder, 'all_to_all', { weight: 2, delay: 3 });
    await other.simulate(1);
    await other.close();
  });
});

describe('connections that exist', () => {
  test.each<[string, Anything, Class]>([
    ['an unknown key', { wieght: 1 }, UnknownKeyError],
    ['a column that cannot be set', { source: 1 }, UnknownKeyError],
    ['a key of every object', { toString: 1 }, UnknownKeyError],
    ['a delay', { delay: 1 }, ValueError],
    ['NaN', { weight: NAN }, ValueError],
    ['a word', { weight: '1' }, ValueError],
    ['null', { weight: null }, ValueError],
    ['too few values', { weight: [1] }, ValueError],
    ['one wrong value', { weight: [1, 2, 3, 4, 5, 6, 7, NAN] }, ValueError],
    ['the wrong sign', { weight: -1 }, BadParametersError],
    ['one of the wrong sign', { weight: [1, 1, 1, 1, 1, 1, 1, -1] }, BadParametersError],
    ['a drawn one of the wrong sign', { weight: normal(-5, 1) }, BadParametersError],
    ['a Wmax of the wrong sign', { Wmax: -5 }, BadParametersError],
    ['an unknown distribution', { weight: { distribution: 'gauss' } }, UnknownNameError],
    ['tau_x once time has passed', { tau_x: 1 }, ValueError],
    ['no object', 5, ValueError],
    ['nothing', null, ValueError],
  ])('refuse %s', async (_name, values, error) => {
    const plastic = await simulation.getConnections({ synapse_model: 'clopath_synapse' });
    expect(plastic.length).toBe(8);
    await refuses(error, () => plastic.set(values));
  });

  test('static ones have no Wmax, and none is set if one has none', async () => {
    const all = await simulation.getConnections();
    await refuses(UnknownKeyError, () => all.set({ Wmax: 50 }), /static_synapse/);
  });

  test('no connections refuse names that no synapse has', async () => {
    const none = await simulation.getConnections({ source: [4], target: [1] });
    expect(none.length).toBe(0);
    await none.set({ weight: 1, Wmax: 3 });
    await refuses(UnknownKeyError, () => none.set({ wieght: 1 }), /'weight'/);
    await refuses(ValueError, () => none.set({ weight: [1] }));
  });

  test('columns have names', async () => {
    const all = await simulation.getConnections();
    for (const name of ['weights', 'constructor', '']) {
      await refuses(UnknownKeyError, () => all.get(name));
    }
  });

  test.each<[Anything, Class]>([
    [{ sources: [1] }, UnknownKeyError],
    [{ source: 1 }, ValueError],
    [{ source: null }, ValueError],
    [{ target: [99] }, ValueError],
    [{ synapse_model: 'static' }, UnknownNameError],
    [{ synapse_model: AEIF }, UnknownNameError],
    [5, ValueError],
    [null, ValueError],
  ])('cannot be looked for by %j', async (filter, error) => {
    await refuses(error, () => simulation.getConnections(filter));
  });
});

describe('simulate', () => {
  test.each<[Anything, Class]>([
    [-1, ValueError],
    [NAN, ValueError],
    [INFINITE, ValueError],
    ['10', ValueError],
    [null, ValueError],
    [undefined, ValueError],
    [10n, ValueError],
    [1e12, ValueError],
    [0.25, OffGridError],
  ])('%s ms', async (ms, error) => {
    await refuses(error, () => simulation.simulate(ms));
  });

  test.each<[Anything, Class]>([
    [{ sginal: 1 }, UnknownKeyError],
    [{ signal: 5 }, ValueError],
    [{ onProgress: 'print' }, ValueError],
    [null, ValueError],
    [5, ValueError],
  ])('with options %j', async (options, error) => {
    await refuses(error, () => simulation.simulate(1, options));
  });
});

describe('a simulation', () => {
  test.each<[Anything, Class]>([
    [{ threads: 2 }, UnknownKeyError],
    [{ resolution: 0 }, ValueError],
    [{ resolution: -0.1 }, ValueError],
    [{ resolution: NAN }, ValueError],
    [{ resolution: '0.1' }, ValueError],
    [{ resolution: 1e4 }, ValueError],
    [{ local_num_threads: 0 }, ValueError],
    [{ local_num_threads: 65 }, ValueError],
    [{ local_num_threads: 1.5 }, ValueError],
    [{ local_num_threads: '2' }, ValueError],
    [{ rng_seed: -1 }, ValueError],
    [{ rng_seed: 0.5 }, ValueError],
    [{ rng_seed: '' }, ValueError],
    [{ rng_seed: null }, ValueError],
    [{ min_delay: 0 }, ValueError],
    [{ min_delay: 0.25 }, OffGridError],
    [{ min_delay: '1' }, ValueError],
    [5, ValueError],
    [null, ValueError],
  ])('cannot be made with %j', (options, error) => {
    expect(() => new Simulation(options)).toThrow(error);
  });
});

test('after all that the simulation goes on as if nothing had been', async () => {
  await network;
  await simulation.simulate(20);
  const undisturbed = new Simulation();
  await smallNetwork(undisturbed);
  await undisturbed.simulate(30);
  expect(await simulation.digest()).toBe(await undisturbed.digest());
  await undisturbed.close();
});
