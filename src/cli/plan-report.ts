/** What the command says of a plan. */
import type { Plan } from '../planning/plan.js';
import { sizeOverride } from '../planning/size.js';
import { columns, duration } from '../report/index.js';

const HOW_KNOWN = {
  stated: 'as the file states',
  given: 'as its parameters say',
  follows: 'follows from its input',
  pilot: 'from a pilot run',
  assumed: 'assumed',
} as const;

/** For people. Ends with a line break. */
export function textOf(plan: Plan): string {
  const blocks = [
    title(plan),
    columns(populationRows(plan)),
    columns(connectionRows(plan)),
    columns(memoryRows(plan)),
    columns(timeRows(plan)),
    columns(activityRows(plan)),
    verdict(plan),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function title({ network, timeMs, fit, pilot }: Plan): string {
  const threads = fit.threads === 1 ? '1 thread' : `${fit.threads} threads`;
  const processes =
    fit.processes === fit.threads ? '' : `, total_num_virtual_procs ${fit.processes}`;
  const line = `${network.experiment.name}, ${duration(timeMs)} on ${threads}${processes}`;
  if (pilot === undefined) return line;
  const { size, simulatedMs } = pilot;
  const smaller = size === undefined ? '' : ` with ${size.parameter} = ${size.value}`;
  return `${line}\npilot run of ${duration(simulatedMs)}${smaller}`;
}

function populationRows({ network, rates }: Plan): string[][] {
  return [
    ['population', 'model', '>nodes', '>rate (spikes/s)', 'how it is known'],
    ...network.populations.map(({ name, model, block }) => {
      const own = [name, model.name, String(block.count)];
      const rate = rates.get(name);
      if (rate === undefined || model.kind === 'recorder') return [...own, '', ''];
      return [...own, rate.perNode.toFixed(2), HOW_KNOWN[rate.from]];
    }),
  ];
}

function connectionRows({ network }: Plan): string[][] {
  if (network.connections.length === 0) return [];
  return [
    ['connections', 'rule', 'synapse', '>number'],
    ...network.connections.map(({ name, call, count }) => [
      name,
      call.rule.rule,
      call.synapse.name,
      Math.round(count).toString(),
    ]),
  ];
}

function memoryRows({ fit: { memory, availableBytes } }: Plan): string[][] {
  const { perThread, total, totalBytes } = memory;
  const parts = Object.keys(total) as (keyof typeof total)[];
  const sum = Object.values(perThread).reduce((a, b) => a + b);
  return [
    ['memory (MB)', ...parts.map((part) => `>${part}`), '>all', '>available'],
    [
      'each thread',
      ...parts.map((part) =>
        part in perThread ? megabytes(perThread[part as keyof typeof perThread]) : '',
      ),
      megabytes(sum),
      '',
    ],
    [
      'in all',
      ...parts.map((part) => megabytes(total[part])),
      megabytes(totalBytes),
      megabytes(availableBytes),
    ],
  ];
}

function timeRows({ time }: Plan): string[][] {
  const { realTimeFactor, ...phases } = time;
  const names = ['build', 'simulate', 'update', 'exchange', 'deliver'] as const;
  return [
    [
      'time (s)',
      '>build',
      '>simulate',
      '>= update',
      '>+ exchange',
      '>+ deliver',
      '>real-time factor',
    ],
    ['', ...names.map((name) => twoDigits(phases[name])), twoDigits(realTimeFactor)],
  ];
}

function activityRows({ activity }: Plan): string[][] {
  const { neuronSteps, spikes, staticEvents, plasticEvents, generatorEvents } = activity;
  const numbers = [neuronSteps, spikes, staticEvents, plasticEvents, generatorEvents];
  return [
    [
      'per second of biological time',
      '>neuron-steps',
      '>spikes',
      '>static events',
      '>plastic events',
      '>generator events',
    ],
    ['', ...numbers.map(digits)],
  ];
}

function verdict({ fit, costsMeasured }: Plan): string {
  const busy = costsMeasured
    ? ''
    : 'measuring took too long: times are in part of a typical machine\n';
  return `${busy}${fit.misfit === undefined ? 'fits into memory' : `does not fit: ${fit.misfit.message}`}`;
}

function megabytes(bytes: number): string {
  const mb = bytes / 1e6;
  return mb < 10 ? mb.toFixed(1) : mb.toFixed(0);
}

/** Never with an exponent, but for what is next to nothing. */
function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/** Three digits, as people write them. */
function digits(value: number): string {
  return value < 1e6 ? String(Math.round(value)) : value.toExponential(2);
}

/** One JSON object for programs. Ends with a line break. */
export function jsonOf({
  network,
  rates,
  pilot,
  timeMs,
  fit,
  activity,
  time,
  calibrationSeconds,
  costsMeasured,
}: Plan): string {
  const { memory, misfit, instead } = fit;
  const object = {
    name: network.experiment.name,
    simulated_ms: timeMs,
    threads: fit.threads,
    total_num_virtual_procs: fit.processes,
    populations: network.populations.map(({ name, model, block }) => ({
      name,
      model: model.name,
      size: block.count,
      rate_per_s: rates.get(name)!.perNode,
      rate_known_from: rates.get(name)!.from,
    })),
    pilot: pilot && { simulated_ms: pilot.simulatedMs, size: pilot.size },
    connections: network.connections.map(({ name, call, count }) => ({
      name,
      rule: call.rule.rule,
      synapse_model: call.synapse.name,
      number: count,
    })),
    memory_bytes: {
      per_thread: memory.perThread,
      total: { ...memory.total, all: memory.totalBytes },
      largest_virtual_process: memory.segmentPeakBytes,
      available: fit.availableBytes,
    },
    per_second: {
      neuron_steps: activity.neuronSteps,
      spikes: activity.spikes,
      static_events: activity.staticEvents,
      plastic_events: activity.plasticEvents,
      generator_events: activity.generatorEvents,
    },
    time_s: {
      build: time.build,
      update: time.update,
      exchange: time.exchange,
      deliver: time.deliver,
      simulate: time.simulate,
    },
    real_time_factor: time.realTimeFactor,
    calibration_s: calibrationSeconds,
    costs_measured: costsMeasured,
    fits: misfit === undefined,
    ...(misfit && { misfit: misfit.message }),
    ...(misfit && {
      would_fit: {
        threads: instead.threads,
        set: instead.size && sizeOverride(instead.size),
      },
    }),
  };
  return `${JSON.stringify(object, null, 2)}\n`;
}
