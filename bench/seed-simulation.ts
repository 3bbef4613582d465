import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { loadExperiment } from '../src/experiment/load.js';
import type { RunResults, ThreadTimes } from '../src/experiment/results.js';
import { runExperiment } from '../src/experiment/run-experiment.js';
import type { ResolvedExperiment } from '../src/experiment/schema.js';
import { measure } from '../src/scaling/measure.js';
import { benchmark } from './benchmark.js';
import { INPUT_RATE, INPUTS } from './networks/clopath-network.js';

interface Plan {
  readonly ms: number;
}

const SEED = 1;
export const SEED_EXPERIMENT = fileURLToPath(
  new URL('../../config/clopath-bidirectional.json', import.meta.url),
);

export const seedSimulation = benchmark({
  name: 'seed-simulation',
  question: 'How long does the seed experiment simulate for its 10 s, on one thread?',
  seed: SEED,
  figures: {
    'simulate, in a new process': { unit: 's', target: { most: 0.2 }, nest: '4.1 to 4.7' },
    'simulate, compiled': { unit: 's', target: { most: 0.2 }, nest: '4.1 to 4.7' },
    'update, in a new process': { unit: 's' },
    'wait, exchange and delivery, in a new process': { unit: 's' },
  },
  plans: { full: { ms: 10_000 }, short: { ms: 500 } },
  async measure({ ms }: Plan) {
    const experiment = await loadExperiment(SEED_EXPERIMENT);
    const results = await runExperiment(experiment, { threads: 1, rngSeed: SEED, timeMs: ms });
    checkSeedResults(results, ms);
    const [{ update, wait, exchange, deliver }] = results.threadTimes as [ThreadTimes];
    const { simulate = 0 } = results.wallTimes;
    return {
      'simulate, in a new process': simulate,
      'simulate, compiled': await compiled(experiment, ms, results.digest!),
      'update, in a new process': update,
      'wait, exchange and delivery, in a new process': wait + exchange + deliver,
    };
  },
});

/** Wall time in s of all of `simulate`, where the same has run before on these threads. */
async function compiled(
  experiment: ResolvedExperiment,
  time: number,
  digest: string,
): Promise<number> {
  const job = { experiment, threads: 1, seed: SEED, warmUp: 0, time };
  const measured = await measure({ ...job, rehearsal: { experiment, time } });
  assert.equal(measured.digest, digest, 'results depend on what ran before');
  return measured.wall.simulate;
}

/** Holds for the experiment whatever the seed, but for the weights, which need time to part. */
function checkSeedResults(results: RunResults, ms: number): void {
  assert.ok(results.complete);
  const rateOf = (name: string): number =>
    results.populations.find((population) => population.name === name)?.rate ?? Number.NaN;
  const inputSd = Math.sqrt(INPUT_RATE / (INPUTS * ms * 1e-3));
  assert.ok(Math.abs(rateOf('input') - INPUT_RATE) < 5 * inputSd, 'input rate');
  assert.ok(rateOf('exc') > 0.5 && rateOf('exc') < 8, `exc fire at ${rateOf('exc')} spikes/s`);
  const recurrent = results.weights.find(({ connection }) => connection === 'exc-to-exc');
  assert.equal(recurrent?.final.length, 90);
  assert.ok(recurrent.final.every((weight) => weight >= 0 && weight <= 0.75));
  assert.ok(recurrent.final.some((weight, i) => weight !== recurrent.initial[i]));
}
