/** The compiled command as a process of its own, and an experiment for it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/isospike.js', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** With files of so many KiB at most. */
export function limited(cwd: string, args: readonly string[], kib: number): Promise<Outcome> {
  const script = `ulimit -f ${kib}; exec "$@"`;
  return outcomeOf(spawn('bash', ['-c', script, 'bash', process.execPath, MAIN, ...args], { cwd }));
}

/** @param onStderr sees all of standard error so far, whenever more arrives */
export function isospike(
  cwd: string,
  args: readonly string[],
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Outcome> {
  return outcomeOf(spawn(process.execPath, [MAIN, ...args], { cwd }), onStderr);
}

function outcomeOf(
  child: ChildProcessWithoutNullStreams,
  onStderr: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    onStderr(stderr, (signal) => child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** Sends a signal once the text is seen on standard error. */
export function signalAt(...steps: readonly [text: string, signal: NodeJS.Signals][]) {
  const left = [...steps];
  return (stderr: string, kill: (signal: NodeJS.Signals) => void): void => {
    const [next] = left;
    if (next === undefined || !stderr.includes(next[0])) return;
    left.shift();
    kill(next[1]);
  };
}

/** A few neurons with plastic input, in 1 ms slices; everything is recorded. */
export const tiny = {
  name: 'tiny',
  populations: {
    generators: { model: 'poisson_generator', size: 20, params: { rate: 100 } },
    relays: { model: 'parrot_neuron', size: 20 },
    exc: { model: 'aeif_psc_delta_clopath', size: 4 },
    spikes: { model: 'spike_recorder' },
    changes: { model: 'weight_recorder' },
  },
  synapse_models: { plastic: { base: 'clopath_synapse', weight_recorder: 'changes' } },
  connections: [
    { source: 'generators', target: 'relays', conn_spec: 'one_to_one' },
    {
      source: 'relays',
      target: 'exc',
      syn_spec: { synapse_model: 'plastic', weight: 3 },
    },
    { source: ['relays', 'exc'], target: 'spikes' },
  ],
  protocol: [{ simulate: 100 }],
};

/** The same with so many connect calls more that building it takes a while. */
export function manyCalls(count: number, synapse: string) {
  const call = { source: 'relays', target: 'exc', syn_spec: synapse };
  return { ...tiny, connections: [...tiny.connections, ...Array(count).fill(call)] };
}
