/** The rules that ARCHITECTURE.md states about the sources, held. */
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  bareCode,
  filesBelow,
  findCycle,
  type Import,
  importedFile,
  importsOf,
  readSource,
  withoutComments,
} from './source.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders of src/ from top to bottom; those of one layer stand together. */
const LAYERS = [
  ['cli', 'live', 'report'],
  ['planning', 'scaling'],
  ['experiment', 'simulation'],
  ['parallel', 'recording'],
  ['engine'],
  ['models', 'connectivity'],
  ['random'],
  ['kernel'],
  ['math', 'memory'],
  ['errors', 'units', 'package'],
];

/** Imports within a layer that are meant to be. */
const SIDEWAYS = [
  'cli -> live',
  'cli -> report',
  'live -> report',
  'scaling -> planning',
  'experiment -> simulation',
  'units -> errors',
];

/** The command and the figures work on descriptions and results, never on a network. */
const HIDDEN_FROM_THE_TOP = ['parallel', 'recording', 'engine', 'connectivity', 'memory', 'random'];

/** Packages and Node modules that the lower folders may use; none unless said here. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  package: ['node:module', 'node:path'],
  parallel: ['node:fs', 'node:os', 'node:perf_hooks', 'node:worker_threads', 'piscina'],
  recording: ['node:crypto'],
  random: ['seedrandom'],
};
const LOWER = LAYERS.slice(3).flat();

/** Where a clock, ambient randomness or the process must not be within reach. */
const CLOSED = LAYERS.slice(4)
  .flat()
  .filter((folder) => folder !== 'errors');

/** What a result goes through: only operations that every processor and Node rounds alike. */
const EXACT = [...CLOSED, 'recording', 'simulation', 'experiment'];

/** Of Math, what the standard specifies to the bit, and sqrt, which hardware rounds correctly. */
const EXACT_MATH = /^([A-Z0-9_]+|abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc)$/;

/** What runs in a browser: it is compiled by itself and becomes text of pages. */
const BROWSER = 'src/report/page/client/';

const MOST_LINES = 400;

const sources = filesBelow(ROOT, ['src', 'workers'], '.ts');
const tests = filesBelow(ROOT, ['test'], '.test.ts');
const read = (file: string): string => readSource(ROOT, file);
const imports = new Map(sources.map((file) => [file, importsOf(read(file))]));

/** Folder of src/ that a file belongs to; the files beside the folders stand above all of them. */
function folderOf(file: string): string {
  const [top, folder, rest] = file.split('/');
  if (top === 'workers') return 'workers';
  return rest === undefined ? 'face' : folder!;
}

function layerOf(folder: string): number {
  return LAYERS.findIndex((layer) => layer.includes(folder));
}

function inFolders(folders: readonly string[]): string[] {
  return sources.filter((file) => folders.includes(folderOf(file)));
}

/** `file: what`, one for each import that a rule finds fault with. */
function faults(fault: (from: string, to: string, found: Import) => boolean): string[] {
  const all: string[] = [];
  for (const [file, found] of imports) {
    for (const one of found) {
      const target = importedFile(file, one);
      if (target === undefined) continue;
      if (fault(folderOf(file), folderOf(target), one)) all.push(`${file}: ${one.specifier}`);
    }
  }
  return all;
}

