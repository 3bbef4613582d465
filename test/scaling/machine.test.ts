import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cachesIn, describeMachine } from '../../src/scaling/machine.js';

test('this machine is described', async () => {
  const machine = await describeMachine();
  expect(machine).toMatchObject({ node: process.versions.node, isospike: '0.1.0' });
  expect(machine.cores).toBeGreaterThan(0);
  expect(machine.memory).toBeGreaterThan(2 ** 28);
  expect(machine.load).toHaveLength(3);
});

test('caches are read as Linux tells them; elsewhere there are none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isospike-caches-'));
  const put = async (index: string, values: Record<string, string>) => {
    await mkdir(join(folder, index));
    for (const [name, text] of Object.entries(values)) {
      await writeFile(join(folder, index, name), `${text}\n`);
    }
  };
  try {
    await put('index0', { level: '1', type: 'Data', size: '48K', shared_cpu_list: '0,8' });
    await put('index1', { level: '3', type: 'Unified', size: '32M', shared_cpu_list: '0-3,8-11' });
    await put('index2', { type: 'Unified' });
    await put('uevent', {});
    expect(await cachesIn(folder)).toEqual([
      { name: 'L1 data', bytes: 48 * 2 ** 10, sharedBy: 2 },
      { name: 'L3', bytes: 32 * 2 ** 20, sharedBy: 8 },
    ]);
    expect(await cachesIn(join(folder, 'none'))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
