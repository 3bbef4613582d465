/**
 * Cases in which bits could depend on who owns which neurons, or on the length of slices, each as
 * small as it gets: what one neuron of a population needs must not depend on which others share its
 * worker, nor on what longer slices happen to keep.
 */
import { expect, test } from 'vitest';
import type { NodeCollection, Simulation } from '../../src/index.js';
import { keptThreads } from './kept-threads.js';

const kept = keptThreads();

const H = 0.1;

interface Nodes {
  readonly relays: NodeCollection;
  readonly exc: NodeCollection;
}

/** A case: 4 relays fed with explicit spikes, 4 neurons, and what is done with them. */
interface Case {
  /** Spike times of the generator, in steps. */
  readonly spikes: readonly number[];
  /** Delay of the relays' input, in ms: the shortest one. */
  readonly delay: number;
  readonly exc: Readonly<Record<string, number | readonly number[]>>;
  /** What the model 'recorded' is a copy of, if not of clopath_synapse. */
  readonly synapse?: string;
  run(simulation: Simulation, nodes: Nodes): Promise<void>;
}

/** They spike by themselves; only their initial states differ. */
const DRIVEN = { I_e: 900, V_m: [-75, -60, -55, -65] };
/** They do not adapt, and spike every few ms. */
const BUSY = { I_e: [2000, 2100, 2300, 2600], b: 0 };
const plastic = (values: object = {}) => ({ synapse_model: 'recorded', weight: 4, ...values });

async function outcome(one: Case, threads: number, forced: boolean) {
  const simulation = await kept.open({
    resolution: H,
    local_num_threads: threads,
    ...(forced ? { min_delay: H } : {}),
  });
  try {
    const spike_times = one.spikes.map((step) => step * H);
    const generator = simulation.create('spike_generator', 1, { spike_times });
    const relays = simulation.create('parrot_neuron', 4);
    const exc = simulation.create('aeif_psc_delta_clopath', 4, { ...DRIVEN, ...one.exc });
    const recorder = simulation.create('weight_recorder');
    simulation.copyModel(one.synapse ?? 'clopath_synapse', 'recorded', {
      weight_recorder: recorder,
    });
    await simulation.connect(generator, relays, 'all_to_all', { delay: one.delay });
    await one.run(simulation, { relays, exc });
    const weights = await (await simulation.getConnections()).get();
    return {
      weights,
      events: await recorder.events(),
      states: await exc.get(['V_m', 'w', 'z', 'V_th', 'u_bar_plus', 'u_bar_minus', 'u_bar_bar']),
      spikeCounts: await exc.spikeCounts(),
      digest: await simulation.digest(),
    };
  } finally {
    kept.keep(simulation);
  }
}

const EVERY_3_MS = Array.from({ length: 20 }, (_, i) => 11 + 30 * i);

