import { expect, test } from 'vitest';
import { gaussianRates } from '../../src/experiment/stimulus.js';
import { plannedNetwork } from '../../src/planning/network.js';
import { pilotRun } from '../../src/planning/pilot.js';
import { expectedRates, unknownRates } from '../../src/planning/rates.js';
import { bundled, rateOf, runBundled } from '../config/run-bundled.js';
import { resolved } from '../experiment/minimal.js';

const NAME = 'clopath-bidirectional';

test('rates come from what is stated, from generators and protocol, and through relays', () => {
  const network = plannedNetwork(
    resolved({
      populations: {
        noise: { model: 'poisson_generator', size: 20, params: { rate: 100 } },
        bump: { model: 'poisson_generator', size: 50 },
        relays: { model: 'parrot_neuron', size: 10 },
        beat: { model: 'spike_generator', params: { spike_times: [1, 2, 150] } },
        stated: { model: 'iaf_psc_delta', size: 5, expected_rate: 3 },
        unknown: { model: 'iaf_psc_delta', size: 5 },
      },
      synapse_models: {},
      connections: [
        { source: 'noise', target: 'relays', conn_spec: { rule: 'fixed_indegree', indegree: 3 } },
        { source: 'stated', target: 'relays' },
      ],
      protocol: [
        { simulate: 100 },
        {
          simulate: 100,
          set: { noise: { rate: 40 } },
          stimulus: {
            kind: 'gaussian_rate',
            population: 'bump',
            amplitude: 30,
            sigma: 4,
            centers: [20],
          },
        },
      ],
    }),
  );
  const rates = expectedRates(network, 200);
  const of = (name: string) => rates.get(name)!.perNode;
  expect(of('noise')).toBeCloseTo(70, 9);
  const { profile } = { profile: network.experiment.protocol[1]!.stimulus! };
  const bump = gaussianRates(profile, 50, 20).reduce((a, b) => a + b) / 50;
  expect(of('bump')).toBeCloseTo(bump / 2, 9);
  expect(of('relays')).toBeCloseTo(3 * 70 + 5 * 3, 9);
  expect(of('beat')).toBeCloseTo(15, 9);
  expect(of('stated')).toBe(3);
  expect(unknownRates(rates)).toEqual(['unknown']);
  expect(expectedRates(network, 200, new Map([['unknown', 7]])).get('unknown')).toEqual({
    perNode: 7,
    from: 'pilot',
  });
});

test('the pilot of a small experiment is the experiment itself', async () => {
  const timeMs = 500;
  const pilot = await pilotRun(await bundled(NAME), timeMs, () => bundled(NAME));
  const real = await runBundled(NAME, {}, timeMs);
  expect(pilot).toMatchObject({ simulatedMs: timeMs, size: undefined });
  for (const name of ['exc', 'inh', 'input']) {
    expect(pilot!.rates.get(name)).toBeCloseTo(rateOf(real, name), 9);
  }
});

test('that of a large one is made with its size parameter halved', async () => {
  const variation = (overrides: readonly string[]) => {
    const values = overrides.map((one) => one.replace('parameters.', '').split('='));
    const given = values.map(([name, value]) => [name!, Number(value)]);
    return bundled('clopath-sparse', { K: 10, ...Object.fromEntries(given) });
  };
  const large = await variation(['parameters.N=64000']);
  const pilot = await pilotRun(large, 500, variation);
  const { parameter, value } = pilot!.size!;
  expect(parameter).toBe('N');
  expect([32_000, 16_000, 8000, 4000, 2000, 1000]).toContain(value);
  expect(pilot!.rates.get('neurons')).toBeGreaterThan(1);
  expect(pilot!.rates.get('neurons')).toBeLessThan(6);
}, 120_000);
