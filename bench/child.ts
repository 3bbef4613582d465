/** One run of one benchmark in a process of its own, so that no run meets what another left behind. */
import { benchmarks } from './all.js';
import type { Form, Outside } from './benchmark.js';
import { calibrate } from './calibration.js';
import type { FromChild, Memory, RunOutcome, ToChild } from './messages.js';

const [name, form] = process.argv.slice(2);

function send(message: FromChild): void {
  process.send!(message);
}

/** The parent looks: a process cannot see itself from outside. */
const outside: Outside = {
  memory: () =>
    new Promise<Memory>((resolve, reject) => {
      process.once('message', (answer: ToChild) => {
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer.memory);
      });
      send({ kind: 'memory' });
    }),
};

async function run(): Promise<RunOutcome> {
  const chosen = benchmarks.find((candidate) => candidate.name === name)!;
  const before = calibrate();
  const figures = await chosen.measureAs(form as Form, outside);
  const peakBytes = 1024 * process.resourceUsage().maxRSS;
  return { figures, nsPerExp: (before + calibrate()) / 2, peakBytes };
}

run()
  .then(
    (outcome) => send({ kind: 'outcome', outcome }),
    (error: Error) => send({ kind: 'failure', message: error.stack ?? error.message }),
  )
  .finally(() => process.disconnect());