const cases: Readonly<Record<string, Case>> = {
  'parameters differ from neuron to neuron': {
    spikes: EVERY_3_MS,
    delay: 0.1,
    exc: { I_e: [700, 800, 900, 1000] },
    async run(simulation, { relays, exc }) {
      await simulation.connect(relays, exc, 'all_to_all', plastic());
      await simulation.simulate(60);
    },
  },
  'a neuron gets its first plastic input later than others of its population': {
    spikes: EVERY_3_MS,
    delay: 0.1,
    exc: {},
    async run(simulation, { relays, exc }) {
      await simulation.connect(relays, exc.at(0), 'all_to_all', plastic());
      await simulation.simulate(20);
      await simulation.connect(relays, exc.at(1), 'all_to_all', plastic());
      await simulation.simulate(40);
    },
  },
  'A_LTP is negative for some neurons only': {
    spikes: EVERY_3_MS,
    delay: 0.1,
    exc: { A_LTP: [2e-4, -1e-4, 1e-4, 3e-4] },
    async run(simulation, { relays, exc }) {
      await simulation.connect(relays, exc, 'all_to_all', plastic());
      await simulation.simulate(60);
    },
  },
  'A_LTP becomes negative for some neurons': {
    spikes: EVERY_3_MS,
    delay: 0.1,
    exc: {},
    async run(simulation, { relays, exc }) {
      await simulation.connect(relays, exc, 'all_to_all', plastic());
      await simulation.simulate(20.5);
      exc.set({ A_LTP: [2e-4, -1e-4, 1e-4, 3e-4] });
      await simulation.simulate(40);
    },
  },
  'delay_u_bars grows for some neurons': {
    spikes: EVERY_3_MS,
    delay: 0.1,
    exc: { delay_u_bars: [7, 0, 0, 0] },
    async run(simulation, { relays, exc }) {
      await simulation.connect(relays, exc, 'all_to_all', plastic());
      await simulation.simulate(20);
      exc.set({ delay_u_bars: [7, 5, 5, 5] });
      await simulation.simulate(40);
    },
  },
  'a neuron gets a tau_x that others of its population already have': {
    spikes: EVERY_3_MS,
    delay: 0.1,
    exc: {},
    async run(simulation, { relays, exc }) {
      await simulation.connect(relays, exc, 'all_to_all', plastic());
      await simulation.connect(relays, exc.at(0), 'all_to_all', plastic({ tau_x: 7 }));
      await simulation.simulate(20);
      await simulation.connect(relays, exc.at(1), 'all_to_all', plastic({ tau_x: 7 }));
      await simulation.simulate(40);
    },
  },
  // Its first spike, in step 211, asks for step 170: longer slices happen to keep that.
  'a plastic synapse with a longer delay than before is added': {
    spikes: EVERY_3_MS,
    delay: 2,
    exc: {},
    async run(simulation, { relays, exc }) {
      await simulation.connect(relays, exc, 'all_to_all', plastic({ delay: 2 }));
      await simulation.simulate(20);
      await simulation.connect(relays, exc.at(1), 'all_to_all', plastic({ delay: 4.1 }));
      await simulation.simulate(40);
    },
  },
  'the same where others of the population have such a delay from the start': {
    spikes: EVERY_3_MS,
    delay: 2,
    exc: {},
    async run(simulation, { relays, exc }) {
      await simulation.connect(relays, exc, 'all_to_all', plastic({ delay: 2 }));
      await simulation.connect(relays, exc.at(0), 'all_to_all', plastic({ delay: 9 }));
      await simulation.simulate(20);
      await simulation.connect(relays, exc.at(1), 'all_to_all', plastic({ delay: 9 }));
      await simulation.simulate(40);
    },
  },
  // Slices of 30 steps, epochs of 80: at step 560 a silent row is settled, unless the slice goes on
  // to 570 and the spike of step 565 is delivered before that.
  'a spike ends a long silence in the slice in which the row is settled': {
    spikes: [20, 535],
    delay: 3,
    exc: { A_LTP: 2e-4, theta_plus: -70 },
    async run(simulation, { relays, exc }) {
      const syn = { tau_x: 1, delay: 3, weight: { distribution: 'uniform', min: 3, max: 9 } };
      await simulation.connect(relays, exc, 'all_to_all', plastic(syn));
      await simulation.simulate(80);
    },
  },
  'the same with negative A_LTP': {
    spikes: [20, 535],
    delay: 3,
    exc: { A_LTP: -2e-4, theta_plus: -70 },
    async run(simulation, { relays, exc }) {
      const syn = { tau_x: 1, delay: 3, weight: { distribution: 'uniform', min: 3, max: 9 } };
      await simulation.connect(relays, exc, 'all_to_all', plastic(syn));
      await simulation.simulate(80);
    },
  },
  'spikes of neurons that differ in tau_minus, which changes': {
    synapse: 'stdp_synapse',
    spikes: EVERY_3_MS,
    delay: 0.1,
    exc: { tau_minus: [5, 20, 20, 40] },
    async run(simulation, { relays, exc }) {
      await simulation.connect(relays, exc, 'all_to_all', plastic({ lambda: 0.1 }));
      await simulation.simulate(30);
      exc.set({ tau_minus: [20, 20, 30, 10] });
      await simulation.simulate(30);
    },
  },
  'a neuron gets its first stdp_synapse later than others of its population': {
    synapse: 'stdp_synapse',
    spikes: EVERY_3_MS,
    delay: 0.1,
    exc: {},
    async run(simulation, { relays, exc }) {
      await simulation.connect(relays, exc.at(0), 'all_to_all', plastic());
      await simulation.simulate(30);
      await simulation.connect(relays, exc, 'all_to_all', plastic({ tau_plus: 3 }));
      await simulation.simulate(30);
    },
  },
  'an stdp_synapse onto neurons of which some have Clopath synapses': {
    synapse: 'stdp_synapse',
    spikes: EVERY_3_MS,
    delay: 2,
    exc: {},
    async run(simulation, { relays, exc }) {
      const other = { synapse_model: 'clopath_synapse', delay: 3 };
      await simulation.connect(relays, exc.slice(1, 3), 'all_to_all', other);
      await simulation.simulate(30);
      await simulation.connect(relays, exc, 'all_to_all', plastic({ delay: 2 }));
      await simulation.simulate(30);
    },
  },
  // Spikes are forgotten every 30 steps, or every 40 in slices of 20.
  'an stdp_synapse with a longer delay than before is added': {
    synapse: 'stdp_synapse',
    spikes: EVERY_3_MS,
    delay: 2,
    exc: { ...BUSY, tau_minus: 40 },
    async run(simulation, { relays, exc }) {
      const syn = plastic({ tau_plus: 0.5, delay: 2, alpha: 5 });
      await simulation.connect(relays, exc, 'all_to_all', syn);
      await simulation.simulate(31);
      await simulation.connect(relays, exc, 'all_to_all', { ...syn, delay: 9 });
      await simulation.simulate(30);
    },
  },
  // Rows with the shorter windows are settled by then, and rows of the same process are looked at together.
  'a longer delay comes while sources of short windows are silent': {
    spikes: [50, 1300],
    delay: 0.1,
    exc: { ...BUSY, theta_plus: -60, A_LTP: 8e-4 },
    async run(simulation, { relays, exc }) {
      const syn = plastic({ delay: 2, tau_x: 2 });
      await simulation.connect(relays.at(0), exc.at(0), 'all_to_all', syn);
      await simulation.connect(relays.at(1), exc.at(1), 'all_to_all', { ...syn, tau_x: 0.5 });
      await simulation.simulate(103);
      await simulation.connect(relays.at(1), exc.at(3), 'all_to_all', { ...syn, delay: 10 });
      await simulation.simulate(50);
    },
  },
  'so does it for stdp_synapse': {
    synapse: 'stdp_synapse',
    spikes: [50, 1300],
    delay: 0.1,
    exc: BUSY,
    async run(simulation, { relays, exc }) {
      const syn = plastic({ delay: 2, tau_plus: 2 });
      await simulation.connect(relays.at(0), exc.at(0), 'all_to_all', syn);
      await simulation.connect(relays.at(1), exc.at(1), 'all_to_all', { ...syn, tau_plus: 40 });
      await simulation.simulate(103);
      await simulation.connect(relays.at(1), exc.at(3), 'all_to_all', { ...syn, delay: 10 });
      await simulation.simulate(50);
    },
  },
  'a longer delay comes where some keep entries for a silent source': {
    spikes: [50, 610, 620, 700],
    delay: 0.1,
    exc: { I_e: 1200, A_LTP: -2e-4, theta_plus: -75, b: 0, theta_minus: -80, delay_u_bars: 0 },
    async run(simulation, { relays, exc }) {
      const syn = plastic({ delay: 2, weight: 50 });
      await simulation.connect(relays.at(0), exc.at(0), 'all_to_all', { ...syn, delay: 0.1 });
      await simulation.connect(relays.at(1), exc.at(1), 'all_to_all', syn);
      await simulation.simulate(60);
      await simulation.connect(relays.at(1), exc.at(1), 'all_to_all', { ...syn, delay: 30 });
      await simulation.simulate(60);
    },
  },
  'A_LTP becomes negative after windows have closed': {
    spikes: [10, 570],
    delay: 3,
    exc: { I_e: [900, 1100, 1300, 1500], A_LTP: 4e-2, theta_plus: -75, b: 0, theta_minus: -80 },
    async run(simulation, { relays, exc }) {
      const syn = plastic({ delay: 3, Wmax: 1.7 });
      const alternate = async (tau_x: number, parity: number) => {
        for (const i of [parity, 2 + parity]) {
          const one = { ...syn, tau_x, weight: 0.1 + 0.13 * i };
          await simulation.connect(relays, exc.at(i), 'all_to_all', one);
        }
      };
      await alternate(1, 0);
      await alternate(0.5, 1);
      await simulation.simulate(53);
      exc.set({ A_LTP: -1e-4 });
      await simulation.simulate(20);
    },
  },
  // The windows of tau_plus 1 are 480 steps long, so their rows may be settled from step 1070 on;
  // silent rows are looked for in steps 600 and 1200, or 630 and 1260 in slices of 70.
  'weights and parameters are set during a long silence': {
    synapse: 'stdp_synapse',
    spikes: [20, 520, 1300, 1310],
    delay: 7,
    exc: BUSY,
    async run(simulation, { relays, exc }) {
      const syn = plastic({ tau_plus: 10, delay: 7, lambda: 0.1, Wmax: 8 });
      await simulation.connect(relays, exc, 'all_to_all', { ...syn, tau_plus: 1 });
      await simulation.connect(relays, exc, 'all_to_all', syn);
      await simulation.simulate(121);
      const found = await simulation.getConnections({ synapse_model: 'recorded' });
      await found.set({ weight: 1 });
      await simulation.simulate(4);
      await found.set({ tau_plus: 0.5, Wmax: 5, mu_plus: 0.4 });
      await found.set({ weight: 2 });
      await simulation.simulate(25);
    },
  },
};

