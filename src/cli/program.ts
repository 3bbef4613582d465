/** Commands and options. What a command does is loaded when it is used, so that help is quick. */
import { Command, CommanderError } from 'commander';
import { version } from '../package/index.js';
import { failureText } from './failure.js';
import type { ModelsOptions } from './models.js';
import {
  collect,
  parseCount,
  parseSeed,
  parseThreadCounts,
  parseThreads,
  parseTime,
  parseWarmUp,
} from './options.js';
import type { PlanCommandOptions } from './plan.js';
import type { RunCommandOptions } from './run.js';
import type { ScaleCommandOptions } from './scale.js';

const PROGRAM_HELP = `
Examples:
  $ isospike run net.json                  run an experiment
  $ isospike plan net.json                 what a run would take in memory and time
  $ isospike plot results/net-001          draw figures and report of a run or a study again
  $ isospike scale net.json --threads 1,2  measure how a network scales
  $ isospike models iaf_psc_exp            equations and parameters of a model
  $ isospike run --help                    options of a run`;

const RUN_HELP = `
Results do not depend on the number of threads. Without --out they go to a new directory
results/NAME-001, -002, ...; NAME is the experiment's.

Ctrl-C ends the run at the next slice and writes what there is, marked incomplete; a second one
quits at once (files that are being written are finished first). If a run fails on its way, what was
recorded before is written likewise, with the error in run.json and in the report.

With --live a page on this machine shows spikes, weights, rates and times while the simulation runs,
and has buttons to pause, continue and stop it. Its address, with a secret in it, is printed on
standard error. Nothing of it changes a result, and closing the page never ends the run.

Examples:
  $ isospike run net.json --threads 4 --seed 42
  $ isospike run net.json --time 500 --out results/short --force
  $ isospike run net.json --set S=20 --set populations.exc.params.b=0.05
  $ isospike run net.json --live
  $ isospike run net.json --json | jq .digest

Exit status: 0 done, 1 error, 130 ended by Ctrl-C or from the page (143 by SIGTERM).`;

const SCALE_HELP = `
Every point (number of threads, seed, repeat) is measured in a process of its own, in an order in
which a drift of the machine's speed meets all numbers of threads alike. It first runs a smaller
version of the experiment a few times, so that code is compiled by then (not where there is
no smaller version, and the network takes long to build). The warm-up is discarded,
construction is told apart from propagation. A last run at the largest number of threads traces who
waits for whom over one second. Close other programs: they show in the times.

Strong scaling runs the same network on more threads. Weak scaling (--weak) multiplies a parameter of
the file by the number of threads, so that its value in the file, or by --set, is one thread's share.
Where in-degrees grow with the parameter, the work grows faster than the threads.

Results of the same network and seed must not depend on the number of threads: if digests differ, the
study says which and fails. Weak scaling runs the smallest network once more for each seed, on another
number of threads, so that there is something to compare; that run is in no figure and no table.

As in a run, every point gets as many virtual processes as it needs; if one cannot fit into memory, the
study is refused before any has run.

A new directory results/NAME-scaling-001, or --out, gets scaling.csv, threads.csv, machine.json,
study.json, report.html and the figures.

Ctrl-C ends the study and writes the points that are finished, marked incomplete.

Examples:
  $ isospike scale net.json --threads 1,2,4,8 --repeat 5
  $ isospike scale net.json --weak N --set N=10000 --threads 1,2,4 --time 1500

Exit status: 0 done, 1 error or different digests, 130 ended by Ctrl-C (143 by SIGTERM).`;

const PLAN_HELP = `
Times come from what single things cost on this machine, which is measured first. Rates of neurons are
those that the file expects (expected_rate), or those of a short pilot run of a smaller version: of the
experiment as it is, or with its size_parameter halved until a second or two suffice.

Exit status: 0 the run fits into memory, 1 it does not, or error.`;

