/** Results as a large run leaves them: millions of spikes and synapses, most of them recorded. */
import type { RunResults } from '../../../src/experiment/results.js';
import { seedResults } from '../seed-results.js';

const NEURONS = 4000;
const SPIKES = 5_000_000;
const INDEGREE = 250;
const EVENTS = 500_000;
const END = 10_000;

/** From 0 to below 1, the same at every call. (Not by the golden ratio: samples are taken by that.) */
const spread = (i: number): number => (i * Math.SQRT2) % 1;

export function largeResults(): RunResults {
  const times = Float64Array.from({ length: SPIKES }, (_, i) => {
    return Math.ceil(((i + 1) / SPIKES) * END * 10) / 10;
  });
  const senders = Uint32Array.from({ length: SPIKES }, (_, i) => {
    return 1 + Math.floor(spread(i) * NEURONS);
  });
  const synapses = NEURONS * INDEGREE;
  const source = Uint32Array.from({ length: synapses }, (_, i) => 1 + Math.floor(i / INDEGREE));
  const target = Uint32Array.from({ length: synapses }, (_, i) => {
    const block = NEURONS / INDEGREE;
    return 1 + (i % INDEGREE) * block + (Math.floor(i / INDEGREE) % block);
  });
  const initial = Float64Array.from({ length: synapses }, (_, i) => spread(i));
  const event = (i: number) => Math.floor(spread(i) * synapses);
  return {
    ...seedResults(),
    populations: [
      {
        name: 'exc',
        model: 'aeif_psc_delta_clopath',
        weightUnit: 'mV',
        firstId: 1,
        size: NEURONS,
        spiking: true,
        spikeCount: SPIKES,
        rate: (1000 * SPIKES) / NEURONS / END,
      },
    ],
    spikes: { senders, times },
    weightEvents: {
      times: Float64Array.from({ length: EVENTS }, (_, i) => times[i * (SPIKES / EVENTS)]!),
      senders: Uint32Array.from({ length: EVENTS }, (_, i) => source[event(i)]!),
      targets: Uint32Array.from({ length: EVENTS }, (_, i) => target[event(i)]!),
      weights: Float64Array.from({ length: EVENTS }, (_, i) => spread(7 * i)),
    },
    weights: [
      {
        connection: 'exc-to-exc',
        synapseModel: 'clopath_synapse',
        plastic: true,
        sourcePopulation: 'exc',
        targetPopulation: 'exc',
        source,
        target,
        delay: new Float64Array(synapses).fill(1),
        initial,
        final: initial.map((weight, i) => weight * (0.5 + spread(3 * i))),
      },
    ],
    stimulus: [],
  };
}
