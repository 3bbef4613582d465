import { describe, expect, test } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import type { NetworkView } from '../../src/experiment/network-view.js';
import type { RunResults } from '../../src/experiment/results.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import type { Watcher } from '../../src/experiment/watch.js';

/** What may not depend on threads, on the wall clock, or on who watches. */
function content({ threads, wallTimes, threadTimes, versions, ...rest }: RunResults) {
  return rest;
}

const seedExperiment = () =>
  loadExperiment('config/clopath-bidirectional.json', [
    'protocol.0.simulate=20',
    'protocol.0.repeat=4',
  ]);

/** Looks at everything whenever it can, so that a piece of the simulation is a slice long. */
class Restless implements Watcher {
  readonly looks: number[] = [];
  private network!: NetworkView;
  private interrupt!: () => void;

  constructor(private readonly atLook: (looks: number) => void | Promise<void> = () => {}) {}

  begin(network: NetworkView, interrupt: () => void): void {
    this.network = network;
    this.interrupt = interrupt;
    interrupt();
  }

  async look(timeMs: number): Promise<void> {
    this.looks.push(timeMs);
    const { network } = this;
    await Promise.all([network.news(), network.weightMatrix(), network.threadTimes()]);
    await this.atLook(this.looks.length);
    this.interrupt();
  }
}

describe('a run that is watched', () => {
  const alone = (async () => runExperiment(await seedExperiment(), { threads: 1 }))();

  test.each([1, 2, 3, 4, 7])('gives what it gives unwatched (%i threads)', async (threads) => {
    const experiment = await seedExperiment();
    const watcher = new Restless();
    const watched = await runExperiment(experiment, { threads, watcher });
    expect(watcher.looks.length).toBeGreaterThan(400);
    expect(watcher.looks).toEqual([...new Set(watcher.looks)].sort((a, b) => a - b));
    expect(content(watched)).toEqual(content(await alone));
  });

  test('stands still while the watcher looks', async () => {
    const experiment = await seedExperiment();
    const times: number[] = [];
    const onProgress = ({ timeMs }: { timeMs: number }) => times.push(timeMs);
    const watcher = new Restless(async (looks) => {
      if (looks !== 50) return;
      const before = times.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(times).toHaveLength(before);
    });
    const { complete } = await runExperiment(experiment, { threads: 2, watcher, onProgress });
    expect(complete).toBe(true);
  });

  test.each([
    ['within an interval', 30],
    ['at the end of an interval', 200],
  ])('can be stopped meanwhile, %s', async (_, look) => {
    const experiment = await seedExperiment();
    const controller = new AbortController();
    const watcher = new Restless((looks) => {
      if (looks === look) controller.abort();
    });
    const { signal } = controller;
    const stopped = await runExperiment(experiment, { threads: 2, watcher, signal });
    expect(stopped.complete).toBe(false);
    expect(watcher.looks).toHaveLength(look);
    expect(stopped.simulatedTime).toBe(watcher.looks.at(-1));
    const short = await runExperiment(experiment, { threads: 1, timeMs: stopped.simulatedTime });
    const same = { complete: true, requestedTime: stopped.simulatedTime };
    expect({ ...content(stopped), ...same }).toEqual(content(short));
  });

  test('fails if the watcher fails, and leaves nothing running', async () => {
    const experiment = await seedExperiment();
    const watcher = new Restless(() => Promise.reject(new Error('blind')));
    await expect(runExperiment(experiment, { threads: 2, watcher })).rejects.toThrow('blind');
  });
});
