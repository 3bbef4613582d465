/** accumulator: a leaky sum of what arrives, from which a spike takes the threshold away. */
import { exp } from '../../src/math/index.js';
import { type ExactDynamics, exactNeuron } from '../../src/models/exact-neuron.js';
import { type NeuronModel, POSITIVE } from '../../src/models/spec.js';

export const accumulator: NeuronModel = {
  kind: 'neuron',
  name: 'accumulator',
  doc: 'Leaky sum with reset by subtraction',
  about: 'A leaky sum of what arrives (Stein, Biophys. J. 5 (1965) 173-194).',
  equations: { x: '-x / tau' },
  step: [
    'What arrived is added to x.',
    'x >= `threshold` means a spike, and x falls by `threshold`.',
  ],
  parameters: {
    tau: { default: 20, unit: 'ms', doc: 'time constant' },
    threshold: { default: 1, unit: '', doc: 'value of x that makes a spike' },
  },
  state: { x: { default: 0, unit: '', doc: 'sum', settable: true, recordable: true } },
  checks: [POSITIVE('tau'), POSITIVE('threshold')],
  input: 'sum',
  weightUnit: '',
  takesCurrent: false,
  kernel: (group) => exactNeuron(dynamics)(group),
};

const reads = ['threshold', 'decay'] as const;

const dynamics: ExactDynamics<(typeof reads)[number]> = {
  derived: { decay: { from: ['tau'], value: (v, h) => exp(-h / v.tau!) } },
  reads,
  step({ k, state: s, parameters: p, input }) {
    const sum = k.let(s.x!.mul(p.decay).add(input));
    const fired = sum.ge(p.threshold);
    return { state: { x: fired.select(sum.sub(p.threshold), sum) }, fired };
  },
};
