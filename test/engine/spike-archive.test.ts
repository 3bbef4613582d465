import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Decays } from '../../src/engine/decay.js';
import type { Engine } from '../../src/engine/engine.js';
import { SpikeArchive } from '../../src/engine/spike-archive.js';
import { SpikeArchive as LiteralArchive } from '../oracle/stdp-synapse.js';
import { advance, connectCall, makeEngine, neurons } from './in-process.js';

const IAF = 'iaf_psc_delta';

/** Neurons 1 and 2. */
function pair(given: Readonly<Record<string, number | Float64Array>> = {}): Engine {
  const engine = makeEngine();
  engine.createNeurons(neurons(IAF, 1, 2, given));
  return engine;
}

describe('the archive of spikes', () => {
  const TAU_MINUS = [2, 20];
  const spikes = fc.array(
    fc.record({ gap: fc.nat(30), of: fc.nat(1), q: fc.constantFrom(1, 1, 3) }),
    {
      minLength: 1,
      maxLength: 120,
    },
  );

  test('knows every trace and every spike that delays can still ask for', () => {
    fc.assert(
      fc.property(spikes, fc.integer({ min: 1, max: 40 }), (drawn, delay) => {
        const made = pair({ tau_minus: Float64Array.from(TAU_MINUS) });
        const archive = new SpikeArchive(made.groups[0], made.segment, new Decays());
        const literal = TAU_MINUS.map((tau) => new LiteralArchive(tau, 0.1));
        archive.activate([0, 1]);
        archive.resize(0, delay, 1);
        let step = 1;
        for (const { gap, of, q } of drawn) {
          step += gap;
          archive.note(of, step, q);
          for (let j = 0; j < q; j++) literal[of].record(step);
          for (const i of [0, 1]) {
            for (const asked of [step, Math.max(1, step - delay + 1)]) {
              const before = archive.latestUpTo(i, asked - 1);
              const expected = literal[i].traceBefore(asked);
              expect(archive.traceAt(i, before, asked)).toBeCloseTo(expected, 12);
              const last = literal[i].spikes.findLast((spike) => spike.step < asked);
              expect(archive.stepOfLatest(i, before)).toBe(last?.step ?? -(2 ** 31));
            }
          }
          archive.dropUpTo(archive.known.reach(step));
        }
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  test('keeps nothing of neurons without plastic input', () => {
    const made = pair();
    const archive = new SpikeArchive(made.groups[0], made.segment, new Decays());
    archive.activate([1]);
    for (const i of [0, 1]) archive.note(i, 5, 1);
    expect(archive.traceAt(0, archive.latestUpTo(0, 5), 5)).toBe(0);
    expect(archive.traceAt(1, archive.latestUpTo(1, 5), 5)).toBe(1);
  });
});

describe('memory stays what it is', () => {
  const DELAY = 10;

  /** A relay, node 3, that fires in the given steps, onto two neurons that fire at some 10 or 60 spikes/s. */
  function network(synapse: string, sourceSteps: readonly number[]): Engine {
    const engine = makeEngine();
    const V_m = Float64Array.of(-70, -60);
    const model = synapse === 'stdp_synapse' ? IAF : 'aeif_psc_delta_clopath';
    engine.createNeurons(neurons(model, 1, 2, { I_e: model === IAF ? 450 : 1200, V_m }));
    engine.createNeurons(neurons('parrot_neuron', 3, 1));
    const steps = Int32Array.from(sourceSteps);
    engine.createDevices(4, [
      {
        model: 'spike_generator',
        steps,
        factors: new Float64Array(steps.length).fill(1),
        multiplicities: new Int32Array(steps.length).fill(1),
        active: { after: 0, until: 2 ** 31 },
      },
    ]);
    const rule = { rule: 'all_to_all', allow_autapses: true, allow_multapses: true } as const;
    const connect = (from: number, to: number, count: number, model: string, delay: number) => {
      const [sources, targets] = [[{ first: from, count: 1 }], [{ first: to, count }]];
      engine.stageConnections(connectCall({ rule, sources, targets, model, delay }));
      engine.commitConnections();
    };
    connect(4, 3, 1, 'static_synapse', 1);
    connect(3, 1, 2, synapse, DELAY);
    return engine;
  }

  test.each<[string, string, number[]]>([
    ['while a source has never spiked', 'stdp_synapse', []],
    ['while a source has been silent since long ago', 'stdp_synapse', [50, 90]],
    ['while a source spikes now and then', 'stdp_synapse', [50, 70_000, 90_000, 150_000, 250_000]],
    ['while no synapse asks for spikes', 'clopath_synapse', []],
  ])('%s', { timeout: 20_000 }, (_, synapse, sourceSteps) => {
    const engine = network(synapse, sourceSteps);
    const plan = { nodes: 4, sliceSteps: 1, maxDelaySteps: DELAY, plasticDelaySteps: DELAY };
    advance(engine, 100_000, plan);
    const early = engine.segment.usedBytes;
    advance(engine, 200_000, plan);
    expect(engine.output.counts[0]).toBeGreaterThan(300);
    expect(engine.segment.usedBytes).toBe(early);
    // A window and an eighth, 1080 ms, holds some 130 spikes.
    expect(early).toBeLessThan(40_000);
  });
});
