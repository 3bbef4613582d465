/**
 * What PyNEST's users reach for, and what does it here. Nothing that tools ask of any object may be among them, as
 * `size`, by which test runners tell sets.
 */

type Hints = ReadonlyMap<string, string>;

/** Attributes of NodeCollection that are no parameters. */
export const NODE_ATTRIBUTES: Hints = new Map([
  ['global_id', 'use nodes.ids, or nodes.first for one node'],
  ['tolist', 'use Array.from(nodes.ids)'],
  ['index', 'use Array.from(nodes.ids).indexOf(id)'],
  ['element_type', 'use nodes.model'],
]);

/** Attributes of SynapseCollection that are no parameters. */
export const CONNECTION_ATTRIBUTES: Hints = new Map([
  ['sources', 'use connections.source'],
  ['targets', 'use connections.target'],
]);

const KERNEL_STATUS = [
  ...['resolution', 'rng_seed', 'local_num_threads', 'total_num_virtual_procs'],
  ...['min_delay', 'max_delay', 'biological_time', 'network_size', 'num_connections'],
  ...['local_spike_counter', 'time_simulate', 'time_construction_connect'],
];

/** Functions and attributes of the module nest. */
export const KERNEL: Hints = new Map([
  ['Create', 'use sim.create(model, n, params)'],
  ['Connect', 'use await sim.connect(pre, post, conn_spec, syn_spec)'],
  ['CopyModel', 'use sim.copyModel(existing, name, params)'],
  ['SetDefaults', 'use sim.setDefaults(model, params)'],
  ['GetDefaults', 'use sim.getDefaults(model)'],
  ['GetConnections', 'use await sim.getConnections(source, target, synapse_model)'],
  ['SetStatus', 'use nodes.set(params), or await connections.set(params)'],
  ['GetStatus', 'use await nodes.get(names), or await connections.get(names)'],
  ['GetKernelStatus', 'use await sim.kernelStatus()'],
  ['SetKernelStatus', 'give options at the beginning: simulation({ rng_seed: ... })'],
  ['ResetKernel', 'use sim = await sim.resetKernel()'],
  ['Simulate', 'use await sim.simulate(ms)'],
  ['Prepare', 'use await sim.simulate(ms), which prepares what is new'],
  ['Run', 'use await sim.simulate(ms)'],
  ['run', 'use await sim.simulate(ms)'],
  ['Cleanup', 'leave it out, or use await sim.close() at the end'],
  ['RunManager', 'use await sim.simulate(ms) as often as needed'],
  ['node_models', 'use sim.nodeModels'],
  ['synapse_models', 'use sim.synapseModels'],
  ['connection_rules', 'use sim.connectionRules'],
  ...KERNEL_STATUS.map((name) => [name, `use (await sim.kernelStatus()).${name}`] as const),
]);
