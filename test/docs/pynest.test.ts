/** What docs/PYNEST.md shows runs. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const INSTALL_TIMEOUT_MS = 120_000;

let page: string;
/** Holds isospike, and beside it the project that the page makes. */
let folder: string;

beforeAll(async () => {
  page = await readFile(join(ROOT, 'docs/PYNEST.md'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'isospike-pynest-'));
  await symlink(ROOT, join(folder, 'isospike'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The block of code in a language. */
function block(language: string): string {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)![1]!;
}

it('has a program in the right column of its table', async () => {
  const cells = [...page.matchAll(/^\| `.*` \| (`.*`) \|$/gm)].map(([, cell]) => cell!);
  expect(cells).toHaveLength(page.match(/^\| /gm)!.length - 2);
  const statements = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, s]) => s!));
  const program = `${statements.join(';\n')};
    console.log(times.length > senders.length / 2, biological_time, num_connections);`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { cwd: ROOT },
  );
  expect(stdout).toMatch(
    /^NodeCollection\(.*\) ConnectionCollection\(.*\) Simulation\(.*\)\ntrue 250 7002\n$/,
  );
});

it(
  'makes a project in which a run ends by Ctrl-C and leaves its data',
  async () => {
    // The tests' own set-up has built everything.
    const env = {
      ...process.env,
      npm_config_ignore_scripts: 'true',
      npm_config_prefer_offline: 'true',
    };
    await promisify(execFile)('sh', ['-ec', block('sh')], { cwd: folder, env });
    const cwd = join(folder, 'my-network');
    await writeFile(join(cwd, 'network.js'), block('js'));
    const child = spawn(process.execPath, ['network.js'], { cwd, timeout: 60_000 });
    let printed = '';
    child.stdout.on('data', (data) => (printed += data));
    child.stderr.once('data', () => child.kill('SIGINT'));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(0);
    const [, ms, spikes] = /^ended at ([\d.]+) ms with (\d+) spikes\n$/.exec(printed)!;
    const lines = (await readFile(join(cwd, 'spikes.dat'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(Number(spikes));
    expect(lines.length).toBeGreaterThan(1);
    expect(Number(lines.at(-1)!.split('\t')[1])).toBeLessThanOrEqual(Number(ms));
  },
  INSTALL_TIMEOUT_MS,
);
