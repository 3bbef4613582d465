import { expect, test } from 'vitest';
import { fitOf } from '../../src/planning/fit.js';
import { type PlannedNetwork, plannedNetwork } from '../../src/planning/network.js';
import { expectedRates } from '../../src/planning/rates.js';
import { largestFittingSize, type Variation } from '../../src/planning/size.js';
import { bundled } from '../config/run-bundled.js';
import { resolved } from '../experiment/minimal.js';

const growing = (overrides: readonly string[]) =>
  resolved({ size_parameter: 'S', parameters: { S: 1000 } }, [...overrides]);
const relays = ({ populations }: PlannedNetwork) => populations[0]!.block.count;

test('the largest size that fits is found exactly', async () => {
  for (const most of [1, 2, 3, 499, 500, 501, 998, 999]) {
    const fits = (network: PlannedNetwork) => relays(network) <= 2 * most;
    const found = await largestFittingSize(growing([]), async (o) => growing(o), fits);
    expect(found).toEqual({ parameter: 'S', value: most });
  }
});

test('it takes few looks, and none if nothing says by what the experiment grows', async () => {
  let looks = 0;
  const fits = (network: PlannedNetwork) => {
    looks += 1;
    return relays(network) <= 2 * 333;
  };
  await largestFittingSize(growing([]), async (o) => growing(o), fits);
  expect(looks).toBeLessThan(15);
  looks = 0;
  expect(await largestFittingSize(resolved(), async () => resolved(), fits)).toBeUndefined();
  expect(looks).toBe(0);
});

test('where nothing fits there is none; sizes at which the file is wrong do not fit', async () => {
  const never = await largestFittingSize(
    growing([]),
    async (o) => growing(o),
    () => false,
  );
  expect(never).toBeUndefined();
  const odd = (overrides: readonly string[]) => {
    const change = { size_parameter: 'S', parameters: { S: 64 } };
    // Above 20, a size of 0: no such population.
    const populations = {
      relays: { model: 'parrot_neuron', size: 'min(S, 21 - min(S, 21))' },
      exc: { model: 'aeif_psc_delta_clopath', size: 2 },
      weights: { model: 'weight_recorder' },
    };
    return resolved({ ...change, populations }, [...overrides]);
  };
  const base = { ...odd(['parameters.S=10']), parameters: { S: 64 } };
  const found = await largestFittingSize(
    base,
    async (o) => odd(o),
    () => true,
  );
  expect(found).toEqual({ parameter: 'S', value: 20 });
});

test.each([
  ['clopath-large', 'S', 1e5],
  ['clopath-sparse', 'N', 1e9],
  ['plastic-drive', 'N', 1e8],
  ['brunel', 'N', 1e7],
  ['brunel-stdp', 'N', 1e7],
] as const)(
  '%s is offered at a size that fits, where the next does not',
  async (name, parameter, much) => {
    const timeMs = 100;
    const variation: Variation = (overrides) => {
      const value = overrides.at(-1)?.split('=')[1];
      return bundled(name, { [parameter]: Number(value ?? much) });
    };
    const fitOn = (network: PlannedNetwork) =>
      fitOf(network, (some) => expectedRates(some, timeMs), timeMs, 2, {
        availableBytes: 8e9,
        smallerOf: (fits) => largestFittingSize(network.experiment, variation, fits),
      });
    const { instead, misfit } = await fitOn(plannedNetwork(await variation([])));
    expect(instead.size!.parameter).toBe(parameter);
    expect(misfit!.message).toContain(
      `--set parameters.${parameter}=${instead.size!.value} would fit`,
    );
    const at = async (value: number) =>
      (await fitOn(plannedNetwork(await bundled(name, { [parameter]: value })))).misfit;
    expect(await at(instead.size!.value)).toBeUndefined();
    expect(await at(instead.size!.value + 1)).toBeDefined();
  },
);
