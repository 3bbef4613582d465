/** `npm run bench`: runs the benchmarks and prints what they give beside what is to be reached. */
import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { benchmarks } from './all.js';
import type { AnyBenchmark, Form } from './benchmark.js';
import { measure } from './measure.js';
import type { RunOutcome } from './messages.js';
import { machine, type Results, resultOf } from './results.js';
import { markdownTable, textTable } from './table.js';

interface Options {
  readonly short?: boolean;
  readonly only?: readonly string[];
  readonly runs?: number;
  readonly json?: string;
  readonly markdown?: boolean;
}

const DEFAULT_RUNS = 5;

function parseRuns(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 1) return runs;
  throw new InvalidArgumentError('a whole number from 1');
}

function selected(names: readonly string[] | undefined, form: Form): readonly AnyBenchmark[] {
  for (const name of names ?? []) {
    if (benchmarks.some((known) => known.name === name)) continue;
    const known = benchmarks.map((benchmark) => benchmark.name).join(', ');
    program.error(`there is no benchmark ${name}; there are ${known}`);
  }
  return benchmarks.filter(
    ({ name, takesLong = false }) => names?.includes(name) ?? (form === 'short' || !takesLong),
  );
}

/** Round by round, so that a slow minute of the machine is shared by all. */
async function runAll(chosen: readonly AnyBenchmark[], form: Form, runs: number): Promise<Results> {
  const here = machine();
  const outcomes = new Map<string, RunOutcome[]>(chosen.map(({ name }) => [name, []]));
  const failures = new Map<string, string[]>(chosen.map(({ name }) => [name, []]));
  for (let round = 1; round <= runs; round++) {
    for (const { name } of chosen) {
      process.stderr.write(`run ${round} of ${runs}: ${name}\n`);
      try {
        outcomes.get(name)!.push(await measure(name, form));
      } catch (error) {
        const { message } = error as Error;
        process.stderr.write(`${message}\n`);
        failures.get(name)!.push(message);
      }
    }
  }
  return {
    form,
    runs,
    machine: here,
    benchmarks: chosen.map((benchmark) => {
      const { name } = benchmark;
      return resultOf(benchmark, form, outcomes.get(name)!, failures.get(name)!);
    }),
  };
}

const program = new Command('npm run bench --')
  .description('Measure what isospike costs. A failed assertion, not a missed target, is an error.')
  .option('--short', 'small sizes, one run: shows that all benchmarks work')
  .option(
    '--only <names...>',
    'these benchmarks alone; some take minutes and run at full size only if named',
  )
  .option('--runs <number>', `runs of each, in rounds (default ${DEFAULT_RUNS})`, parseRuns)
  .option('--json <file>', 'write everything, each run included, to a file')
  .option('--markdown', 'print the table as Markdown')
  .parse();

const { short, only, runs, json, markdown } = program.opts<Options>();
const form = short ? 'short' : 'full';
const results = await runAll(selected(only, form), form, runs ?? (short ? 1 : DEFAULT_RUNS));
process.stdout.write(markdown ? markdownTable(results) : textTable(results));
if (json !== undefined) await writeFile(json, `${JSON.stringify(results, undefined, 2)}\n`);
for (const { name, failures } of results.benchmarks) {
  if (failures.length === 0) continue;
  process.exitCode = 1;
  // Once more, and whole: in a long log the last lines are those that are read.
  process.stderr.write(`${name} FAILED: ${failures.join('\n')}\n`);
}