/** Runs the command with these arguments and gives the exit status. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = createProgram((code) => {
    status = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    // commander has already said what it has to say.
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(failureText(error));
    return 1;
  }
}

function createProgram(setStatus: (status: number) => void): Command {
  const program = new Command('isospike')
    .description('Simulates spiking networks; results are the same bits on any number of threads.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .addHelpText('after', PROGRAM_HELP)
    .exitOverride();
  addRun(program, setStatus);
  addScale(program, setStatus);
  addPlan(program, setStatus);
  program
    .command('plot')
    .summary('draw figures and report of a run or a study again')
    .description(
      'Draws figures and report again: of a run from its results.msgpack, of a study from its study.json.',
    )
    .argument('<dir>', 'output directory of a run or a study')
    .action(async (directory: string) => (await import('./plot.js')).plot(directory));
  program
    .command('schema')
    .summary('print the JSON Schema of experiment files')
    .description('Prints the JSON Schema of experiment files, with which editors complete them.')
    .option('--out <file>', 'write it to a file')
    .action(async ({ out }: { out?: string }) => (await import('./schema.js')).schema(out));
  program
    .command('models')
    .summary('list models, or tell what one does')
    .description('Lists node and synapse models, or shows equations, parameters and state of one.')
    .argument('[name]', 'a model')
    .option('--file <file>', 'also the neuron models that an experiment file defines')
    .option('--markdown', 'all neuron models, as in docs/MODELS.md')
    .action(async (name: string | undefined, options: ModelsOptions) =>
      (await import('./models.js')).models(name, options),
    );
  return program;
}

function addRun(program: Command, setStatus: (status: number) => void): void {
  program
    .command('run')
    .summary('run an experiment')
    .description('Runs an experiment and writes spikes, weights and figures.')
    .argument('<file>', 'the experiment, a JSON file')
    .option('--threads <n>', 'worker threads, 1 to 64 (default: as many as pay)', parseThreads)
    .option('--seed <s>', "a whole number or a word, instead of the file's own", parseSeed)
    .option('--time <ms>', 'end at this biological time', parseTime)
    .option('--set <path=value>', 'change a value of the file; may be repeated', collect)
    .option('--out <dir>', 'output directory (default: a new one in results/)')
    .option('--force', 'replace the run that --out holds')
    .option('--live', 'show the running simulation on a local page; it tells the address')
    .option('--quiet', 'print errors only')
    .option('--json', 'print one JSON object instead of the summary')
    .option('--no-memory-check', 'run even if the plan says that memory does not suffice')
    .addHelpText('after', RUN_HELP)
    .action(async (file: string, options: RunCommandOptions) => {
      setStatus(await (await import('./run.js')).run(file, options));
    });
}

function addScale(program: Command, setStatus: (status: number) => void): void {
  program
    .command('scale')
    .summary('measure how an experiment scales with threads')
    .description('Measures an experiment on different numbers of threads and writes a report.')
    .argument('<file>', 'the experiment, a JSON file')
    .option(
      '--threads <list>',
      'numbers of threads (default: 1, 2, 4, ... cores)',
      parseThreadCounts,
    )
    .option(
      '--weak [parameter]',
      "let a parameter grow with the threads (the file's size_parameter)",
    )
    .option('--repeat <n>', 'repeats of each point', parseCount('--repeat'), 3)
    .option('--seeds <n>', "seeds: the file's and those after it", parseCount('--seeds'), 3)
    .option('--warm-up <ms>', 'biological time to discard', parseWarmUp, 500)
    .option('--time <ms>', 'end each point at this biological time', parseTime)
    .option('--set <path=value>', 'change a value of the file; may be repeated', collect)
    .option('--out <dir>', 'output directory (default: a new one in results/)')
    .option('--force', 'replace the study that --out holds')
    .option('--quiet', 'print errors only')
    .option('--no-memory-check', 'measure even if the plan says that memory does not suffice')
    .addHelpText('after', SCALE_HELP)
    .action(async (file: string, options: ScaleCommandOptions) => {
      setStatus(await (await import('./scale.js')).scale(file, options));
    });
}

function addPlan(program: Command, setStatus: (status: number) => void): void {
  program
    .command('plan')
    .summary('tell what a run would take')
    .description('Tells what a run would take in memory and time, before anything is built.')
    .argument('<file>', 'the experiment, a JSON file')
    .option('--threads <n>', 'worker threads, 1 to 64 (default: as many as pay)', parseThreads)
    .option('--time <ms>', 'plan a run that ends at this biological time', parseTime)
    .option('--set <path=value>', 'change a value of the file; may be repeated', collect)
    .option('--json', 'print one JSON object')
    .addHelpText('after', PLAN_HELP)
    .action(async (file: string, options: PlanCommandOptions) => {
      setStatus(await (await import('./plan.js')).plan(file, options));
    });
}
