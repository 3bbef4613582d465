/** The pairing experiment gives the weights of the reference scenarios, and a figure. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../dist/config/clopath-pairing.js', import.meta.url));
const FIXTURES = new URL('../fixtures/reference/', import.meta.url);
const RATES = [10, 20, 30, 40, 50];

let parent: string;
let folder: string;
let printed: string;

async function runProgram(): Promise<string> {
  return (await promisify(execFile)(process.execPath, [PROGRAM, folder])).stdout;
}

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'isospike-pairing-'));
  folder = join(parent, 'made', 'on-demand');
  printed = await runProgram();
});

afterAll(() => rm(parent, { recursive: true, force: true }));

/** Weight by what stands before it in the table: model, order and rate. */
async function table(): Promise<Map<string, { weight: number; percent: number }>> {
  const [header, ...lines] = (await readFile(join(folder, 'clopath-pairing.csv'), 'utf8'))
    .trimEnd()
    .split('\n');
  expect(header).toBe('model,order,rate_hz,weight,normalized_percent');
  return new Map(
    lines.map((line) => {
      const [model, order, rate, weight, percent] = line.split(',');
      return [`${model} ${order} ${rate}`, { weight: Number(weight), percent: Number(percent) }];
    }),
  );
}

/** Final weight of each scenario: 0 to 4 with the postsynaptic spike first, 5 to 9 second. */
async function references(): Promise<[key: string, weight: number][]> {
  const all: [string, number][] = [];
  for (const model of ['aeif', 'hh']) {
    for (let i = 0; i < 10; i++) {
      const { scenario, expected } = JSON.parse(
        await readFile(new URL(`pairing-${model}-${i}.json`, FIXTURES), 'utf8'),
      );
      const order = i < 5 ? 'post before pre' : 'pre before post';
      const key = `${scenario.nodes[0].model} ${order} ${RATES[i % 5]}`;
      all.push([key, expected.final_weights[0][1][0]]);
    }
  }
  return all;
}

describe('the pairing experiment', () => {
  it('ends with the weights of the references', async () => {
    const weights = await table();
    const expected = await references();
    expect([...weights.keys()].sort()).toEqual(expected.map(([key]) => key).sort());
    for (const [key, weight] of expected) {
      expect(Math.abs(weights.get(key)!.weight - weight), key).toBeLessThan(1e-10);
    }
  });

  it('prints them normalized, as a percentage after 15 trains', async () => {
    const rows = printed.trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength(4);
    const weights = await table();
    for (const row of rows) {
      const [, name, numbers] = /^(\S+ +p\w+ before \w+) +(.*)$/.exec(row)!;
      const shown = numbers!.split(/ +/).map(Number);
      RATES.forEach((rate, i) => {
        const { weight, percent } = weights.get(`${name!.replace(/ +/, ' ')} ${rate}`)!;
        expect(percent).toBeCloseTo(100 * 15 * ((weight - 0.5) / 0.5) + 100, 9);
        expect(shown[i]).toBe(Number(percent.toFixed(2)));
      });
    }
  });

  it('shows what it was made to show', async () => {
    const weights = await table();
    const percent = (key: string) => weights.get(key)!.percent;
    for (const model of ['aeif_psc_delta_clopath', 'hh_psc_alpha_clopath']) {
      // The order decides at 10 Hz; at 50 Hz both strengthen.
      expect(percent(`${model} post before pre 10`)).toBeLessThan(100);
      expect(percent(`${model} pre before post 10`)).toBeGreaterThan(100);
      expect(percent(`${model} post before pre 50`)).toBeGreaterThan(130);
      expect(percent(`${model} pre before post 50`)).toBeGreaterThan(130);
    }
  });

  it('leaves a table and a figure, and replaces none', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'clopath-pairing.csv',
      'clopath-pairing.png',
      'clopath-pairing.svg',
    ]);
    const svg = await readFile(join(folder, 'clopath-pairing.svg'), 'utf8');
    expect(svg).toContain('Normalized weight (%)');
    expect(svg).toContain('Hodgkin-Huxley');
    const png = await readFile(join(folder, 'clopath-pairing.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    await expect(runProgram()).rejects.toThrow('EEXIST');
  });
});
