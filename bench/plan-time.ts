/** Plans of the bundled experiments, made and then carried out. */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loadExperiment } from '../src/experiment/load.js';
import { runExperiment } from '../src/experiment/run-experiment.js';
import { plan } from '../src/planning/plan.js';
import { benchmark } from './benchmark.js';

/** How long each is run, in ms; one whose inputs are drawn step by step is slow. */
const TIMES = {
  'clopath-bidirectional': 10_000,
  'clopath-large': 1000,
  'clopath-sparse': 500,
  'plastic-drive': 1000,
  brunel: 100,
  'brunel-stdp': 100,
} as const;

type Name = keyof typeof TIMES;
const NAMES = Object.keys(TIMES) as Name[];

interface Plan {
  readonly names: readonly Name[];
  readonly share: number;
}

/** By how much too long or too short the plan is, as a factor of at least 1. */
function factor(planned: number, taken: number): number {
  return Math.max(planned / taken, taken / planned);
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function compare(name: Name, timeMs: number) {
  // From dist/bench/ to the package.
  const file = fileURLToPath(new URL(`../../config/${name}.json`, import.meta.url));
  const load = (overrides: readonly string[]) => loadExperiment(file, overrides);
  const experiment = await load([]);
  const options = { threads: 1, cores: availableParallelism(), timeMs };
  const planned = await plan(experiment, options, load);
  const expected = planned.time.build + planned.time.simulate;
  const before = processorSeconds();
  let after = before;
  const { complete, wallTimes } = await runExperiment(experiment, {
    threads: 1,
    timeMs,
    onProgress: ({ phase }) => {
      if (phase === 'collect') after = processorSeconds();
    },
  });
  assert.ok(complete);
  const wall = wallTimes.build! + wallTimes.simulate!;
  const processor = after - before;
  const [planText, wallText, processorText] = [expected, wall, processor].map((s) =>
    s.toPrecision(3),
  );
  process.stderr.write(
    `  ${name}: planned ${planText} s, took ${wallText} s, of the processor ${processorText} s\n`,
  );
  return { expected, wall, processor };
}

export const planTime = benchmark({
  name: 'plan-time',
  question:
    'By what factor is the planned time of a run on one thread, building and simulating, off the time it takes, for the bundled experiments?',
  seed: 1,
  figures: {
    'largest of all': { unit: 'times', target: { most: 1.5 } },
    'largest, processor time': { unit: 'times' },
  },
  plans: {
    full: { names: NAMES, share: 1 },
    short: { names: ['plastic-drive'] as readonly Name[], share: 0.1 },
  },
  async measure({ names, share }: Plan) {
    let [wall, processor] = [1, 1];
    for (const name of names) {
      const found = await compare(name, share * TIMES[name]);
      wall = Math.max(wall, factor(found.expected, found.wall));
      processor = Math.max(processor, factor(found.expected, found.processor));
    }
    return { 'largest of all': wall, 'largest, processor time': processor };
  },
});
