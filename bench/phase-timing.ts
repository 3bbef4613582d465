import assert from 'node:assert/strict';
import { PHASE, PHASES } from '../src/engine/cycle.js';
import { Stopwatch } from '../src/engine/stopwatch.js';
import { KernelBuilder } from '../src/kernel/builder.js';
import { KernelCompiler } from '../src/kernel/compile.js';
import { Segment } from '../src/memory/segment.js';
import { benchmark } from './benchmark.js';
import { summary } from './statistics.js';

interface Plan {
  readonly blocks: number;
  readonly slices: number;
}

/** What a slice of the seed experiment takes, in ns. */
const SLICE_NS = 2600;
/** Until V8 has compiled the loops and the kernel for speed. */
const WARM_UP_SLICES = 20_000;

/**
 * Something to do between looks at the clock: a kernel, as where slices are timed. Written here, it would be
 * compiled into the loops around it, and take other times in these by itself. And with as many sums as keep
 * the processor busy: if they waited for themselves, it would begin the next slice meanwhile, as far as no
 * stopwatch stands in between.
 */
const SUMS = 8;
const work = workKernel();

function workKernel(): (amount: number) => number {
  const k = new KernelBuilder('work', 1);
  const sums = Array.from({ length: SUMS }, (_, i) => k.variable(i + 1));
  k.each(k.parameter('amount'), (at) => {
    const more = k.let(at.toF64());
    for (const sum of sums) k.set(sum, sum.mul(0.5).add(more));
  });
  const result = k.letInt(0);
  k.eachLane(sums.reduce((all, sum) => all.add(sum)).gt(0), () => k.setInt(result, 1));
  return new KernelCompiler(new Segment(), 'wasm').compile('set', () => [k.finish(result)]).work!;
}

/** As the cycle times a slice. */
function timed(slices: number, amount: number, stopwatch: Stopwatch): number {
  let sum = 0;
  stopwatch.start();
  for (let slice = 0; slice < slices; slice++) {
    const isTimed = stopwatch.begin();
    sum += work(amount);
    if (isTimed) stopwatch.lap(PHASE.update);
    if (isTimed) stopwatch.lap(PHASE.exchange);
    if (isTimed) stopwatch.lap(PHASE.wait);
    if (isTimed) stopwatch.lap(PHASE.exchange);
    if (isTimed) stopwatch.lap(PHASE.deliver);
  }
  stopwatch.stop();
  return sum;
}

function untimed(slices: number, amount: number): number {
  let sum = 0;
  for (let slice = 0; slice < slices; slice++) sum += work(amount);
  return sum;
}

/** Processor time of this process in ns: other programs do not show in it. */
function processorTime(of: () => number): number {
  const before = process.cpuUsage();
  assert.ok(of() > 0);
  const { user, system } = process.cpuUsage(before);
  return 1000 * (user + system);
}

export const phaseTiming = benchmark({
  name: 'phase-timing',
  question: 'What does it cost that every thread times its phases, where slices are short?',
  // Nothing is drawn.
  seed: 0,
  figures: {
    'of slices as short as the seed experiment’s': { unit: '%', target: { most: 1 } },
    'per slice': { unit: 'ns' },
  },
  plans: { full: { blocks: 400, slices: 2000 }, short: { blocks: 4, slices: 2000 } },
  async measure({ blocks, slices }: Plan) {
    const stopwatch = new Stopwatch(() => performance.now(), PHASES.length);
    for (let warm = 0; warm < 3; warm++) {
      untimed(WARM_UP_SLICES, 100);
      timed(WARM_UP_SLICES, 100, stopwatch);
    }
    const trial = processorTime(() => untimed(WARM_UP_SLICES, 100)) / WARM_UP_SLICES / 100;
    const amount = Math.max(1, Math.round(SLICE_NS / trial));
    const fresh = new Stopwatch(() => performance.now(), PHASES.length);
    const costs: number[] = [];
    const plain: number[] = [];
    const [without, withTimes] = [
      () => processorTime(() => untimed(slices, amount)) / slices,
      () => processorTime(() => timed(slices, amount, fresh)) / slices,
    ];
    // In turns, now the one first and now the other, so that changes of the machine's speed meet both alike.
    for (let block = 0; block < blocks; block++) {
      const before = block % 2 === 0 ? without() : undefined;
      const withIt = withTimes();
      const alone = before ?? without();
      costs.push(withIt - alone);
      plain.push(alone);
    }
    assert.ok(fresh.milliseconds(PHASE.update) > 0);
    const { median: cost } = summary(costs);
    return {
      'of slices as short as the seed experiment’s': (100 * cost) / summary(plain).median,
      'per slice': cost,
    };
  },
});
