/** Wrong parameters of every node model, and wrong values for nodes that exist. */
import { describe, expect, test } from 'vitest';
import {
  BadParametersError,
  IsospikeError,
  MemoryError,
  OffGridError,
  UnknownKeyError,
  UnknownNameError,
  ValueError,
} from '../../src/errors/index.js';
import { nodeModels } from '../../src/models/registry.js';
import type { Check, DeviceModel, NeuronModel } from '../../src/models/spec.js';
import { normal, uniform } from '../../src/random/index.js';
import { Simulation } from '../../src/simulation/index.js';
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

const models = [...nodeModels.values()];
const neuronModels = models.filter((model): model is NeuronModel => model.kind === 'neuron');
const deviceModels = models.filter((model): model is DeviceModel => model.kind !== 'neuron');

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
      if (spec.flag ? value === true : value === spec.default) continue;
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
    await refuses(BadParametersError, () => neurons.set(negative), /needs tau_w > 0; given -/);
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
    const lists = { spike_times: [[1], [2], [3]] };
    const oneEach = /spike_times is .*; expected one list for each of 2 nodes/;
    await refuses(ValueError, () => simulation.create('spike_generator', 2, lists), oneEach);
    await refuses(ValueError, () => beat.set(lists), /one list for each of 1 nodes/);
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
    await refuses(MemoryError, () => simulation.create(model, n), /needs [\d.]+ [MGTP]B/);
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

test('after all that the simulation goes on as if nothing had been', expectUnharmed);
