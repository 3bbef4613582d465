/** Studies that were never measured, for tests of what is made of them. */
import { disagreements } from '../../src/scaling/digests.js';
import type { Machine } from '../../src/scaling/machine.js';
import {
  type Measurement,
  type Point,
  type PointPlan,
  STUDY_VERSION,
  type Study,
} from '../../src/scaling/study.js';
import { timelineOf } from '../../src/scaling/timeline.js';
import type { UslFit } from '../../src/scaling/usl.js';
import type { ThreadTimes } from '../../src/simulation/index.js';

const machine: Machine = {
  processor: 'A <processor>',
  cores: 4,
  caches: [{ name: 'L1 data', bytes: 49152, sharedBy: 1 }],
  memory: 16 * 2 ** 30,
  os: 'Linux 6.1, x64',
  node: '20.20.2',
  isospike: '0.1.0',
  load: [0.1, 0.2, 0.3],
};

/** Propagation takes 1 s on one thread, 0.1 s of which cannot be divided. */
export function measurement(threads: number, changes: Partial<Measurement> = {}): Measurement {
  const simulate = 0.1 + 0.9 / threads;
  return {
    digest: 'a'.repeat(64),
    modelTime: 500,
    wall: { create: 0.01, connect: 0.2 / threads, warmUp: 1, simulate },
    threadTimes: Array.from({ length: threads }, (_, thread) => threadTimes(threads, thread)),
    spikes: 1000,
    synapticEvents: 50_000,
    nodes: 120,
    connections: 12_000,
    memory: {
      base: 80 * 2 ** 20,
      network: (100 + threads) * 2 ** 20,
      total: (110 + threads) * 2 ** 20,
      peak: (120 + threads) * 2 ** 20,
      accounted: 2 ** 22,
    },
    ...changes,
  };
}

/** The first thread works longest; the others wait for it. */
function threadTimes(threads: number, thread: number): ThreadTimes {
  const update = thread === 0 ? 0.6 / threads : 0.5 / threads;
  const rest = { exchange: 0.05, deliver: 0.3 / threads, record: 0.05 };
  return { build: 0.2 / threads, update, wait: 0.6 / threads - update, ...rest };
}

export function point(
  plan: Pick<PointPlan, 'threads'> & Partial<PointPlan>,
  changes: Partial<Measurement> = {},
): Point {
  const oversubscribed = plan.threads > machine.cores;
  return {
    seed: 1,
    repeat: 1,
    ...plan,
    ...measurement(plan.threads, changes),
    oversubscribed,
    load: 0.5,
  };
}

const notFitted: UslFit = { fitted: false, reason: 'it was not' };

/** Traces of so many slices of 0.1 ms, in which the threads take turns at working longest. */
export function traces(threads: number, slices: number): Float64Array[] {
  return Array.from({ length: threads }, (_, thread) =>
    Float64Array.from({ length: slices * 6 }, (_, i) => {
      const slice = Math.floor(i / 6);
      const late = slice % threads === thread;
      const began = 5000 + 0.1 * slice;
      return [began, late ? 0.06 : 0.03, late ? 0 : 0.03, 0.01, 0.02, 0.01][i % 6]!;
    }),
  );
}

export function study(changes: Partial<Study> = {}): Study {
  const threads = changes.threads ?? [1, 2, 4, 8];
  const seeds = changes.seeds ?? [1, 2];
  const points =
    changes.points ??
    [1, 2].flatMap((repeat) =>
      seeds.flatMap((seed) => threads.map((count) => point({ threads: count, seed, repeat }))),
    );
  return {
    version: STUDY_VERSION,
    name: 'net',
    description: 'A network of <neurons> & synapses',
    kind: 'strong',
    complete: true,
    threads,
    repeats: 2,
    seeds,
    warmUp: 500,
    command: 'npx isospike scale net.json --threads 1,2,4,8',
    machine,
    experiment: { name: 'net', parameters: { W_max: 1 } },
    points,
    checks: [],
    disagreements: disagreements(points),
    usl: notFitted,
    timeline: timelineOf(traces(4, 1000), 500, 100),
    ...changes,
  };
}
