/**
 * The model of docs/ADD-A-MODEL.md: its file and a line of the registry make it whole. In a copy of the
 * package these two are added, and nothing else is touched.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What a build needs. */
const SOURCES = /^(src|workers|config|bench|package\.json|tsconfig\..*json|rolldown\.config\.js)$/;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The model's file as it stands in src/models/neurons/. */
async function modelFile(): Promise<string> {
  const model = await readFile('test/models/toy-model.ts', 'utf8');
  return model
    .replaceAll("'../../src/models/", "'../")
    .replaceAll("'../../src/", "'../../")
    .replaceAll(/(?<=\w)!/g, '');
}

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'isospike-toy-'));
  for (const name of (await readdir(ROOT)).filter((entry) => SOURCES.test(entry))) {
    await cp(join(ROOT, name), join(copy, name), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  await writeFile(join(copy, 'src/models/neurons/accumulator.ts'), await modelFile());
  const registry = join(copy, 'src/models/registry.ts');
  const text = await readFile(registry, 'utf8');
  const added = text.replace('const NODE_MODELS: readonly NodeModel[] = [', '$& accumulator,');
  const line = "import { accumulator } from './neurons/accumulator.js';";
  await writeFile(registry, `${line}\n${added}`);
  await promisify(execFile)('npm', ['run', '--silent', 'compile'], { cwd: copy });
}, 60_000);

afterAll(() => rm(copy, { recursive: true, force: true }));

async function node(args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, args, { cwd: copy })).stdout;
}

test('the guide shows the model that is tested here', async () => {
  expect(await readFile('docs/ADD-A-MODEL.md', 'utf8')).toContain((await modelFile()).trim());
});

test('the command tells what it does', async () => {
  const text = await node(['dist/isospike.js', 'models', 'accumulator']);
  expect(text).toContain("  x' = -x / tau\n");
  expect(text).toMatch(/^threshold +1 +value of x that makes a spike$/m);
  expect(text).toMatch(/^tau_minus +20 +ms /m);
  const reference = await node(['dist/isospike.js', 'models', '--markdown']);
  expect(reference).toContain('## accumulator\n');
});

const PROGRAM = `
  import { simulation, uniform } from 'isospike';
  const [threads, ...parts] = process.argv.slice(1).map(Number);
  const sim = simulation({ rng_seed: 3, local_num_threads: threads });
  let refused = '';
  try { sim.create('accumulator', 1, { tau: 0 }); } catch (error) { refused = error.message; }
  const alike = sim.create('accumulator', 11, { x: uniform(0, 0.5) });
  const own = sim.create('accumulator', 8, { tau: uniform(5, 50), threshold: uniform(0.5, 2) });
  const neurons = alike.concat(own);
  const noise = sim.create('poisson_generator', 1, { rate: 2000 });
  const meter = sim.create('multimeter', 1, { record_from: ['x'], interval: 1 });
  const recorder = sim.create('spike_recorder');
  await sim.connect(noise, neurons, 'all_to_all', { weight: 0.1, delay: 0.5 });
  const rule = { rule: 'fixed_indegree', indegree: 4 };
  await sim.connect(neurons, alike, rule, { weight: uniform(0, 0.2), delay: 0.7 });
  const plastic = { synapse_model: 'stdp_synapse', weight: 0.2, Wmax: 1, delay: 0.5 };
  await sim.connect(alike, own, rule, plastic);
  await sim.connect(meter, neurons);
  await sim.connect(neurons, recorder);
  for (const ms of parts) await sim.simulate(ms);
  const { x } = await meter.events();
  const { times } = await recorder.events();
  console.log(JSON.stringify({ digest: await sim.digest(), x: [...x], times: [...times], refused }));
`;

async function run(threads: number, ...parts: number[]) {
  const args = ['--input-type=module', '--eval', PROGRAM, String(threads), ...parts.map(String)];
  return JSON.parse(await node(args));
}

test('it runs in workers, is checked and recorded, and gives the same bits on any number of them', async () => {
  const alone = await run(1, 100);
  expect(alone.refused).toMatch(/accumulator.*tau > 0/);
  expect(alone.times.length).toBeGreaterThan(100);
  expect(alone.x).toHaveLength(100 * 19);
  expect(Math.max(...alone.x)).toBeLessThan(2);
  for (const threads of [2, 3, 4, 7]) {
    expect(await run(threads, 30, 0.1, 69.9), `${threads} threads`).toEqual(alone);
  }
});
