import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExperimentError, JsonSyntaxError } from '../../src/errors/index.js';
import { loadExperiment } from '../../src/experiment/load.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isospike-load-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(text: string): Promise<string> {
  const path = join(folder, 'net.json');
  await writeFile(path, text);
  return path;
}

test('a syntax error is told with file, line and column', async () => {
  const path = await file('{\n  "name": "x",\n  "kernel": {,}\n}');
  await expect(loadExperiment(path)).rejects.toThrow(JsonSyntaxError);
  await expect(loadExperiment(path)).rejects.toThrow(`${path}:3:14: `);
});

test('mistakes are told with the file', async () => {
  const path = await file('{"name": "x", "populations": {}, "protocol": []}');
  await expect(loadExperiment(path)).rejects.toThrow(ExperimentError);
  await expect(loadExperiment(path)).rejects.toThrow(`${path}: protocol is []`);
});

test('a file that is not there', async () => {
  await expect(loadExperiment(join(folder, 'no.json'))).rejects.toThrow('ENOENT');
});

describe('the seed experiment', () => {
  test('has the sizes, connections and duration of the published script', async () => {
    const { populations, connections, protocol, kernel } = await loadExperiment(
      'config/clopath-bidirectional.json',
    );
    expect(kernel.resolution).toBe(0.1);
    expect(Object.entries(populations).map(([name, { size }]) => [name, size])).toEqual([
      ['exc', 10],
      ['inh', 3],
      ['input', 500],
      ['input_generators', 500],
      ['weight_recorder', 1],
      ['spike_recorder', 1],
    ]);
    expect(populations.exc?.params).toEqual(populations.inh?.params);
    expect(populations.exc?.params).toMatchObject({
      V_m: { distribution: 'normal', mean: -60, std: 25 },
      A_LTD_const: false,
      u_ref_squared: 3600,
    });
    const between = connections.map(({ source, target }) => `${source}-${target}`);
    expect(between.slice(0, 6)).toEqual([
      'input_generators-input',
      'input-exc',
      'input-inh',
      'exc-exc',
      'exc-inh',
      'inh-exc',
    ]);
    for (const { syn_spec } of connections.slice(0, 6)) expect(syn_spec.delay).toBe(0.1);
    expect(protocol.reduce((sum, { simulate, repeat }) => sum + simulate * repeat, 0)).toBe(10_000);
  });

  test('can be varied', async () => {
    const overrides = ['n_input=50', 'protocol.0.repeat=3', 'populations.inh.params.b=1'];
    const experiment = await loadExperiment('config/clopath-bidirectional.json', overrides);
    expect(experiment.populations.input?.size).toBe(50);
    expect(experiment.populations.input_generators?.size).toBe(50);
    expect(experiment.protocol[0]?.repeat).toBe(3);
    expect(experiment.populations.inh?.params.b).toBe(1);
  });
});
