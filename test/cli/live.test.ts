import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { endOf } from '../../src/cli/live.js';
import { describeInBrowser } from '../browser.js';
import { messageOf } from '../live/messages.js';
import { contrasts, markContrasts } from '../report/page/contrasts.js';
import { seedResults } from '../report/seed-results.js';
import { isospike } from './isospike.js';

const MAIN = fileURLToPath(new URL('../../dist/isospike.js', import.meta.url));
const SEED = fileURLToPath(new URL('../../config/clopath-bidirectional.json', import.meta.url));
const ENDLESS = ['--set', 'protocol.0.repeat=50000'];

/** A browser beside a simulation on few cores takes its time. */
const PATIENCE_MS = 60_000;
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

let home: string;
const children: (() => void)[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'isospike-live-'));
});
afterEach(async () => {
  for (const kill of children.splice(0)) kill();
  await rm(home, { recursive: true });
});

/** The command with a live view; resolves once it has told the address. */
async function startLive(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, 'run', SEED, '--live', ...args], { cwd: home });
  children.push(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  const closed = new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (status) => resolve({ status, stdout, stderr })),
  );
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (data) => {
      stderr += data;
      const [, found] = /^live view: (\S+)$/m.exec(stderr) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.on('close', () => reject(new Error(stderr)));
  });
  const signal = (name: NodeJS.Signals) => child.kill(name);
  return { address, closed, pid: child.pid!, signal, stderr: () => stderr };
}

const runJson = async (directory: string) =>
  JSON.parse(await readFile(join(home, directory, 'run.json'), 'utf8'));

/** They tell of wall times. */
const OF_THIS_RUN = ['results.msgpack', 'report.html'];

/** Checksums of all other files. */
async function dataFiles(directory: string) {
  const { files } = await runJson(directory);
  return files
    .filter(({ name }: { name: string }) => !OF_THIS_RUN.includes(name))
    .map(({ name, sha256 }: { name: string; sha256: string }) => [name, sha256]);
}

/** Processor time of a process so far, in s (Linux). */
async function cpuTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('with nobody looking, a run is what it is without', async () => {
  const live = await startLive('--time', '2000', '--quiet', '--json', '--out', 'live');
  const { status, stdout, stderr } = await live.closed;
  expect({ status, stderr }).toEqual({ status: 0, stderr: `live view: ${live.address}\n` });
  expect(live.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/$/);
  await isospike(home, ['run', SEED, '--time', '2000', '--quiet', '--out', 'alone']);
  expect(JSON.parse(stdout).digest).toBe((await runJson('alone')).digest);
  expect(await dataFiles('live')).toEqual(await dataFiles('alone'));
  await expect(fetch(live.address)).rejects.toThrow();
});

describe('a run that is paused', () => {
  test('is ended by Ctrl-C', async () => {
    const live = await startLive(...ENDLESS, '--out', 'out');
    await messageOf(live.address, 'state', ({ timeMs }) => timeMs > 0);
    expect((await fetch(`${live.address}pause`, { method: 'POST' })).status).toBe(204);
    await sleep(300);
    live.signal('SIGINT');
    const { status, stderr } = await live.closed;
    expect(status).toBe(130);
    expect(stderr).toMatch(/\npaused\nending the run at the next slice/);
    expect(stderr).not.toContain('continued');
    expect(await runJson('out')).toMatchObject({ complete: false });
  });
});

test('the page is told how a run has ended', () => {
  const { digest, ...rest } = seedResults();
  const files = ['run.json'];
  expect(endOf(seedResults(), 'out', files)).toEqual({ outcome: 'complete', text: 'out', digest });
  expect(endOf(seedResults({ complete: false }), 'out', files).outcome).toBe('incomplete');
  expect(endOf({ ...rest, complete: false, failure: 'it broke' }, 'out', files)).toEqual({
    outcome: 'failed',
    text: 'it broke. What was recorded before is in out.',
  });
  expect(endOf(seedResults(), 'out', []).outcome).toBe('nothing');
});

