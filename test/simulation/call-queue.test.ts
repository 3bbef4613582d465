import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { IsospikeError, ValueError } from '../../src/errors/index.js';
import { CallQueue } from '../../src/simulation/call-queue.js';
import { AEIF, opening } from './opening.js';

const open = opening();

/** The stack of what a promise rejects with. */
async function stackOf(call: Promise<unknown>): Promise<string> {
  const error = await call.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(IsospikeError);
  return (error as Error).stack!;
}

test('an error tells which call it is of, also where several are under way', async () => {
  const simulation = open();
  const nodes = simulation.create(AEIF, 2);
  const connecting = function connecting() {
    return simulation.connect(nodes, [9], 'one_to_one');
  };
  const getting = function getting() {
    return nodes.get('V_mm');
  };
  const [connect, get] = [connecting(), getting()].map(stackOf);
  expect(await connect).toMatch(
    /^ValueError: post\[0\] is 9.*\n(.*\n)*.*\n {2}in the call\n(.*\n)*.* connecting /,
  );
  expect(await connect).not.toContain('getting');
  expect(await get).toMatch(/\n {2}in the call\n(.*\n)*.* getting /);
  const connections = await simulation.getConnections();
  const setting = function setting() {
    return connections.set({ weight: Number.NaN });
  };
  expect(await stackOf(setting())).toMatch(/ {2}in the call\n(.*\n)*.* setting /);
});

test('the stack of the first call stays on an error of several, other errors are left alone', async () => {
  const queue = new CallQueue(() => undefined);
  const shared = new ValueError('x', 1, '2');
  const failing = (error: Error) => queue.add(() => Promise.reject(error)).catch(() => undefined);
  await Promise.all([failing(shared), failing(shared)]);
  expect(shared.stack!.match(/in the call/g)).toHaveLength(1);
  const foreign = new Error('of the program');
  const { stack } = foreign;
  await failing(foreign);
  expect(foreign.stack).toBe(stack);
});

test('a program that does not await a call learns of its error all the same', async () => {
  const program = `import { simulation } from 'isospike';
    const sim = simulation();
    sim.connect([1], sim.create('iaf_psc_exp'), 'all_to_all');
    await sim.simulate(1);`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  const { code, stderr } = (await run.catch((e: unknown) => e)) as { code: number; stderr: string };
  expect(code).toBe(1);
  expect(stderr).toMatch(/BadConnectionError: lists of node ids/);
  expect(stderr.slice(stderr.indexOf('in the call'))).toContain('[eval1]:3');
});
