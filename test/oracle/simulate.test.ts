/** What the reference networks do not contain: worked out by hand. */
import { describe, expect, test } from 'vitest';
import type { Parameters, Scenario, ScenarioConnection } from './scenario.js';
import { simulate } from './simulate.js';

const h = 0.5;

function scenario(
  models: readonly (readonly [string, Parameters?])[],
  connections: readonly ScenarioConnection[],
  rest: Partial<Scenario> = {},
): Scenario {
  const nodes = models.map(([model, params = {}], i) => ({ id: i + 1, model, params }));
  return { name: 'by hand', resolution: h, nodes, connections, simulate: 10, ...rest };
}

function link(
  source: number,
  target: number,
  weight = 1,
  delay = h,
  model = 'static_synapse',
): ScenarioConnection {
  return { source, target, weight, delay, model };
}

describe('spike generator', () => {
  const relayed = (params: Parameters, connections = [link(2, 1)]) =>
    simulate(scenario([['parrot_neuron'], ['spike_generator', params]], connections)).spikes.step;
  const spike_times = [1, 2, 3, 4];

  test('emits after start up to and including stop, all shifted by the origin', () => {
    expect(relayed({ spike_times })).toEqual([3, 5, 7, 9]);
    expect(relayed({ spike_times, start: 1, stop: 3 })).toEqual([5, 7]);
    expect(relayed({ spike_times, start: 1, stop: 2, origin: 1 })).toEqual([7]);
    expect(relayed({ spike_times, origin: 1 })).toEqual([5, 7, 9, 11]);
  });

  test('a relay counts multiplicities, repeated times and parallel connections', () => {
    expect(relayed({ spike_times: [1], spike_multiplicities: [3] })).toEqual([3, 3, 3]);
    expect(relayed({ spike_times: [1, 1] })).toEqual([3, 3]);
    expect(relayed({ spike_times: [1] }, [link(2, 1), link(2, 1, 0, 2 * h)])).toEqual([3, 4]);
  });

  test('spike weights are factors on the weight of the connection', () => {
    const params = { spike_times: [1], spike_weights: [-0.5], spike_multiplicities: [2] };
    const record = { interval: h, from: ['V_m'], nodes: [1] };
    const models = [['iaf_psc_delta'], ['spike_generator', params]] as const;
    const { traces } = simulate(scenario(models, [link(2, 1, 3)], { record }));
    expect(traces[1]!.V_m!.slice(0, 3)).toEqual([-70, -70, -73]);
    expect(traces[1]!.step!.at(-1)).toBe(20);
  });
});

describe('current generators', () => {
  const potentials = (model: string, params: Parameters, delay = h) => {
    const record = { interval: h, from: ['V_m'], nodes: [1] };
    const models = [['iaf_psc_delta'], [model, params]] as const;
    return simulate(scenario(models, [link(2, 1, 2, delay)], { record })).traces[1]!.V_m!;
  };
  /** Index of the first value that differs from rest, as a step. */
  const firstRise = (values: readonly number[]) => values.findIndex((V) => V !== -70) + 1;

  test('what is emitted in step n acts from step n + delay + 1', () => {
    expect(firstRise(potentials('dc_generator', { amplitude: 10, start: 2 }))).toBe(6);
    expect(firstRise(potentials('dc_generator', { amplitude: 10, start: 2 }, 3 * h))).toBe(8);
    expect(firstRise(potentials('dc_generator', { amplitude: 10, start: 1, origin: 1 }))).toBe(6);
    const steps = { amplitude_times: [2, 3], amplitude_values: [10, 0] };
    expect(firstRise(potentials('step_current_generator', steps))).toBe(6);
  });

  test('stop is the first step without current', () => {
    const V = potentials('dc_generator', { amplitude: 10, start: 2, stop: 3 });
    // Two steps of 20 pA (the weight is 2) towards E_L + tau_m / C_m I = -69.2 mV, then decay.
    const decay = Math.exp(-h / 10);
    expect(V[6]).toBeCloseTo(-69.2 - 0.8 * decay ** 2, 12);
    expect(V[7]).toBeCloseTo(-70 + (V[6]! + 70) * decay, 12);
  });
});

describe('connections', () => {
  const recorded = {
    clopath_rec: { base: 'clopath_synapse', params: { Wmax: 5 }, weight_recorder: true },
    stdp_rec: { base: 'stdp_synapse', params: {}, weight_recorder: true },
  };

  test('autapses and multapses', () => {
    const driven = { V_m: -20 };
    const connections = [
      link(1, 1, 2, h, 'clopath_rec'),
      link(1, 1, 1, 3 * h, 'clopath_rec'),
      link(1, 2, 1, h, 'stdp_rec'),
      link(1, 2, 1, h, 'stdp_rec'),
    ];
    const models = [['aeif_psc_delta_clopath', driven], ['iaf_psc_delta']] as const;
    const network = scenario(models, connections, { synapse_models: recorded });
    const { weight_events: events, final_weights } = simulate(network);
    expect(events.step).toEqual([1, 1, 1, 1]);
    expect(events.target).toEqual([1, 1, 2, 2]);
    expect(events.weight).toEqual([1, 2, 1, 1]);
    expect(final_weights).toEqual([
      [0, [2]],
      [1, [1]],
      [2, [1]],
      [3, [1]],
    ]);
  });

  test('a pair of spikes changes an STDP weight by the textbook amounts', () => {
    // Source spikes in steps 3 and 13, target in step 5 (the drive arrives then): delay 1 step.
    const models = [
      ['parrot_neuron'],
      ['iaf_psc_delta'],
      ['spike_generator', { spike_times: [1, 6] }],
      ['spike_generator', { spike_times: [2] }],
    ] as const;
    const connections = [link(3, 1), link(4, 2, 20), link(1, 2, 1, h, 'stdp_rec')];
    const network = scenario(models, connections, { synapse_models: recorded });
    const { spikes, weight_events } = simulate(network);
    expect(spikes).toEqual({ sender: [1, 2, 1], step: [3, 5, 13] });
    // lambda 0.01, Wmax 100, both time constants 20 ms: 5 + 1 - 3 steps after, 12 - 5 steps before.
    const potentiated = 0.01 + 0.01 * (1 - 0.01) * Math.exp((-3 * h) / 20);
    const depressed = potentiated - 0.01 * potentiated * Math.exp((-7 * h) / 20);
    expect(weight_events.weight[0]).toBe(1);
    expect(weight_events.weight[1]).toBeCloseTo(100 * depressed, 13);
  });

  test('mistakes are refused', () => {
    const one = (c: ScenarioConnection) => () =>
      simulate(scenario([['parrot_neuron'], ['spike_generator']], [c]));
    expect(one(link(2, 1, 1, 0.3))).toThrow(/0.3 ms is not a multiple of 0.5 ms/);
    expect(one(link(2, 1, 1, 0))).toThrow(/less than one step/);
    expect(one(link(1, 2))).toThrow(/takes no input/);
    expect(one(link(2, 1, 1, h, 'stdp_synapse'))).toThrow(/only static/);
    expect(one(link(1, 1, 1, h, 'clopath_synapse'))).toThrow(/no Clopath neuron/);
    expect(one(link(1, 1, 1, h, 'gap_junction'))).toThrow(/no synapse model/);
    expect(() => simulate(scenario([['iaf_psc_delta', { V_thr: 0 }]], []))).toThrow(/'V_thr'/);
    expect(() => simulate(scenario([], [], { simulate_parts: [4, 5] }))).toThrow(/do not add up/);
  });
});
