import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { UnknownQuantityError } from '../../src/errors/index.js';
import { experimentJsonSchema } from '../../src/experiment/json-schema.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { plannedNetwork } from '../../src/planning/network.js';
import { worthwhileThreads } from '../../src/planning/threads.js';
import { izhikevich, leaky } from '../models/definitions.js';
import { type Data, problems, resolved } from './minimal.js';

function unnamed({ name: _, ...definition }: Data): Data {
  return definition;
}

const own: Data = {
  parameters: { S: 2, tau: 15 },
  neuron_models: {
    lif: {
      ...unnamed({ ...leaky }),
      parameters: { ...leaky.parameters, tau_m: { default: '2 * tau', check: 'tau_m > 0' } },
    },
    izhikevich: unnamed({ ...izhikevich }),
  },
  populations: {
    lif: { model: 'lif', size: 4, params: { I_e: 400 } },
    fast: { model: 'izhikevich', size: 'S', params: { I_e: 10 } },
    meter: { model: 'multimeter', params: { record_from: ['V_m'] } },
  },
  synapse_models: {},
  connections: [
    { source: 'lif', target: 'fast' },
    { source: 'meter', target: 'lif' },
  ],
  protocol: [{ simulate: 50 }, { simulate: 50, set: { lif: { I_e: 600 } } }],
};

test('an experiment runs models that its file defines', async () => {
  const experiment = resolved(own);
  expect(experiment.neuron_models.lif!.parameters.tau_m!.default).toBe(30);
  expect(resolved(JSON.parse(JSON.stringify(experiment)))).toEqual(experiment);
  const results = await runExperiment(experiment, { threads: 1 });
  const more = await runExperiment(experiment, { threads: 3 });
  expect(more.digest).toBe(results.digest);
  expect(results.populations.map(({ name, spiking }) => [name, spiking])).toEqual([
    ['lif', true],
    ['fast', true],
    ['meter', false],
  ]);
  expect(results.populations[0]!.spikeCount).toBeGreaterThan(3);
  expect(results.populations[1]!.spikeCount).toBeGreaterThan(3);
  const { times, values, units } = results.traces[0]!;
  expect(units).toEqual({ V_m: 'mV' });
  const expected = -70 + ((400 * 30) / 250) * (1 - Math.exp(-times[0]! / 30));
  expect(values.V_m![0]).toBeCloseTo(expected, 10);
  expect(worthwhileThreads(plannedNetwork(experiment), 2)).toBe(1);
});

test('the JSON Schema describes such a file', () => {
  const schema = experimentJsonSchema() as Parameters<typeof z.fromJSONSchema>[0];
  const validator = z.fromJSONSchema(schema);
  const file = { name: 'own', ...own };
  expect(validator.safeParse(file).error?.issues ?? []).toEqual([]);
  const wrong = { ...file, neuron_models: { lif: { ...unnamed({ ...leaky }), resets: {} } } };
  expect(validator.safeParse(wrong).success).toBe(false);
});

describe('mistakes have their place in the file', () => {
  const changed = (change: Data): Data => ({
    ...own,
    neuron_models: { lif: { ...unnamed({ ...leaky }), ...change } },
  });

  test.each([
    ['an unknown name', { reset: { V_m: 'V_rest' } }, 'neuron_models.lif.reset.V_m'],
    ['a key too many', { resets: {} }, 'neuron_models.lif.resets'],
    ['a missing equation', { equations: undefined }, 'neuron_models.lif.equations'],
    ['a wrong default', { state: { V_m: { default: [] } } }, 'neuron_models.lif.state.V_m.default'],
    ['a wrong target', { input: { to: 'V' } }, 'neuron_models.lif'],
    ['a wrong time', { input: { to: 'V_m', after: 'x' } }, 'neuron_models.lif.input'],
  ])('%s', (_, change, path) => {
    const [problem] = problems(changed(change));
    expect(problem!.path).toContain(path);
  });

  test('with the closest name, and beside others', () => {
    const change = {
      ...changed({ threshold: 'V_m >= V_thr' }),
      protocol: [{ simulate: 1, set: { a: {} } }],
    };
    const found = problems(change);
    expect(found.map(({ path }) => path)).toEqual([
      'neuron_models.lif.threshold',
      'populations.fast.model',
      'protocol.0.set.a',
    ]);
    expect(found[0]!.error).toBeInstanceOf(UnknownQuantityError);
    expect(found[0]!.error.message).toContain("did you mean 'V_th'?");
  });

  test('a parameter in the protocol that the model does not have', () => {
    const [problem] = problems({ ...own, protocol: [{ simulate: 1, set: { lif: { I_ext: 1 } } }] });
    expect(problem!.path).toBe('protocol.0.set.lif.I_ext');
    expect(problem!.error.message).toContain("did you mean 'I_e'?");
  });

  test('a name that is taken', () => {
    const [problem, ...others] = problems({
      ...own,
      neuron_models: { ...(own.neuron_models as Data), parrot_neuron: unnamed({ ...leaky }) },
    });
    expect(problem!.path).toBe('neuron_models.parrot_neuron');
    expect(others).toEqual([]);
  });
});
