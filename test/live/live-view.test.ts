import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import type { RunResults } from '../../src/experiment/results.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import type { ResolvedExperiment } from '../../src/experiment/schema.js';
import { LiveView, type PauseCause } from '../../src/live/live-view.js';
import { messageOf, messagesOf } from './messages.js';

/** What may not depend on threads, on the wall clock, or on who watches. */
function content({ threads, wallTimes, threadTimes, versions, ...rest }: RunResults) {
  return rest;
}

const seedExperiment = (intervals: number) =>
  loadExperiment('config/clopath-bidirectional.json', [`protocol.0.repeat=${intervals}`]);

const views: LiveView[] = [];
afterEach(() => Promise.all(views.splice(0).map((view) => view.close(NOTHING))));
const NOTHING = { outcome: 'nothing', text: '' } as const;

/** A run with a live view, as the command makes it. */
async function start(experiment: ResolvedExperiment, threads: number, graceMs?: number) {
  const controller = new AbortController();
  const pauses: [boolean, PauseCause][] = [];
  const live = await LiveView.open({
    run: { name: experiment.name, description: '', threads },
    signal: controller.signal,
    onStop: () => controller.abort(),
    onPause: (paused, cause) => pauses.push([paused, cause]),
    ...(graceMs === undefined ? {} : { graceMs }),
  });
  views.push(live);
  const results = runExperiment(experiment, {
    threads,
    signal: controller.signal,
    watcher: live,
    onProgress: ({ phase, ...times }) => live.progress(phase, times),
  });
  const send = (command: string) => fetch(live.address + command, { method: 'POST' });
  return { live, results, send, address: live.address, pauses };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The state of a paused run once its last piece has ended: a look follows, which tells the times. */
async function standing(address: string) {
  await messageOf(address, 'times');
  for (;;) {
    const { timeMs } = await messageOf(address, 'activity');
    await sleep(50);
    const state = await messageOf(address, 'state');
    if (state.paused && state.timeMs === timeMs) return state;
  }
}

describe('results are the same bits', () => {
  test.each([1, 2, 3, 4, 7])('with pages and pauses, on %i threads', async (threads) => {
    const experiment = await seedExperiment(12);
    const { results, send, address } = await start(experiment, threads);
    let over = false;
    const done = results.finally(() => {
      over = true;
    });
    const page = (async () => {
      let kinds = new Set<string>();
      for await (const { kind } of messagesOf(address)) {
        kinds = kinds.add(kind);
        if (over) break;
      }
      return kinds;
    })();
    while (!over) {
      await send('pause');
      await sleep(5);
      await send('continue');
      await sleep(40);
    }
    const watched = await done;
    await views.splice(0)[0]!.close(NOTHING);
    expect(await page).toContain('activity');
    const alone = await runExperiment(experiment, { threads: 1 });
    expect(content(watched)).toEqual(content(alone));
  });
});

describe('a run that is paused', () => {
  test('stands still and costs no processor time, until it is continued', async () => {
    const { results, send, address } = await start(await seedExperiment(1e5), 2);
    await messageOf(address, 'state', ({ timeMs }) => timeMs > 100);
    expect((await send('pause')).status).toBe(204);
    const { timeMs } = await standing(address);
    const before = process.cpuUsage();
    await sleep(1000);
    const { user, system } = process.cpuUsage(before);
    // The tests' own threads are in this process, too.
    expect((user + system) / 1e6).toBeLessThan(0.2);
    const later = await messageOf(address, 'state');
    expect(later).toMatchObject({ phase: 'simulate', paused: true, timeMs });

    await send('continue');
    await messageOf(address, 'state', (state) => state.timeMs > timeMs + 100);
    await send('stop');
    expect((await results).complete).toBe(false);
  });

  test('shows a page that comes where it stands', async () => {
    const { results, send, address } = await start(await seedExperiment(1e5), 2);
    await messageOf(address, 'activity', ({ times }) => times.length > 10);
    await send('pause');
    const { timeMs } = await standing(address);
    const activity = await messageOf(address, 'activity');
    expect(activity.timeMs).toBe(timeMs);
    expect(activity.completeAfterMs).toBeLessThan(timeMs);
    for (const time of activity.times) {
      expect(time > activity.completeAfterMs && time <= timeMs).toBe(true);
    }
    expect(activity.times).toHaveLength(activity.senders.length);
    expect(activity.spikeCounts).toHaveLength(3);
    expect((await messageOf(address, 'weights')).weights).toHaveLength(100);
    const { threads } = await messageOf(address, 'times');
    expect(threads).toHaveLength(2);
    expect(threads[0]!.update).toBeGreaterThan(0);
    await send('stop');
    await results;
  });

  test('ends when it is stopped', async () => {
    const { results, send, address } = await start(await seedExperiment(1e5), 2);
    await messageOf(address, 'state', ({ timeMs }) => timeMs > 0);
    await send('pause');
    const { timeMs } = await messageOf(address, 'state', ({ paused }) => paused);
    await send('stop');
    const { complete, simulatedTime } = await results;
    expect(complete).toBe(false);
    expect(simulatedTime).toBeGreaterThanOrEqual(timeMs);
  });

  test('goes on once no page has been open for a while, whether it had one or not', async () => {
    const { results, send, address, pauses } = await start(await seedExperiment(1e5), 1, 600);
    const page = messagesOf(address);
    for await (const { kind } of page) if (kind === 'activity') break;
    await send('pause');
    const started = performance.now();
    while (pauses.length < 2) await sleep(5);
    expect(performance.now() - started).toBeGreaterThan(590);
    await messageOf(address, 'state', ({ paused }) => !paused);

    const first = messagesOf(address);
    await first.next();
    await send('pause');
    const second = messagesOf(address);
    await second.next();
    await first.return(undefined);
    await sleep(1200);
    expect(pauses).toHaveLength(3);
    const left = performance.now();
    await second.return(undefined);
    while (pauses.length < 4) await sleep(5);
    expect(performance.now() - left).toBeGreaterThan(590);
    expect(pauses).toEqual([
      [true, 'page'],
      [false, 'no page'],
      [true, 'page'],
      [false, 'no page'],
    ]);
    await send('pause');
    await send('stop');
    await results;
    expect(pauses.slice(4)).toEqual([
      [true, 'page'],
      [false, 'end'],
    ]);
  });

  test('has nothing to wait for once its view is closed', async () => {
    const pauses: boolean[] = [];
    const live = await LiveView.open({
      run: { name: 'failing', description: '', threads: 1 },
      signal: new AbortController().signal,
      onStop: () => {},
      onPause: (paused) => pauses.push(paused),
      graceMs: 50,
    });
    const page = messagesOf(live.address);
    await page.next();
    await fetch(`${live.address}pause`, { method: 'POST' });
    await live.close({ outcome: 'failed', text: 'no such model' });
    await sleep(200);
    expect(pauses).toEqual([true]);
    await page.return(undefined);
  });

  test('may be so before its network is built', async () => {
    const experiment = await seedExperiment(2);
    const { results, send, address } = await start(experiment, 1);
    await send('pause');
    await messageOf(address, 'activity');
    expect(await messageOf(address, 'state')).toMatchObject({ paused: true });
    await send('continue');
    expect((await results).digest).toBe((await runExperiment(experiment, { threads: 1 })).digest);
  });
});

test('pages that come, go and do not read hold up nothing', async () => {
  const experiment = await seedExperiment(30);
  const { results, address } = await start(experiment, 2);
  const idle = request(`${address}events`, (response) => response.pause());
  idle.on('error', () => {});
  idle.end();
  let over = false;
  const done = results.finally(() => {
    over = true;
  });
  let visits = 0;
  while (!over) {
    // Each leaves in the middle of a message.
    for await (const _ of messagesOf(address)) break;
    visits += 1;
  }
  expect(visits).toBeGreaterThan(10);
  const alone = await runExperiment(experiment, { threads: 1 });
  expect(content(await done)).toEqual(content(alone));
  idle.destroy();
});

test('nothing is read while no page is open', async () => {
  const { live, results, send, address } = await start(await seedExperiment(1e5), 1);
  await sleep(700);
  const activity = await messageOf(address, 'activity');
  // The first look at all: everything since the beginning, or what fits.
  expect(activity.completeAfterMs === 0 || activity.senders.length > 5000).toBe(true);
  await send('stop');
  await results;
  await live.close(NOTHING);
});

test('the end is told to all pages, and the address is gone', async () => {
  const { live, results, address } = await start(await seedExperiment(1), 1);
  const page = messageOf(address, 'end');
  const { digest } = await results;
  const end = { outcome: 'complete', text: 'results/x', digest: digest! } as const;
  await views.splice(0)[0]!.close(end);
  expect(await page).toEqual(end);
  await expect(fetch(live.address)).rejects.toThrow();
});
