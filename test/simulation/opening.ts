/** Simulations that are closed at the end of each test, and what several tests build of them. */
import { afterEach } from 'vitest';
import type { WorkerTeam } from '../../src/parallel/worker-team.js';
import { Simulation, type SimulationOptions } from '../../src/simulation/index.js';

export function opening(): (options?: SimulationOptions, team?: WorkerTeam) => Simulation {
  const opened: Simulation[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((simulation) => simulation.close()));
  });
  return (options = {}, team = undefined) => {
    const simulation = new Simulation(options, team);
    opened.push(simulation);
    return simulation;
  };
}

export const AEIF = 'aeif_psc_delta_clopath';

/**
 * A network in which everything happens: Poisson and spike generators through parrots onto two
 * neurons, which are coupled by Clopath synapses. Ids: 1-3 parrots, 4-5 neurons, 6-7 generators.
 */
export async function smallNetwork(simulation: Simulation) {
  const parrots = simulation.create('parrot_neuron', 3);
  const neurons = simulation.create(AEIF, 2, { V_m: [-70, -65] });
  const noise = simulation.create('poisson_generator', 1, { rate: 2000 });
  const beat = simulation.create('spike_generator', 1, { spike_times: [5, 10, 20, 40] });
  await simulation.connect(noise, parrots.slice(0, 2));
  await simulation.connect(beat, parrots.at(2));
  await simulation.connect(parrots, neurons, 'all_to_all', {
    synapse_model: 'clopath_synapse',
    weight: 8,
    delay: 1.5,
  });
  await simulation.connect(
    neurons,
    neurons,
    { rule: 'all_to_all', allow_autapses: false },
    {
      synapse_model: 'clopath_synapse',
      weight: 3,
      delay: 1,
    },
  );
  return { parrots, neurons, noise, beat };
}
