/** The package as others get it: packed, installed elsewhere, and used from there. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What stands behind `from` at the end of an import or export, or in `import('...')` of types. */
const IMPORT =
  /^(?:import|export)\b[^'"`]*?from\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|^(?![ \t]*(?:\*|\/\/|\/\*)).*\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** A module as the importing file means it: its types if it is such a file. */
function typed(file: string, imported: string): string {
  return file.endsWith('.d.ts') ? imported.replace(/\.js$/, '.d.ts') : imported;
}

const INSTALL_TIMEOUT_MS = 120_000;

let folder: string;
/** Where the package lies once installed. */
let installed: string;

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { cwd })).stdout;
  } catch (error) {
    // Compilers complain on standard output.
    const { message, stdout } = error as Error & { stdout: string };
    throw new Error(`${message}\n${stdout}`);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isospike-package-'));
  // The tests' own set-up has built everything.
  const packing = await run(
    'npm',
    ['pack', '--ignore-scripts', '--pack-destination', folder],
    ROOT,
  );
  const tarball = join(folder, packing.trim().split('\n').at(-1)!);
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], folder);
  installed = join(folder, 'node_modules', 'isospike');
}, INSTALL_TIMEOUT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
}

describe('the package', () => {
  it('holds what is needed, and no more', async () => {
    const files = await filesOf(installed);
    const needed = [
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'config/brunel-stdp.json',
      'config/brunel.json',
      'config/clopath-bidirectional.json',
      'dist/config/clopath-bidirectional.js',
      'dist/config/clopath-pairing.js',
      'dist/engine-worker.js',
      'dist/engine-worker.licenses.txt',
      'dist/experiment.schema.json',
      'dist/isospike.js',
      'dist/isospike.licenses.txt',
      'dist/kernels.json',
      'dist/point-process.js',
      'dist/src/figures.d.ts',
      'dist/src/figures.js',
      'dist/src/index.d.ts',
      'dist/src/index.js',
      'dist/src/report/page/client/run-report.js',
      'docs/ADD-A-MODEL.md',
      'docs/MODELS.md',
      'docs/PYNEST.md',
      'package.json',
    ];
    expect(files).toEqual(expect.arrayContaining(needed));
    const stray = files.filter((file) => /(^|\/)(test|src|node_modules|results)\//.test(file));
    expect(stray.filter((file) => !file.startsWith('dist/src/'))).toEqual([]);
    // These are in the command's files.
    const ofCommand = /^dist\/src\/(cli|experiment|live|planning|scaling)\/|tsbuildinfo$/;
    expect(files.filter((file) => ofCommand.test(file))).toEqual([]);
  });

  it('holds all that its modules and types import, packages as dependencies', async () => {
    const { bin, dependencies } = JSON.parse(
      await readFile(join(installed, 'package.json'), 'utf8'),
    );
    const programs = (await readdir(join(installed, 'dist', 'config'))).map(
      (name) => `dist/config/${name}`,
    );
    const todo = [
      ...['index.js', 'index.d.ts', 'figures.js', 'figures.d.ts'].map((name) => `dist/src/${name}`),
      ...['dist/engine-worker.js', 'dist/point-process.js', bin.isospike, ...programs],
    ];
    const seen = new Set<string>();
    const packages = new Set<string>();
    for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      const source = await readFile(join(installed, file), 'utf8');
      for (const [, ...found] of source.matchAll(IMPORT)) {
        const imported = found.find((one) => one !== undefined);
        if (imported!.startsWith('.')) todo.push(join(dirname(file), typed(file, imported!)));
        else packages.add(/^(@[^/]+\/)?[^/]+/.exec(imported!)![0]);
      }
    }
    expect(seen.size).toBeGreaterThan(200);
    const foreign = [...packages].filter(
      (name) => !name.startsWith('node:') && name !== 'isospike',
    );
    expect(foreign.filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
  });

  it('tells the licenses of the packages that are in its files', async () => {
    const licenses = await readFile(join(installed, 'dist', 'isospike.licenses.txt'), 'utf8');
    for (const name of ['@observablehq/plot', 'commander', 'd3-scale', 'seedrandom', 'zod']) {
      expect(licenses).toMatch(
        new RegExp(
          `^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC)\\)\n\n[^]{0,40}(License|Copyright)`,
          'm',
        ),
      );
    }
    const command = await Promise.all(
      (await filesOf(join(installed, 'dist', 'chunks'))).map((name) =>
        readFile(join(installed, 'dist', 'chunks', name), 'utf8'),
      ),
    );
    const parts = command.flatMap((code) =>
      Array.from(
        code.matchAll(/^\/\/(?:#region)? node_modules\/((?:@[^/]+\/)?[^/]+)/gm),
        ([, name]) => name!,
      ),
    );
    expect(parts.length).toBeGreaterThan(50);
    expect(parts.filter((name) => !licenses.includes(`${name} `))).toEqual([]);
  });

  it('needs no toolchain and downloads nothing of its own', async () => {
    const { scripts } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    // `prepare` runs in a checkout only.
    for (const script of ['preinstall', 'install', 'postinstall']) {
      expect(scripts).not.toHaveProperty(script);
    }
    const files = await filesOf(installed);
    expect(files.filter((file) => /binding\.gyp$|\.(node|c|cc|cpp)$/.test(file))).toEqual([]);
  });

  it('gives the command, whose workers start', async () => {
    const command = join(folder, 'node_modules', '.bin', 'isospike');
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    expect((await run(command, ['--version'], folder)).trim()).toBe(version);

    const file = join(installed, 'config', 'clopath-bidirectional.json');
    const args = ['run', file, '--time', '100', '--threads', '2', '--out', 'out', '--json'];
    const report = JSON.parse(await run(command, args, folder));
    expect(report).toMatchObject({ complete: true, simulated_ms: 100, threads: 2 });
    expect(report.digest).toMatch(/^[0-9a-f]{64}$/);
    const written = await readdir(join(folder, 'out'));
    expect(written).toEqual(
      expect.arrayContaining(['run.json', 'spikes.dat', 'raster.png', 'report.html']),
    );
  });

  it('gives a module, whose workers start and let the program end', async () => {
    const program = `
      import { simulation, ValueError } from 'isospike';
      const sim = simulation({ local_num_threads: 2 });
      const neurons = sim.create('aeif_psc_delta_clopath', 4, { I_e: 1000 });
      await sim.connect(neurons, neurons, 'all_to_all', { synapse_model: 'clopath_synapse' });
      await sim.simulate(50);
      const counts = await neurons.spikeCounts();
      let refused = false;
      try { await sim.simulate(-1); } catch (error) { refused = error instanceof ValueError; }
      console.log(JSON.stringify({ spikes: counts.every((n) => n > 0), refused }));
    `;
    await writeFile(join(folder, 'program.js'), program);
    const output = await run(process.execPath, ['program.js'], folder);
    expect(JSON.parse(output)).toEqual({ spikes: true, refused: true });
  });

  it('gives the seed experiment as a program', async () => {
    const program = join(installed, 'dist', 'config', 'clopath-bidirectional.js');
    const output = await run(process.execPath, [program, '100', '2'], folder);
    expect(output).toMatch(/\ndigest [0-9a-f]{64}\n$/);
  });

  it('gives the pairing experiment as a program, with its figure', async () => {
    const program = join(installed, 'dist', 'config', 'clopath-pairing.js');
    await run(process.execPath, [program, 'pairing'], folder);
    expect(await readdir(join(folder, 'pairing'))).toContain('clopath-pairing.png');
  });

  it('gives the JSON Schema of experiments', async () => {
    const schema = await readFile(join(installed, 'dist', 'experiment.schema.json'), 'utf8');
    expect(JSON.parse(schema)).toHaveProperty('properties.protocol');
  });

  it('gives types that hold what the program says', async () => {
    const directory = join(folder, 'typed');
    await mkdir(directory);
    const program = `
      import { type NodeCollection, normal, simulation, type SynSpec } from 'isospike';
      const sim = simulation({ resolution: 0.1, rng_seed: 'word' });
      const neurons: NodeCollection = sim.create('aeif_psc_delta_clopath', 3, { V_m: normal(-60, 5) });
      const synapse: SynSpec = { synapse_model: 'clopath_synapse', weight: 1, delay: 1.5 };
      await sim.connect(neurons, neurons, { rule: 'fixed_indegree', indegree: 2 }, synapse);
      const outcome: { completed: boolean; time: number } = await sim.simulate(10);
      const { senders, times } = await sim.create('spike_recorder').events();
      const weights: Float64Array = await (await sim.getConnections()).get('weight');
      console.log(outcome.completed, senders.length === times.length, weights.length);
      // @ts-expect-error there is no such option
      simulation({ threads: 2 });
      // @ts-expect-error a rule has no such argument
      await sim.connect(neurons, neurons, { rule: 'fixed_indegree', in_degree: 2 });
    `;
    await writeFile(join(directory, 'program.ts'), program);
    const compilerOptions = {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023'],
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules', '@types')],
      noEmit: true,
      exactOptionalPropertyTypes: true,
    };
    await writeFile(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    await run(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', directory], directory);
  });
});
