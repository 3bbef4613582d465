/**
 * Spike pairing at several rates (Clopath et al., Nature Neuroscience 13 (2010) 344-352, fig. 2;
 * the experiment is that of Sjöström, Turrigiano and Nelson, Neuron 32 (2001) 1149-1164).
 *
 *   node dist/config/clopath-pairing.js [DIRECTORY]
 *
 * A presynaptic and a postsynaptic spike, 10 ms apart, are paired again and again at 10 to 50 Hz:
 * the postsynaptic one first, or the presynaptic one first. Whether the synapse is weakened or
 * strengthened depends on the order at low rates, and on the rate alone at high ones. Prints the
 * weights; in DIRECTORY, which is made if need be, it leaves them as a table and as a figure.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Params, simulation } from 'isospike';
import { curvesFigure, renderPng } from 'isospike/figures';

const resolution = 0.1; // ms
const delay = resolution;
const rates = [10, 20, 30, 40, 50]; // pairings per second
const initial_weight = 0.5;
/** The experiment repeats the train of pairings 15 times, far apart; each adds the same change. */
const trains = 15;

/**
 * Onsets of the first spikes in ms, and how many pairs. A weight changes when its source spikes: so
 * with the presynaptic spike first, a sixth one brings in what the fifth pair did.
 */
const orders = [
  { name: 'pre before post', pre: 40, post: 50, pairs: 6 },
  { name: 'post before pre', pre: 20, post: 10, pairs: 5 },
];

interface Model {
  readonly name: string;
  readonly title: string;
  readonly params: Params;
  /** What makes the neuron fire once: mV for the one, pA for the other. */
  readonly stimulus: number;
}

const models: readonly Model[] = [
  {
    name: 'aeif_psc_delta_clopath',
    title: 'Adaptive exponential integrate-and-fire',
    params: {
      V_m: -70.6,
      E_L: -70.6,
      V_peak: 33,
      C_m: 281,
      theta_minus: -70.6,
      theta_plus: -45.3,
      A_LTD: 14e-5,
      A_LTP: 8e-5,
      tau_u_bar_minus: 10,
      tau_u_bar_plus: 7,
      delay_u_bars: 4,
      a: 4,
      b: 0.0805,
      V_reset: -49.6,
      V_clamp: 33,
      t_clamp: 2,
      t_ref: 0,
    },
    stimulus: 80,
  },
  {
    name: 'hh_psc_alpha_clopath',
    title: 'Hodgkin-Huxley',
    params: {
      V_m: -64.9,
      C_m: 100,
      tau_syn_ex: 0.2,
      tau_syn_in: 2,
      theta_minus: -64.9,
      theta_plus: -35,
      A_LTD: 14e-5,
      A_LTP: 8e-5,
      tau_u_bar_minus: 10,
      tau_u_bar_plus: 114,
      delay_u_bars: 5,
    },
    stimulus: 2000,
  },
];

const sim = simulation({ resolution });

/** `pairs` times in ms, the first at `onset`, on the grid. */
function spikeTimes(onset: number, pairs: number, rate: number): number[] {
  const steps = (k: number) => Math.round((onset + (k * 1000) / rate) / resolution);
  return Array.from({ length: pairs }, (_, k) => steps(k) / Math.round(1 / resolution));
}

// All pairings side by side: a neuron each, with its own synapse.
const pairings = [];
for (const model of models) {
  for (const order of orders) {
    for (const rate of rates) {
      const neuron = sim.create(model.name, 1, model.params);
      const relay = sim.create('parrot_neuron'); // synapses out of a generator cannot be plastic
      const pre = sim.create('spike_generator', 1, {
        spike_times: spikeTimes(order.pre, order.pairs, rate),
      });
      const post = sim.create('spike_generator', 1, {
        spike_times: spikeTimes(order.post, order.pairs, rate),
      });
      await sim.connect(pre, relay, 'one_to_one', { weight: 1, delay });
      await sim.connect(post, neuron, 'one_to_one', { weight: model.stimulus, delay });
      await sim.connect(relay, neuron, 'one_to_one', {
        synapse_model: 'clopath_synapse',
        weight: initial_weight,
        delay,
      });
      pairings.push({ model, order, rate, neuron });
    }
  }
}

// Until the last spike of the slowest pairing has arrived; after its own last one, no weight changes.
await sim.simulate(600);

const results: { model: Model; order: string; rate: number; weight: number; percent: number }[] =
  [];
for (const { model, order, rate, neuron } of pairings) {
  const synapse = await sim.getConnections({ target: neuron, synapse_model: 'clopath_synapse' });
  const weight = (await synapse.get('weight'))[0]!;
  const percent = (100 * trains * (weight - initial_weight)) / initial_weight + 100;
  results.push({ model, order: order.name, rate, weight, percent });
}

const curves = models.flatMap((model) =>
  orders.map((order) => ({
    model,
    label: order.name,
    x: rates,
    y: results.filter((r) => r.model === model && r.order === order.name).map((r) => r.percent),
  })),
);

console.log(
  `normalized weight (%)                    ${rates.map((r) => `${r} Hz`.padStart(8)).join('')}`,
);
for (const { model, label, y } of curves) {
  const numbers = y.map((percent) => percent.toFixed(2).padStart(8)).join('');
  console.log(`${model.name.padEnd(24)}${label.padEnd(17)}${numbers}`);
}

const directory = process.argv[2];
if (directory !== undefined) {
  const figure = curvesFigure({
    panels: models.map((model) => ({
      title: model.title,
      curves: curves.filter((curve) => curve.model === model),
    })),
    xLabel: 'Pairing rate (Hz)',
    yLabel: 'Normalized weight (%)',
    xTicks: rates,
    reference: 100,
    description: 'Weight after spike pairing over the rate of pairings, in both orders',
  });
  const rows = results.map(
    ({ model, order, rate, weight, percent }) =>
      `${model.name},${order},${rate},${weight},${percent}\n`,
  );
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    ['clopath-pairing.csv', `model,order,rate_hz,weight,normalized_percent\n${rows.join('')}`],
    ['clopath-pairing.svg', figure],
    ['clopath-pairing.png', await renderPng(figure)],
  ];
  await mkdir(directory, { recursive: true });
  // What is there already is not replaced: that is an error.
  for (const [name, content] of files)
    await writeFile(join(directory, name), content, { flag: 'wx' });
}
