/** All benchmarks, in the order of the table of results. */
import { barrier } from './barrier.js';
import type { AnyBenchmark } from './benchmark.js';
import { brunel } from './brunel.js';
import { definedNeuron } from './defined-neuron.js';
import { hhStep } from './hh-step.js';
import { largerSimulation, largeSimulation } from './large-simulation.js';
import { liveView } from './live-view.js';
import { neuronMemory } from './neuron-memory.js';
import { neuronStep } from './neuron-step.js';
import { phaseTiming } from './phase-timing.js';
import { planTime } from './plan-time.js';
import { plasticBuild } from './plastic-build.js';
import { plasticEvent, plasticEventWide } from './plastic-event.js';
import { plasticMemory } from './plastic-memory.js';
import { poissonInput } from './poisson-input.js';
import { profileLarge, profileSeed, profileStress } from './profile.js';
import { seedCommand } from './seed-command.js';
import { seedSimulation } from './seed-simulation.js';
import { sparseNetworks } from './sparse-network.js';
import { staticBuild } from './static-build.js';
import { staticEvent, staticEventSigned } from './static-event.js';
import { staticMemory } from './static-memory.js';
import { stepOverhead } from './step-overhead.js';
import { twoThreads, twoThreadsLarger } from './two-threads.js';

export const benchmarks: readonly AnyBenchmark[] = [
  neuronStep,
  hhStep,
  definedNeuron,
  plasticEvent,
  plasticEventWide,
  staticEvent,
  staticEventSigned,
  staticBuild,
  staticMemory,
  poissonInput,
  plasticBuild,
  plasticMemory,
  neuronMemory,
  seedSimulation,
  seedCommand,
  liveView,
  stepOverhead,
  brunel,
  phaseTiming,
  largeSimulation,
  largerSimulation,
  twoThreads,
  twoThreadsLarger,
  planTime,
  barrier,
  profileSeed,
  profileLarge,
  profileStress,
  ...sparseNetworks,
];
