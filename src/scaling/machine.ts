/** The machine that a study was made on. */
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { version } from '../package/index.js';

export interface Cache {
  /** 'L1 data', 'L2', ... */
  readonly name: string;
  readonly bytes: number;
  /** Processors that share one. */
  readonly sharedBy: number;
}

export interface Machine {
  readonly processor: string;
  /** Processors that the process may use. */
  readonly cores: number;
  /** Of the first processor, smallest level first; empty where the system does not tell. */
  readonly caches: readonly Cache[];
  /** Bytes. */
  readonly memory: number;
  readonly os: string;
  readonly node: string;
  readonly isospike: string;
  /** Load averages of 1, 5 and 15 minutes when the study began. */
  readonly load: readonly number[];
}

const CACHES = '/sys/devices/system/cpu/cpu0/cache';

export async function describeMachine(): Promise<Machine> {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    caches: await cachesIn(CACHES),
    memory: totalmem(),
    os: `${type()} ${release()}, ${process.arch}`,
    node: process.versions.node,
    isospike: version(),
    load: loadavg(),
  };
}

/** What Linux tells of caches in a folder; elsewhere there is no such folder. */
export async function cachesIn(folder: string): Promise<Cache[]> {
  const entries = await readdir(folder).catch(() => []);
  const indices = entries.filter((entry) => /^index\d+$/.test(entry)).sort();
  const caches = await Promise.all(indices.map((index) => cacheIn(join(folder, index))));
  return caches.filter((cache) => cache !== undefined);
}

async function cacheIn(folder: string): Promise<Cache | undefined> {
  const names = ['level', 'type', 'size', 'shared_cpu_list'];
  const texts = await Promise.all(
    names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
  );
  const [level, kind, size, shared] = texts.map((text) => text.trim()) as [string, ...string[]];
  const [, count, unit] = /^(\d+)([KMG]?)$/.exec(size ?? '') ?? [];
  if (level === '' || count === undefined) return undefined;
  const bytes = Number(count) * ({ K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[unit!] ?? 1);
  const name = kind === 'Unified' ? `L${level}` : `L${level} ${kind!.toLowerCase()}`;
  return { name, bytes, sharedBy: processorsIn(shared ?? '') };
}

/** Of a list like '0-3,8'. */
function processorsIn(list: string): number {
  const counts = list.split(',').map((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return last! - first! + 1;
  });
  return counts.reduce((sum, count) => sum + count, 0) || 1;
}