describeInBrowser('the page of a run', (open) => {
  const state = (page: Page) => page.locator('#state').textContent();
  const until = (page: Page, words: string) =>
    page.locator('#state', { hasText: words }).waitFor({ timeout: PATIENCE_MS });
  const reached = (page: Page) =>
    page.locator('#progress').evaluate((bar) => (bar as HTMLProgressElement).value);
  /** Pixels that are drawn on the raster, and a sum over them, which changes as spikes do. */
  const raster = (page: Page) =>
    page.locator('#raster canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      // Read from a copy: reading makes a canvas slow, and the browser warns.
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = copy.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      let [sum, drawn] = [0, 0];
      data.forEach((value, i) => {
        sum = (sum * 31 + value) % 1_000_003;
        if (i % 4 === 3 && value > 0) drawn += 1;
      });
      return { sum, drawn };
    });

  test('moves, pauses, continues and stops', async () => {
    const live = await startLive(...ENDLESS, '--threads', '2', '--out', 'out');
    const { page, requests, problems } = await open(live.address);
    await until(page, 'simulating');
    await page.locator('#raster canvas').waitFor();
    await page.locator('#matrix canvas').waitFor();
    await page.locator('#phases .bar').nth(1).waitFor();
    await expect
      .poll(async () => (await raster(page)).drawn, { timeout: PATIENCE_MS })
      .toBeGreaterThan(50);
    const before = await raster(page);
    const progress = await reached(page);
    await expect
      .poll(async () => (await raster(page)).sum, { timeout: PATIENCE_MS })
      .not.toBe(before.sum);
    await expect.poll(() => reached(page), { timeout: PATIENCE_MS }).toBeGreaterThan(progress);
    expect(await page.locator('#rate-chart path.curve').count()).toBe(3);
    expect(await page.locator('#matrix-note').textContent()).toContain('90 connected pairs');
    expect(await page.locator('#facts').textContent()).toMatch(
      /Threads2Real-time factor, of late[\d.]+Real-time factor, on average[\d.]+Time left/,
    );

    await page.getByRole('button', { name: 'Pause' }).click();
    await until(page, 'paused');
    await sleep(500);
    const [still, cpu] = [await reached(page), await cpuTime(live.pid)];
    await sleep(1500);
    expect(await reached(page)).toBe(still);
    expect((await cpuTime(live.pid)) - cpu).toBeLessThan(0.2);
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);

    await page.getByRole('button', { name: 'Continue' }).click();
    await until(page, 'simulating');
    await expect.poll(() => reached(page), { timeout: PATIENCE_MS }).toBeGreaterThan(still);

    page.once('dialog', (dialog) => dialog.dismiss());
    await page.getByRole('button', { name: 'Stop' }).click();
    expect(await state(page)).toBe('simulating');
    page.once('dialog', (dialog) => dialog.accept());
    await page.getByRole('button', { name: 'Stop' }).click();
    await until(page, 'ended before its time');
    expect(await page.locator('#outcome').textContent()).toBe('Its results are in out.');
    const { status, stdout } = await live.closed;
    expect(status).toBe(130);
    const { complete, digest, simulated_ms } = await runJson('out');
    expect(complete).toBe(false);
    expect(stdout).toContain('Incomplete run');
    expect(await page.locator('#facts').textContent()).toContain(digest);
    expect(await readdir(join(home, 'out'))).toContain('raster.svg');
    for (const name of ['Pause', 'Continue', 'Stop']) {
      expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
    }
    // It has talked to nobody but its own server, and nothing went wrong on it.
    expect(new Set(requests.map((request) => request.replace(live.address, '')))).toEqual(
      new Set(['events', 'pause', 'continue', 'stop']),
    );
    expect(problems).toEqual([]);

    const short = ['run', SEED, ...ENDLESS, '--quiet', '--time', String(simulated_ms)];
    await isospike(home, [...short, '--out', 'short']);
    expect((await runJson('short')).digest).toBe(digest);
  });

  test('can be closed and opened again, and the run is what it is without', async () => {
    const args = ['--set', 'protocol.0.repeat=100', '--threads', '2'];
    const live = await startLive(...args, '--quiet', '--out', 'live');
    const ask = (what: string) => fetch(`${live.address}${what}`, { method: 'POST' });
    // It would be over before a browser has opened a page.
    await ask('pause');
    for (let visit = 0; visit < 3; visit++) {
      const { page } = await open(live.address);
      await ask('continue');
      await expect
        .poll(async () => (await raster(page)).drawn, { timeout: PATIENCE_MS })
        .toBeGreaterThan(0);
      await ask('pause');
      await page.close();
    }
    const [left, stays] = [await open(live.address), await open(live.address)];
    await left.page.goto('about:blank');
    await ask('continue');
    await until(stays.page, 'complete');
    expect(await stays.page.locator('#outcome').textContent()).toBe('Its results are in live.');
    expect(await reached(stays.page)).toBe(1);
    expect(await stays.page.locator('#reached').textContent()).toBe('10.0 of 10.0 s (100 %)');
    const { status, stdout } = await live.closed;
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    await isospike(home, ['run', SEED, ...args, '--quiet', '--out', 'alone']);
    expect((await runJson('live')).digest).toBe((await runJson('alone')).digest);
    expect(await dataFiles('live')).toEqual(await dataFiles('alone'));
  });

  test('can be closed while the run is paused, which then goes on', async () => {
    const live = await startLive(...ENDLESS, '--out', 'out');
    const { page } = await open(live.address);
    await until(page, 'simulating');
    await page.getByRole('button', { name: 'Pause' }).click();
    await until(page, 'paused');
    const still = await reached(page);
    // Opening it anew takes less than the time it has.
    await page.reload();
    await until(page, 'paused');
    await page.close();
    const said = () => live.stderr().includes('\npaused\nno page has been open for 10 s: the run');
    await expect.poll(said, { timeout: PATIENCE_MS }).toBe(true);
    expect(live.stderr()).not.toContain('continued');
    const later = await open(live.address);
    await until(later.page, 'simulating');
    await expect.poll(() => reached(later.page), { timeout: PATIENCE_MS }).toBeGreaterThan(still);
  });

  test('tells when its run is gone', async () => {
    const live = await startLive(...ENDLESS, '--out', 'out');
    const { page } = await open(live.address);
    await until(page, 'simulating');
    live.signal('SIGKILL');
    await until(page, 'no connection');
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
  });

  test.each(['light', 'dark'] as const)('can be read (%s)', async (colorScheme) => {
    const live = await startLive(...ENDLESS, '--out', 'out');
    const { page } = await open(live.address, { colorScheme });
    await page.locator('#matrix-note', { hasText: 'connected pairs' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await until(page, 'paused');
    const found = await contrasts(page);
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
    const marks = await markContrasts(page);
    expect(marks.length).toBeGreaterThan(15);
    expect(marks.filter(({ ratio }) => ratio < 3)).toEqual([]);
  });
});
