/**
 * Kernels of the built-in models as modules in a file, which the build writes, so that threads need not make them:
 * that takes each of them longer than to read them, and leaves V8 with much to compile that is never used again.
 * Neurons with other parameters of their own, and models of the user's, have kernels that are made when needed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { ConnectCall } from '../connectivity/connect-call.js';
import type { IdRange } from '../connectivity/id-set.js';
import { Cycle } from '../engine/cycle.js';
import { Engine } from '../engine/engine.js';
import { Partition } from '../engine/partition.js';
import { LEAST_TOGETHER } from '../engine/poisson-counts.js';
import { SoloExchange } from '../engine/spike-exchange.js';
import { Workspace } from '../engine/workspace.js';
import { assembled, type KernelSource, type ModuleImage } from '../kernel/module-image.js';
import { nodeModels, synapseModels } from '../models/registry.js';
import { defaultsOf } from '../models/spec.js';
import { packageFile } from '../package/index.js';
import { MAX_STEP } from '../units/index.js';

const FILE = 'dist/kernels.json';

/** A module in the file; all in base64, numbers as their bytes. */
interface Entry {
  readonly code: string;
  readonly constants: string;
  readonly places: string;
}

/** Written by the build: by the name of their set. */
export function writeKernels(): void {
  const entries = [...builtInKernels()].map(([set, { code, constants, places }]) => {
    const entry: Entry = { code: text(code), constants: text(constants), places: text(places) };
    return [set, entry] as const;
  });
  writeFileSync(packageFile(FILE), JSON.stringify(Object.fromEntries(entries)));
}

/** Gives what is in the file, and makes what is not. */
export function prebuiltKernels(): KernelSource {
  const entries = readEntries();
  return {
    image(set, kernels) {
      const entry = entries.get(set);
      return entry ? imageOf(entry) : assembled(kernels());
    },
  };
}

/** None if the file is missing or cut off: then all are made, which only takes longer. */
function readEntries(): Map<string, Entry> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(packageFile(FILE), 'utf8'))));
  } catch {
    return new Map();
  }
}

function imageOf({ code, constants, places }: Entry): ModuleImage {
  return {
    code: bytes(code),
    constants: new Float64Array(bytes(constants).buffer),
    places: new Uint32Array(bytes(places).buffer),
  };
}

function text({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
}

/** In a buffer of their own, where numbers are aligned. */
function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** Neurons of each model: as many as a generator's counts are drawn together for. */
const EACH = LEAST_TOGETHER;
const DELAY_STEPS = 1;

/** What a network of all neuron models needs, with synapses of every kind and busy generators; `resolution` changes none. */
export function builtInKernels(resolution = 0.1): Map<string, ModuleImage> {
  const images = new Map<string, ModuleImage>();
  const source: KernelSource = {
    image(set, kernels) {
      const image = assembled(kernels());
      images.set(set, image);
      return image;
    },
  };
  const engine = new Engine({
    partition: new Partition(0, 1),
    resolution,
    seed: 1,
    exchange: new SoloExchange(),
    workspace: new Workspace('wasm', source),
  });
  const models = [...nodeModels.values()].filter((model) => model.kind === 'neuron');
  const generator = { first: 1, count: 1 };
  const active = { after: 0, until: MAX_STEP };
  engine.createDevices(generator.first, [{ model: 'poisson_generator', meanPerStep: 1, active }]);
  const groups = models.map((model, i) => {
    const ids = { first: 2 + i * EACH, count: EACH };
    const values = { parameters: defaultsOf(model.parameters), state: defaultsOf(model.state) };
    engine.createNeurons({ model: model.name, firstId: ids.first, size: EACH, ...values });
    return { model, ids };
  });
  let calls = 0;
  const connect = (sources: IdRange, targets: IdRange, synapse: string): void => {
    engine.stageConnections(allToAll(calls++, sources, targets, synapse));
    engine.commitConnections();
  };
  for (const { model, ids } of groups) {
    connect(generator, ids, 'static_synapse');
    for (const synapse of synapseModels.values()) {
      const learns = synapse.archive !== 'clopath' || model.archive === 'clopath';
      if (learns && model.input !== 'count') connect(ids, ids, synapse.name);
    }
  }
  const nodes = groups.at(-1)!.ids.first + EACH - 1;
  const delays = { maxDelaySteps: DELAY_STEPS, plasticDelaySteps: DELAY_STEPS };
  engine.prepare({ nodes, sliceSteps: DELAY_STEPS, ...delays });
  new Cycle([engine.phases], () => 0).run(DELAY_STEPS, DELAY_STEPS);
  return images;
}

function allToAll(call: number, sources: IdRange, targets: IdRange, model: string): ConnectCall {
  const parameters = defaultsOf(synapseModels.get(model)!.parameters);
  return {
    call,
    rule: { rule: 'all_to_all', allow_autapses: true, allow_multapses: true },
    sources: [sources],
    targets: [targets],
    synapse: { name: model, model, weight: 1, delay: DELAY_STEPS, parameters, recorder: 0 },
  };
}
