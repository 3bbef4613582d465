/**
 * Results as a run of the seed experiment leaves them, made from the recorded reference run
 * (test/fixtures/reference/seed-network-replay.json): real spikes, weights and weight events.
 */
import { readFileSync } from 'node:fs';
import type { RunResults, WeightColumns } from '../../src/experiment/results.js';

interface Synapses {
  source: number[];
  target: number[];
  weight: number[];
}

interface Replay {
  pre: Record<'input_exc' | 'input_inh' | 'exc_exc' | 'exc_inh' | 'inh_exc', Synapses>;
  post: {
    spikes: { sender: number[]; step: number[] };
    input_spikes: { sender: number[]; step: number[] };
    weight_recorder: { source: number[]; target: number[]; step: number[]; weight: number[] };
    input_exc_weight: number[];
    exc_exc_weight: number[];
  };
}

const replay = JSON.parse(
  readFileSync(new URL('../fixtures/reference/seed-network-replay.json', import.meta.url), 'utf8'),
) as Replay;

const RESOLUTION = 0.1;

/** Stamp in ms of a step, as the recorders compute it. */
const stamp = (step: number) => step * RESOLUTION;

function sorted(length: number, key: (i: number) => readonly number[]): number[] {
  const keys = Array.from({ length }, (_, i) => key(i));
  return Array.from({ length }, (_, i) => i).sort((a, b) => {
    for (let k = 0; k < keys[a]!.length; k++) {
      if (keys[a]![k] !== keys[b]![k]) return keys[a]![k]! - keys[b]![k]!;
    }
    return a - b;
  });
}

function weightColumns(
  name: string,
  [sourcePopulation, targetPopulation]: [string, string],
  { source, target, weight }: Synapses,
  final?: number[],
): WeightColumns {
  const order = sorted(source.length, (i) => [source[i]!, target[i]!]);
  return {
    connection: name,
    synapseModel: final ? `clopath_${name.replaceAll('-', '_')}` : 'static_synapse',
    plastic: final !== undefined,
    sourcePopulation,
    targetPopulation,
    source: Uint32Array.from(order, (i) => source[i]!),
    target: Uint32Array.from(order, (i) => target[i]!),
    delay: new Float64Array(source.length).fill(RESOLUTION),
    initial: Float64Array.from(order, (i) => weight[i]!),
    final: Float64Array.from(order, (i) => (final ?? weight)[i]!),
  };
}

function spikeColumns(): RunResults['spikes'] {
  const { spikes, input_spikes } = replay.post;
  const senders = [...spikes.sender, ...input_spikes.sender];
  const steps = [...spikes.step, ...input_spikes.step];
  const order = sorted(senders.length, (i) => [steps[i]!, senders[i]!]);
  return {
    senders: Uint32Array.from(order, (i) => senders[i]!),
    times: Float64Array.from(order, (i) => stamp(steps[i]!)),
  };
}

function weightEvents(): RunResults['weightEvents'] {
  const { source, target, step, weight } = replay.post.weight_recorder;
  const order = sorted(source.length, (i) => [step[i]!, source[i]!, target[i]!]);
  return {
    senders: Uint32Array.from(order, (i) => source[i]!),
    targets: Uint32Array.from(order, (i) => target[i]!),
    times: Float64Array.from(order, (i) => stamp(step[i]!)),
    weights: Float64Array.from(order, (i) => weight[i]!),
  };
}

/** The reference does not store the centres: here the middle of the busiest stretch of 50 inputs. */
function stimulus(): RunResults['stimulus'] {
  const { sender, step } = replay.post.input_spikes;
  return Array.from({ length: 100 }, (_, interval) => {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < sender.length; i++) {
      const inside = step[i]! > interval * 1000 && step[i]! <= (interval + 1) * 1000;
      if (inside) counts[Math.floor((sender[i]! - 14) / 50)]!++;
    }
    const center = 25 + 50 * counts.indexOf(Math.max(...counts));
    return { population: 'generators', start: interval * 100, end: (interval + 1) * 100, center };
  });
}

function spikesOf(first: number, size: number): number {
  const senders = [...replay.post.spikes.sender, ...replay.post.input_spikes.sender];
  return senders.filter((s) => s >= first && s < first + size).length;
}

function population(name: string, model: string, firstId: number, size: number, spiking = true) {
  const spikeCount = spiking ? spikesOf(firstId, size) : 0;
  const weightUnit = spiking && !model.startsWith('parrot') ? 'mV' : '';
  return {
    name,
    model,
    weightUnit,
    firstId,
    size,
    spiking,
    spikeCount,
    rate: spikeCount / size / 10,
  };
}

export function seedResults(changes: Partial<RunResults> = {}): RunResults {
  const { pre, post } = replay;
  return {
    version: 4,
    name: 'clopath-bidirectional',
    description: 'Bidirectional connections by the Clopath rule',
    experiment: { name: 'clopath-bidirectional', resolution: RESOLUTION, parameters: { N: 10 } },
    rngSeed: 1,
    resolution: RESOLUTION,
    simulatedTime: 10_000,
    requestedTime: 10_000,
    complete: true,
    digest: '3b1f6a1d5a8c5f0e9b7d4c2a6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b',
    populations: [
      population('exc', 'aeif_psc_delta_clopath', 1, 10),
      population('inh', 'aeif_psc_delta_clopath', 11, 3),
      population('input', 'parrot_neuron', 14, 500),
      population('generators', 'poisson_generator', 514, 500, false),
    ],
    spikes: spikeColumns(),
    weightEvents: weightEvents(),
    traces: [
      {
        recorder: 'voltmeter',
        senders: Uint32Array.of(1, 2, 1, 2),
        times: Float64Array.of(0.1, 0.1, 0.2, 0.2),
        values: {
          V_m: Float64Array.of(-70.6, -65.25, -70.59999999999998, -1e-7),
          w: Float64Array.of(0, 0, 1.5, 2e22),
        },
        units: { V_m: 'mV', w: 'pA' },
      },
    ],
    weights: [
      weightColumns('input-to-exc', ['input', 'exc'], pre.input_exc, post.input_exc_weight),
      weightColumns('input-to-inh', ['input', 'inh'], pre.input_inh),
      weightColumns('exc-to-exc', ['exc', 'exc'], pre.exc_exc, post.exc_exc_weight),
      weightColumns('exc-to-inh', ['exc', 'inh'], pre.exc_inh),
      weightColumns('inh-to-exc', ['inh', 'exc'], pre.inh_exc),
    ],
    stimulus: stimulus(),
    threads: 1,
    versions: { isospike: '0.1.0', node: 'v20.0.0' },
    wallTimes: {
      build: 0.031,
      update: 0.62,
      wait: 0.001,
      exchange: 0.011,
      deliver: 0.044,
      record: 0.013,
      simulate: 0.71,
      total: 0.93,
    },
    threadTimes: [
      { build: 0.03, update: 0.62, wait: 0.001, exchange: 0.011, deliver: 0.044, record: 0.013 },
    ],
    ...changes,
  };
}
