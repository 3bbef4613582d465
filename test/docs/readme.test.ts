/** What README.md says and shows is so. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = join(ROOT, 'dist/isospike.js');

let readme: string;
let folder: string;

beforeAll(async () => {
  readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'isospike-readme-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Blocks of code in a language, in order. */
function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...readme.matchAll(fence)].map(([, code]) => code!);
}

async function node(args: readonly string[], cwd = folder): Promise<string> {
  return (await promisify(execFile)(process.execPath, args, { cwd })).stdout;
}

describe('README.md', () => {
  it('shows the digest that the seed experiment has', async () => {
    const shown = /"digest": "([0-9a-f]{64})"/.exec(readme)?.[1];
    const output = await node(['dist/config/clopath-bidirectional.js'], ROOT);
    expect(output.trimEnd().split('\n').at(-1)).toBe(`digest ${shown}`);
  });

  it('shows a program that runs', async () => {
    const [program] = blocks('js');
    // From the root, where the package knows itself by its name.
    const output = await node(['--input-type=module', '--eval', program!], ROOT);
    expect(output).toMatch(
      /^[1-9]\d* spikes, the first of neuron \d+ at [\d.]+ ms\nmean weight [\d.]+ mV\n\d+ [0-9a-f]{64}\n$/,
    );
  });

  it('shows an experiment that runs, as it says', async () => {
    const [experiment] = blocks('json');
    await writeFile(join(folder, 'driven.json'), experiment!);
    const commands = blocks('sh')
      .flatMap((block) => block.split('\n'))
      .filter((line) => line.startsWith('npx isospike run driven.json'));
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const args = command.split(' ').slice(2);
      const { complete, populations } = JSON.parse(await node([COMMAND, ...args, '--json']));
      expect(complete).toBe(true);
      expect(populations[1].spikes).toBeGreaterThan(0);
    }
  });

  it('names files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
    const scripts = [...readme.matchAll(/npm (?:run )?(start|test|build|typecheck|lint)\b/g)];
    expect(scripts.length).toBeGreaterThan(4);
  });

  it('names the models, rules and files that there are', async () => {
    const listed = await node([COMMAND, 'models']);
    const models = listed.split('\n').flatMap((line) => /^ {2}(\w+)/.exec(line)?.[1] ?? []);
    expect(models.length).toBeGreaterThan(10);
    for (const model of models) expect(readme).toContain(`\`${model}\``);

    const run = JSON.parse(await readFile(join(folder, 'results/more/run.json'), 'utf8'));
    for (const { name } of run.files) expect(readme).toContain(name.replace(/\.(svg|png)$/, ''));
  });
});
