/** Programs that never close their simulations, as processes of their own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PATIENCE_MS = 60_000;

/** Standard output of a program, which must end by itself and well. */
async function outputOf(program: string, ...flags: string[]): Promise<string[]> {
  const source = `
    import { readdirSync } from 'node:fs';
    import { simulation } from './dist/src/index.js';
    const threads = () => readdirSync('/proc/self/task').length;
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    async function run() {
      const sim = simulation({ local_num_threads: 2 });
      const neurons = sim.create('iaf_psc_alpha', 4, { I_e: 500 });
      await sim.simulate(50);
      return { sim, neurons };
    }
    ${program}`;
  const args = [...flags, '--input-type=module', '-e', source];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    timeout: PATIENCE_MS,
  });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

test(
  'a program ends without closing what it still has',
  async () => {
    const output = await outputOf(`
    const { neurons } = await run();
    console.log((await neurons.spikeCounts()).length);
    globalThis.kept = neurons;`);
    expect(output).toEqual(['4']);
  },
  PATIENCE_MS,
);

test(
  'a program ends without closing what it has only begun',
  async () => {
    expect(await outputOf(`simulation({ local_num_threads: 2 }); console.log('end');`)).toEqual([
      'end',
    ]);
  },
  PATIENCE_MS,
);

test(
  'threads of simulations that nothing refers to end; nodes keep theirs',
  async () => {
    const program = `
    const { neurons } = await run();
    const before = threads();
    let now = before;
    let most = before;
    for (let i = 0; i < 5; i++) {
      await run();
      now = threads();
      most = Math.max(most, now);
    }
    for (let i = 0; i < 200 && now > before; i++) {
      await sleep(50);
      globalThis.gc();
      now = threads();
    }
    console.log(most > before, now <= before);
    console.log((await neurons.spikeCounts()).length);`;
    expect(await outputOf(program, '--expose-gc')).toEqual(['true true', '4']);
  },
  PATIENCE_MS,
);
