/** Wrong synapse models, rules, delays and weights, and connections that cannot be. */
import { describe, expect, test } from 'vitest';
import {
  BadConnectionError,
  BadParametersError,
  IsospikeError,
  MemoryError,
  MissingKeyError,
  OffGridError,
  UnknownKeyError,
  UnknownNameError,
  ValueError,
} from '../../src/errors/index.js';
import { synapseModels } from '../../src/models/registry.js';
import { normal, uniform } from '../../src/random/index.js';
import { type NodeCollection, Simulation } from '../../src/simulation/index.js';
import { AEIF } from './opening.js';
import {
  type Anything,
  type Class,
  describeValue,
  expectUnharmed,
  INFINITE,
  NAN,
  NO_NUMBERS,
  network,
  refuses,
  simulation,
} from './refusals.js';

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

  test.each<[string, Anything, Class]>([
    ['tau_plus of 0', { tau_plus: 0 }, BadParametersError],
    ['Wmax of the other sign', { weight: 1, Wmax: -1 }, BadParametersError],
    ['Wmax of 0', { weight: 0, Wmax: 0 }, BadParametersError],
    ['one weight of the wrong sign', { weight: [1, -1] }, BadParametersError],
    ['weights drawn with the wrong sign', { weight: normal(-5, 0.1) }, BadParametersError],
    ['a negative exponent', { mu_minus: -0.1 }, BadParametersError],
    ['one negative exponent', { mu_plus: [1, -1] }, BadParametersError],
    ['a negative lambda and a power', { lambda: -0.1, mu_minus: 0.5 }, BadParametersError],
    ['the time constant of the target', { tau_minus: 20 }, UnknownKeyError],
  ])('an stdp_synapse with %s', async (_name, given, error) => {
    const { neurons } = await network;
    const syn = { synapse_model: 'stdp_synapse', ...given };
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
    for (const value of [-1, 0.5, NAN, INFINITE, '1', null, true, [1], {}] as Anything[]) {
      await refuses(ValueError, () =>
        simulation.connect(neurons, neurons, { rule, [argument]: value }),
      );
    }
    for (const missing of [rule, { rule }, { rule, [argument]: undefined }] as Anything[]) {
      const shape = new RegExp(`as in { rule: '${rule}', ${argument}: ... } \\(known: rule, `);
      await refuses(MissingKeyError, () => simulation.connect(neurons, neurons, missing), shape);
    }
    await refuses(BadConnectionError, () =>
      simulation.connect(neurons, neurons, { rule, [argument]: 5, allow_multapses: false }),
    );
  });

  test('pairwise_bernoulli needs a probability', async () => {
    const { neurons } = await network;
    for (const p of [-0.1, 1.1, NAN, INFINITE, '0.5', null] as Anything[]) {
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
      /making 1000000000000 connections needs 8000 GB/,
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
    await refuses(BadConnectionError, () => connect(beat, neurons, 'all_to_all', 'stdp_synapse'));
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

test('after all that the simulation goes on as if nothing had been', expectUnharmed);