test.each(Object.entries(cases))('%s', async (_, one) => {
  const expected = await outcome(one, 1, false);
  expect(expected.events.times.length).toBeGreaterThan(0);
  for (const [threads, forced] of [
    [1, true],
    [2, false],
    [4, true],
  ] as const) {
    const actual = await outcome(one, threads, forced);
    expect(actual, `${threads} threads, ${forced ? 'one-step' : 'natural'} slices`).toEqual(
      expected,
    );
  }
});

test.each([
  ['clopath_synapse', { tau_x: 2 }],
  ['clopath_synapse', { tau_x: 2, Wmax: 4 }],
  ['stdp_synapse', { tau_plus: 2, lambda: 0.02 }],
])('a longer delay onto another neuron does not change a %s', async (model, values) => {
  const weights: number[] = [];
  for (const longer of [false, true]) {
    const simulation = await kept.open();
    try {
      const exc = { ...BUSY, I_e: 2000, theta_plus: -60, A_LTP: 8e-4 };
      const neurons = simulation.create('aeif_psc_delta_clopath', 2, exc);
      const generator = simulation.create('spike_generator', 1, { spike_times: [5, 130] });
      const relays = simulation.create('parrot_neuron', 2);
      const synapse = { synapse_model: model, weight: 5, delay: 2, ...values };
      await simulation.connect(generator, relays.at(0));
      await simulation.connect(relays.at(0), neurons.at(0), 'all_to_all', synapse);
      await simulation.simulate(100);
      if (longer) {
        const other = { ...synapse, delay: 10 };
        await simulation.connect(relays.at(1), neurons.at(1), 'all_to_all', other);
      }
      await simulation.simulate(60);
      const found = await simulation.getConnections({ source: relays.at(0) });
      weights.push(...(await found.get('weight')));
    } finally {
      kept.keep(simulation);
    }
  }
  expect(weights[0]).not.toBe(5);
  expect(weights[1]).toBe(weights[0]);
});

