/** How many threads a network is worth: an estimate from its description alone. */
import { MAX_THREADS } from '../simulation/process-numbers.js';
import { typicalCosts } from './costs.js';
import type { PlannedNetwork } from './network.js';
import { expectedRates } from './rates.js';
import { plannedTime } from './time.js';

/** Biological time for which it is estimated, in ms. */
const SAMPLE_MS = 1000;
/** More threads must win at least this fraction of the time, divided by their number, to be taken. */
const WORTHWHILE_GAIN = 0.2;

/**
 * The number of threads on which the network is estimated to take least time, at least 1 and at most
 * `cores` and MAX_THREADS; one that divides the number of virtual processes, if the experiment states
 * that. It cannot influence results.
 */
export function worthwhileThreads(network: PlannedNetwork, cores: number): number {
  const { total_num_virtual_procs: processes = 0 } = network.experiment.kernel;
  let best = 1;
  let bestTime = simulateSeconds(network, 1, cores);
  for (let threads = 2; threads <= Math.min(cores, MAX_THREADS); threads++) {
    if (processes % threads !== 0) continue;
    const time = simulateSeconds(network, threads, cores);
    if (time < bestTime * (1 - WORTHWHILE_GAIN / threads)) {
      best = threads;
      bestTime = time;
    }
  }
  return best;
}

function simulateSeconds(network: PlannedNetwork, threads: number, cores: number): number {
  const rates = expectedRates(network, SAMPLE_MS);
  const workplace = { threads, processes: threads, cores };
  return plannedTime(network, rates, SAMPLE_MS, workplace, typicalCosts(threads)).simulate;
}