describe('layers', () => {
  it('hold every folder of src/', () => {
    const folders = new Set(sources.map(folderOf));
    expect([...folders].sort()).toEqual([...LAYERS.flat(), 'face', 'workers'].sort());
  });

  it('are imported from above only', () => {
    const upwards = faults((from, to) => {
      if (from === 'face') return false;
      if (from === 'workers') return to !== 'parallel';
      if (from === to || SIDEWAYS.includes(`${from} -> ${to}`)) return false;
      return layerOf(to) <= layerOf(from);
    });
    expect(upwards).toEqual([]);
  });

  it('have no import within one that is listed and not there', () => {
    const used = new Set<string>();
    faults((from, to) => {
      used.add(`${from} -> ${to}`);
      return false;
    });
    expect(SIDEWAYS.filter((pair) => !used.has(pair))).toEqual([]);
  });

  it('keep the network from the command and the figures', () => {
    const through = faults(
      (from, to) => LAYERS[0]!.includes(from) && HIDDEN_FROM_THE_TOP.includes(to),
    );
    expect(through).toEqual([]);
  });

  it('let the figures know of the experiment only what its results look like', () => {
    const files = [...imports].flatMap(([file, found]) =>
      folderOf(file) === 'report' ? found.map((one) => importedFile(file, one)) : [],
    );
    const ofExperiment = files.filter((file) => file?.startsWith('src/experiment/'));
    expect(new Set(ofExperiment)).toEqual(new Set(['src/experiment/results.ts']));
  });

  it('keep code for browsers apart', () => {
    const isFor = (file: string | undefined) => file?.startsWith(BROWSER) === true;
    const mixed = [...imports].flatMap(([file, found]) =>
      found
        .filter((one) => !one.typeOnly && isFor(importedFile(file, one)) !== isFor(file))
        .map((one) => `${file}: ${one.specifier}`),
    );
    expect(mixed).toEqual([]);
  });

  it('use packages and Node only where said', () => {
    const foreign = inFolders(LOWER).flatMap((file) =>
      imports
        .get(file)!
        .map(({ specifier }) => specifier)
        .filter((specifier) => !specifier.startsWith('.'))
        .filter((specifier) => !OUTSIDE[folderOf(file)]?.includes(specifier))
        .map((specifier) => `${file}: ${specifier}`),
    );
    expect(foreign).toEqual([]);
  });

  it('import files that exist, and none in a circle', () => {
    const edges = new Map(
      [...imports].map(([file, found]) => [
        file,
        found.filter(({ typeOnly }) => !typeOnly).flatMap((one) => importedFile(file, one) ?? []),
      ]),
    );
    const missing = [...edges].flatMap(([file, targets]) =>
      targets.filter((target) => !edges.has(target)).map((target) => `${file}: ${target}`),
    );
    expect(missing).toEqual([]);
    expect(findCycle(edges)).toBeUndefined();
  });
});

describe('sources', () => {
  interface MatchOptions {
    readonly wrong?: (text: string) => boolean;
    readonly code?: (source: string) => string;
  }

  /** `file:line: text` of every match in the code of the files. */
  function matches(
    files: readonly string[],
    pattern: RegExp,
    { wrong = () => true, code = bareCode }: MatchOptions = {},
  ): string[] {
    return files.flatMap((file) =>
      code(read(file))
        .split('\n')
        .flatMap((line, i) =>
          [...line.matchAll(pattern)]
            .filter(([text]) => wrong(text))
            .map(([text]) => `${file}:${i + 1}: ${text}`),
        ),
    );
  }

  it('have no clock, process or ambient randomness in the engine and below', () => {
    const ambient = /\b(Date|performance|process|setTimeout|setInterval|crypto|Math\.random)\b/g;
    expect(matches(inFolders(CLOSED), ambient)).toEqual([]);
  });

  it('compute results with operations that are the same bits everywhere', () => {
    const exact = inFolders(EXACT);
    // Strings count, too: kernels are written as text.
    const inexact = (text: string): boolean => !EXACT_MATH.test(text.slice('Math.'.length));
    expect(matches(exact, /\bMath\.\w+/g, { wrong: inexact, code: withoutComments })).toEqual([]);
    // Powers are left to the engine's own pow, but for powers of two.
    const ownPower = (text: string): boolean => !/^2 ?\*\*/.test(text);
    expect(matches(exact, /[\w.)\]]+ ?\*\*/g, { wrong: ownPower })).toEqual([]);
    expect(matches(exact, /\b(localeCompare|toLocale\w+|Intl)\b/g)).toEqual([]);
  });

  it('are short enough to be read', () => {
    const all = [...sources, ...filesBelow(ROOT, ['test', 'config', 'bench'], '.ts')];
    const long = all
      .map((file) => [file, read(file).split('\n').length - 1] as const)
      .filter(([, lines]) => lines > MOST_LINES)
      .map(([file, lines]) => `${file}: ${lines} lines`);
    expect(long).toEqual([]);
  });
});

describe('tests', () => {
  it('stand where the sources stand that they test, or say what they are about', () => {
    const astray = tests.filter((file) => {
      const tested = file.replace(/\.test\.ts$/, '.ts');
      // A test of a helper stands beside the helper.
      const known = [tested, tested.replace(/^test/, 'src')].some((path) =>
        existsSync(ROOT + path),
      );
      return LAYERS.flat().includes(file.split('/')[1]!) && !known && !/^\/\*\*/.test(read(file));
    });
    expect(astray).toEqual([]);
  });

  it('run every experiment that comes with the package', () => {
    const names = filesBelow(ROOT, ['config'], '.json').map((file) => basename(file, '.json'));
    const tested = tests
      .filter((file) => dirname(file) === 'test/config')
      .map((file) => basename(file, '.test.ts'));
    expect(tested).toEqual(expect.arrayContaining(names));
  });
});