test('the order of connections of a pair is that of their creation, on any number of threads', async () => {
  for (const threads of [1, 2]) {
    const simulation = await kept.open({ local_num_threads: threads });
    try {
      const [source] = simulation.create('parrot_neuron').ids;
      const { ids } = simulation.create('parrot_neuron', 80);
      // Twice in one call, in a long row of neighbours.
      const targets = [...ids, ids[39]!];
      const weight = targets.map((_, i) => i);
      await simulation.connect(
        targets.map(() => source!),
        targets,
        'one_to_one',
        { weight },
      );
      const found = await simulation.getConnections({ target: [ids[39]!] });
      expect(await found.get('weight')).toEqual(Float64Array.of(39, 80));
    } finally {
      kept.keep(simulation);
    }
  }
});

test('so is it for generators, whose connections of a pair differ in delay', async () => {
  const simulation = await kept.open();
  try {
    for (const model of ['poisson_generator', 'dc_generator', 'spike_generator']) {
      const [generator] = simulation.create(model).ids;
      const [neuron] = simulation.create('aeif_psc_delta_clopath').ids;
      const pre = [generator!, generator!, generator!];
      const post = [neuron!, neuron!, neuron!];
      const delay = [3, 1, 2];
      await simulation.connect(pre, post, 'one_to_one', { weight: [10, 20, 30], delay });
      const found = await simulation.getConnections({ target: [neuron!] });
      expect(await found.get('delay'), model).toEqual(Float64Array.from(delay));
    }
  } finally {
    kept.keep(simulation);
  }
});
