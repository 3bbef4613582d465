/** The seed experiment as a program and as a file are one experiment. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';

const PROGRAM = fileURLToPath(
  new URL('../../dist/config/clopath-bidirectional.js', import.meta.url),
);
const FILE = fileURLToPath(new URL('../../config/clopath-bidirectional.json', import.meta.url));

async function runProgram(timeMs: number, threads: number) {
  const args = [PROGRAM, String(timeMs), String(threads)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const lines = stdout.trimEnd().split('\n');
  const digest = /^digest ([0-9a-f]{64})$/.exec(lines.at(-1)!)?.[1];
  const change = lines.slice(1, -1).map((line) => line.trim().split(/\s+/).map(Number));
  return { digest, change };
}

describe('the seed experiment', () => {
  // The command and the program each drive three neuron populations through 600 ms.
  it('gives the same bits as a program and as a file', async () => {
    const results = await runExperiment(await loadExperiment(FILE), { threads: 1, timeMs: 600 });
    const program = await runProgram(600, 2);
    expect(program.digest).toBe(results.digest);

    // Spikes, and by them the weights, must have had a part in it.
    const weights = results.weights.find(({ connection }) => connection === 'exc-to-exc')!;
    expect(results.populations.find(({ name }) => name === 'exc')!.spikeCount).toBeGreaterThan(0);
    const changed = weights.final.filter((final, i) => final !== weights.initial[i]);
    expect(changed.length).toBeGreaterThan(0);
    weights.source.forEach((source, i) => {
      const shown = program.change[source - 1]![weights.target[i]! - 1];
      expect(shown).toBe(Number((weights.final[i]! - weights.initial[i]!).toFixed(4)));
    });
  });

  it('depends on how long it runs', async () => {
    const [shorter, longer] = await Promise.all([runProgram(100, 1), runProgram(200, 1)]);
    expect(shorter.digest).not.toBe(longer.digest);
  });
});
