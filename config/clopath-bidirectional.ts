/**
 * Bidirectional connections by the Clopath rule (Clopath et al., Nature Neuroscience 13 (2010)
 * 344-352, fig. 5), as a program. `clopath-bidirectional.json` describes the same experiment as data;
 * both give the same spikes and weights, bit for bit.
 *
 *   node dist/config/clopath-bidirectional.js [DURATION_MS] [THREADS]
 *
 * Ten excitatory and three inhibitory neurons are connected at random and driven by 500 Poisson
 * inputs. The rates of the inputs follow a Gaussian profile, whose centre jumps every 100 ms to one
 * of ten equally spaced positions. Inputs that are active together come to drive the same neurons,
 * and neurons that fire together come to excite each other in both directions.
 */
import { exp, normal, ownStream, simulation, uniform } from 'isospike';

// Parameters
const simulation_time = Number(process.argv[2] ?? 1e4); // ms
const threads = Number(process.argv[3] ?? 1); // they change no result
const rng_seed = 1;
const resolution = 0.1; // ms
const delay = resolution;

// Profile of the rates
const pg_A = 30; // amplitude, in spikes/s
const pg_sigma = 10; // standard deviation, in inputs

const sim = simulation({ resolution, rng_seed, local_num_threads: threads });

// Neurons and devices
const nrn_model = 'aeif_psc_delta_clopath';
const nrn_params = {
  V_m: -30.6,
  g_L: 30,
  w: 0,
  tau_u_bar_plus: 7,
  tau_u_bar_minus: 10,
  tau_w: 144,
  a: 4,
  C_m: 281,
  Delta_T: 2,
  V_peak: 20,
  t_clamp: 2,
  A_LTP: 8e-6,
  A_LTD: 14e-6,
  A_LTD_const: false,
  b: 0.0805,
  u_ref_squared: 60 * 60,
};
const pop_exc = sim.create(nrn_model, 10, nrn_params);
const pop_inh = sim.create(nrn_model, 3, nrn_params);
// Relays, because synapses out of a generator cannot be plastic
const pop_input = sim.create('parrot_neuron', 500);
const pg = sim.create('poisson_generator', 500);
const wr = sim.create('weight_recorder');

// Generators to relays
await sim.connect(pg, pop_input, 'one_to_one', {
  synapse_model: 'static_synapse',
  weight: 1,
  delay,
});

// Inputs to excitatory neurons
sim.copyModel('clopath_synapse', 'clopath_input_to_exc', { Wmax: 3 });
const conn_dict_input_to_exc = { rule: 'all_to_all' };
const syn_dict_input_to_exc = {
  synapse_model: 'clopath_input_to_exc',
  weight: uniform(0.5, 2),
  delay,
};
await sim.connect(pop_input, pop_exc, conn_dict_input_to_exc, syn_dict_input_to_exc);

// Inputs to inhibitory neurons
const conn_dict_input_to_inh = { rule: 'all_to_all' };
const syn_dict_input_to_inh = { synapse_model: 'static_synapse', weight: uniform(0, 0.5), delay };
await sim.connect(pop_input, pop_inh, conn_dict_input_to_inh, syn_dict_input_to_inh);

// Among the excitatory neurons: these weights are the result
sim.copyModel('clopath_synapse', 'clopath_exc_to_exc', { Wmax: 0.75, weight_recorder: wr });
const syn_dict_exc_to_exc = { synapse_model: 'clopath_exc_to_exc', weight: 0.25, delay };
const conn_dict_exc_to_exc = { rule: 'all_to_all', allow_autapses: false };
await sim.connect(pop_exc, pop_exc, conn_dict_exc_to_exc, syn_dict_exc_to_exc);

// Excitatory to inhibitory neurons
const syn_dict_exc_to_inh = { synapse_model: 'static_synapse', weight: 1, delay };
const conn_dict_exc_to_inh = { rule: 'fixed_indegree', indegree: 8 };
await sim.connect(pop_exc, pop_inh, conn_dict_exc_to_inh, syn_dict_exc_to_inh);

// Inhibitory to excitatory neurons
const syn_dict_inh_to_exc = { synapse_model: 'static_synapse', weight: 1, delay };
const conn_dict_inh_to_exc = { rule: 'fixed_outdegree', outdegree: 6 };
await sim.connect(pop_inh, pop_exc, conn_dict_inh_to_exc, syn_dict_inh_to_exc);

// Initial potentials at random
pop_exc.set({ V_m: normal(-60, 25) });
pop_inh.set({ V_m: normal(-60, 25) });

// 100 ms at a time, the centre of the profile moving in between
const sim_interval = 100; // ms
const random = ownStream(rng_seed, 'stimulus');
for (let i = 0; i < Math.floor(simulation_time / sim_interval); i++) {
  const rates = new Float64Array(500);
  const pg_mu = 25 + Math.floor(random() * 10) * 50; // one of 25, 75, ..., 475
  for (let j = 0; j < 500; j++) {
    const distance = j - pg_mu;
    rates[j] = pg_A * exp((-1 * distance * distance) / (2 * pg_sigma * pg_sigma)) * 1.75;
  }
  pg.set({ rate: rates });
  await sim.simulate(sim_interval);
}

// Change of the weights, as a matrix: from neuron (down) by to neuron (across)
const exc_conns = await sim.getConnections({ source: pop_exc, target: pop_exc });
const weights = await exc_conns.get('weight');
const change = Array.from({ length: 10 }, () => new Float64Array(10));
weights.forEach((weight, c) => {
  const from = exc_conns.source[c]! - pop_exc.first;
  const to = exc_conns.target[c]! - pop_exc.first;
  change[from]![to] = weight - 0.25;
});

console.log('change of weights (mV), from neuron 1 to 10 (down) to neuron 1 to 10 (across)');
for (const row of change) console.log(Array.from(row, (dw) => dw.toFixed(4).padStart(8)).join(''));
console.log(`digest ${await sim.digest()}`);
