/** What a connect call is told that has its arguments in other places, or its ends the wrong way round. */
import { expect, test } from 'vitest';
import { UnknownKeyError, ValueError } from '../../src/errors/index.js';
import { AEIF, opening } from './opening.js';
import { type Anything, network, refuses, simulation } from './refusals.js';

const open = opening();

test.each<[Anything, RegExp]>([
  [{ weight: 3 }, /'weight'; it belongs to the synapse, the fourth argument/],
  [{ rule: 'one_to_one', synapse_model: 'stdp_synapse' }, /connect\(.*{ synapse_model: ... }\)/],
  [{ tau_plus: 10 }, /'tau_plus'; it belongs to the synapse/],
  [{ conn_spec: 'one_to_one' }, /'conn_spec'; .* connect\(pre, post, rule, synapse\)/],
  [{ rule: 'one_to_one', syn_spec: { weight: 3 } }, /'syn_spec'; .* arguments of their own/],
])('%j belongs elsewhere', async (rule, message) => {
  const { neurons } = await network;
  await refuses(UnknownKeyError, () => simulation.connect(neurons, neurons, rule), message);
});

test('nodes in the place of a rule or a synapse are refused', async () => {
  const { neurons } = await network;
  const nodes = neurons as Anything;
  await refuses(ValueError, () => simulation.connect(neurons, neurons, nodes));
  await refuses(ValueError, () => simulation.connect(neurons, neurons, 'all_to_all', nodes));
});

test('recorders and generators that stand on the wrong side are told the right one', async () => {
  const other = open();
  const nodes = other.create(AEIF, 2);
  const recorder = other.create('spike_recorder');
  const generator = other.create('dc_generator');
  const meter = other.create('multimeter', 1, { record_from: ['Vth'] });
  const told = (call: Promise<void>, message: string) => expect(call).rejects.toThrow(message);
  await told(
    other.connect(nodes, meter),
    'target: it has a call of its own, connect(multimeter, nodes)',
  );
  await told(
    other.connect(recorder, nodes),
    'spike_recorder (node 3) cannot be a source: it has a call of its own, connect(nodes, spike_recorder)',
  );
  await told(other.connect(nodes.concat(recorder), nodes), 'connect(nodes, spike_recorder)');
  await told(
    other.connect(nodes, generator),
    'dc_generator (node 4) cannot be a target: connect(dc_generator, nodes)',
  );
  await told(
    other.connect(meter, nodes),
    `unknown recordable 'Vth' of ${AEIF}; did you mean 'V_th'?`,
  );
});
