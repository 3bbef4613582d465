import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isospike, tiny } from './isospike.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'isospike-plan-'));
  await put('tiny.json', tiny);
});
afterEach(() => rm(home, { recursive: true }));

const put = (name: string, content: object) => writeFile(join(home, name), JSON.stringify(content));

/** 10^12 plastic synapses. */
const huge = {
  name: 'huge',
  populations: { exc: { model: 'aeif_psc_delta_clopath', size: 1e6, expected_rate: 1 } },
  connections: [{ source: 'exc', target: 'exc', syn_spec: 'clopath_synapse' }],
  protocol: [{ simulate: 1 }],
};

test('a plan tells nodes, connections, memory and time, and leaves nothing behind', async () => {
  const { status, stdout } = await isospike(home, ['plan', 'tiny.json', '--threads', '2']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^tiny, 100 ms on 2 threads\npilot run of 100 ms\n/);
  expect(stdout).toMatch(/\ngenerators +poisson_generator +20 +100\.00 +as its parameters say\n/);
  expect(stdout).toMatch(/\nrelays +parrot_neuron +20 +\d+\.\d\d +from a pilot run\n/);
  expect(stdout).toMatch(/\nrelays-to-exc +all_to_all +plastic +80\n/);
  expect(stdout).toMatch(
    /\nmemory \(MB\) +synapses +nodes +archives +recorders +building +writing +base/,
  );
  expect(stdout).toMatch(/\nfits into memory\n$/);
  expect(await readdir(home)).toEqual(['tiny.json']);
}, 120_000);

test('as one JSON object', async () => {
  const args = ['plan', 'tiny.json', '--json', '--time', '50', '--set', 'populations.exc.size=8'];
  const { status, stdout } = await isospike(home, args);
  expect(status).toBe(0);
  const plan = JSON.parse(stdout);
  expect(plan).toMatchObject({ name: 'tiny', simulated_ms: 50, threads: 1, fits: true });
  expect(plan.connections[1]).toEqual({
    name: 'relays-to-exc',
    rule: 'all_to_all',
    synapse_model: 'plastic',
    number: 160,
  });
  const { all, ...parts } = plan.memory_bytes.total;
  expect(Object.values<number>(parts).reduce((a, b) => a + b)).toBeCloseTo(all, 3);
  const { build, update, exchange, deliver, simulate } = plan.time_s;
  expect(build).toBeGreaterThan(0);
  expect(simulate).toBeGreaterThan(0);
  expect(update + exchange + deliver).toBeCloseTo(simulate, 9);
  expect(plan.real_time_factor).toBeCloseTo(simulate / 0.05, 9);
}, 120_000);

test('what cannot fit is not run, with numbers, unless told otherwise', async () => {
  await put('huge.json', huge);
  const refused = await isospike(home, ['run', 'huge.json', '--threads', '2']);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(
    /^error: 'huge' on \S+ .* needs [\d.]+ [MGTP]B of memory, [\d.]+ [MGTP]B are available/,
  );
  expect(await readdir(home)).not.toContain('results');
  // The simulation then refuses the call that takes more than there is.
  const told = await isospike(home, ['run', 'huge.json', '--threads', '2', '--no-memory-check']);
  expect(told.status).toBe(1);
  expect(told.stderr).toMatch(/making 1000000000000 connections/);
}, 60_000);

test('what cannot fit is offered at the largest size that does, by the run and by the plan', async () => {
  const populations = { exc: { ...huge.populations.exc, size: 'N' } };
  const growing = { ...huge, populations, parameters: { N: 1e6 }, size_parameter: 'N' };
  await put('growing.json', growing);
  const offer = /--set (parameters\.N=\d+) would fit/;
  const refused = await isospike(home, ['run', 'growing.json', '--threads', '1']);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(offer);
  const planned = await isospike(home, ['plan', 'growing.json', '--threads', '1', '--json']);
  expect(planned.status).toBe(1);
  const { misfit, would_fit } = JSON.parse(planned.stdout);
  expect(misfit).toContain(`--set ${would_fit.set} would fit`);
}, 120_000);

test('threads to which the virtual processes cannot be dealt are refused as by a run', async () => {
  await put('four.json', { ...tiny, kernel: { total_num_virtual_procs: 4 } });
  const args = ['four.json', '--threads', '3'];
  const [planned, run] = [
    await isospike(home, ['plan', ...args]),
    await isospike(home, ['run', ...args]),
  ];
  expect(planned).toMatchObject({ status: 1, stdout: '', stderr: run.stderr });
  expect(run.stderr).toContain('total_num_virtual_procs is 4; expected a multiple of');
});

test('mistakes are told as by a run', async () => {
  await put('wrong.json', {
    ...tiny,
    connections: [{ source: 'relays', target: 'exc', conn_spec: 'one_to_on' }],
  });
  const { status, stderr } = await isospike(home, ['plan', 'wrong.json']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/connections\.0\.conn_spec.*unknown connection rule 'one_to_on'/);
});
