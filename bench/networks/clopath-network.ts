/**
 * The seed experiment's network, `scale` times as many neurons on the same 500 inputs: 10 scale
 * excitatory and 3 scale inhibitory ones, with recurrent weights divided by `scale`. At scale 1 it
 * is the network of config/clopath-bidirectional.json.
 */

import { type GaussianRate, gaussianRates } from '../../src/experiment/stimulus.js';
import {
  type NodeCollection,
  normal,
  ownStream,
  type Simulation,
  uniform,
} from '../../src/index.js';

export interface ClopathNetwork {
  readonly scale: number;
  readonly exc: NodeCollection;
  readonly inh: NodeCollection;
  readonly inputs: NodeCollection;
  readonly generators: NodeCollection;
}

export const INPUTS = 500;
/** Mean over the inputs in spikes/s: the profile's area, 30 x 1.75 x 10 sqrt(2 pi), over all of them. */
export const INPUT_RATE = 2.63;
export const DELAY_MS = 0.1;
const NEURON = {
  V_peak: 20,
  A_LTP: 8e-6,
  A_LTD: 14e-6,
  A_LTD_const: false,
  b: 0.0805,
  u_ref_squared: 3600,
};
/** Profile of the input rates, its centre drawn anew every interval. */
const PROFILE: GaussianRate = {
  kind: 'gaussian_rate',
  population: 'inputs',
  amplitude: 30,
  sigma: 10,
  factor: 1.75,
  centers: [],
};
const INTERVAL_MS = 100;
const CENTERS = 10;

/** Nodes, the inputs' Poisson trains among them; no neuron is connected yet. */
export async function createClopathNodes(sim: Simulation, scale: number): Promise<ClopathNetwork> {
  const network = {
    scale,
    exc: sim.create('aeif_psc_delta_clopath', 10 * scale, NEURON),
    inh: sim.create('aeif_psc_delta_clopath', 3 * scale, NEURON),
    inputs: sim.create('parrot_neuron', INPUTS),
    generators: sim.create('poisson_generator', INPUTS),
  };
  network.exc.set({ V_m: normal(-60, 25) });
  network.inh.set({ V_m: normal(-60, 25) });
  sim.copyModel('clopath_synapse', 'input_to_exc', { Wmax: 3, delay: DELAY_MS });
  sim.copyModel('clopath_synapse', 'exc_to_exc', { Wmax: 0.75 / scale, delay: DELAY_MS });
  await sim.connect(network.generators, network.inputs, 'one_to_one', { delay: DELAY_MS });
  return network;
}

export async function connectPlastic(
  sim: Simulation,
  { scale, exc, inputs }: ClopathNetwork,
): Promise<void> {
  await sim.connect(
    exc,
    exc,
    { rule: 'all_to_all', allow_autapses: false },
    { synapse_model: 'exc_to_exc', weight: 0.25 / scale },
  );
  await sim.connect(inputs, exc, 'all_to_all', {
    synapse_model: 'input_to_exc',
    weight: uniform(0.5, 2),
  });
}

export async function connectFixed(
  sim: Simulation,
  { scale, exc, inh, inputs }: ClopathNetwork,
): Promise<void> {
  await sim.connect(inputs, inh, 'all_to_all', { weight: uniform(0, 0.5), delay: DELAY_MS });
  const recurrent = { weight: 1 / scale, delay: DELAY_MS };
  await sim.connect(exc, inh, { rule: 'fixed_indegree', indegree: 8 * scale }, recurrent);
  await sim.connect(inh, exc, { rule: 'fixed_outdegree', outdegree: 6 * scale }, recurrent);
}

export function plasticConnections(scale: number): number {
  const exc = 10 * scale;
  return exc * (exc - 1) + INPUTS * exc;
}

/** The generators' connections not included. */
export function fixedConnections(scale: number): number {
  const inh = 3 * scale;
  return INPUTS * inh + 8 * scale * inh + 6 * scale * inh;
}

/** A new network with all its connections. */
export async function buildClopathNetwork(sim: Simulation, scale: number): Promise<ClopathNetwork> {
  const network = await createClopathNodes(sim, scale);
  await connectPlastic(sim, network);
  await connectFixed(sim, network);
  return network;
}

/** Rates of the inputs in spikes/s, with the profile's centre at one of ten positions. */
export function inputRates(position: number): Float64Array {
  const spacing = INPUTS / CENTERS;
  return gaussianRates(PROFILE, INPUTS, spacing / 2 + position * spacing);
}

/** Draws those of one interval after the other. */
function ratesDrawn(seed: number): () => Float64Array {
  const draw = ownStream(seed, 'stimulus');
  return () => inputRates(Math.floor(draw() * CENTERS));
}

/** Schedules the rates of the protocol up to this time, so that one call of `simulate` can go through intervals. */
export function scheduleProtocol({ generators }: ClopathNetwork, seed: number, ms: number): void {
  const drawRates = ratesDrawn(seed);
  const times = Array.from({ length: Math.ceil(ms / INTERVAL_MS) }, (_, i) => i * INTERVAL_MS);
  generators.scheduleRates(times, times.map(drawRates));
}

/** Simulates the protocol: intervals of 100 ms, the centre moving in between. */
export function protocol(
  sim: Simulation,
  { generators }: ClopathNetwork,
  seed: number,
): (ms: number) => Promise<void> {
  const drawRates = ratesDrawn(seed);
  return async (ms) => {
    for (let left = ms; left > 0; left -= INTERVAL_MS) {
      generators.set({ rate: drawRates() });
      await sim.simulate(Math.min(left, INTERVAL_MS));
    }
  };
}
