import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studyFigures } from '../../../src/report/study/figures.js';
import { studyPage } from '../../../src/report/study/page.js';
import type { Study } from '../../../src/scaling/study.js';
import { timelineOf } from '../../../src/scaling/timeline.js';
import { fitUsl, uslThroughput } from '../../../src/scaling/usl.js';
import { describeInBrowser } from '../../browser.js';
import { point, study, traces } from '../../scaling/studies.js';
import { contrasts, markContrasts } from '../page/contrasts.js';

function html(of: Study): string {
  return studyPage(of, studyFigures(of)).join('');
}

const fitted = fitUsl(
  [1, 2, 4, 8, 16].map((threads) => ({
    threads,
    seed: 1,
    value: uslThroughput(0.5, 0.04, 0.002, threads),
  })),
);

describe('studyPage', () => {
  it('gives the same bytes for the same study', () => {
    expect(html(study())).toBe(html(study()));
  });

  it('has the command, the machine and every point', () => {
    const page = html(study());
    expect(page).toContain('<code>npx isospike scale net.json --threads 1,2,4,8</code>');
    expect(page).toContain('A &lt;processor&gt;');
    expect(page.match(/<code>a{16}<\/code>/g)).toHaveLength(16);
    expect(page).toContain('Digests agree, whatever the number of threads.');
  });

  it('says why there is no fit, or what it found', () => {
    expect(html(study())).toContain('Not fitted: it was not.');
    const page = html(study({ usl: fitted }));
    expect(page).toContain('0.0400');
    expect(page).toContain('0.00200');
    expect(page).toContain('greatest at 21.9 threads');
  });

  it('says what was compared where networks grow', () => {
    const weak = (repeats: number, checks: Study['checks']) => {
      const all = Array.from({ length: repeats }, (_, i) => i + 1);
      const points = all.flatMap((repeat) =>
        [2, 4].map((threads) => point({ threads, repeat, size: 10 * threads })),
      );
      const sized = { kind: 'weak', sizeParameter: 'N', seeds: [1], points } as const;
      return html(study({ ...sized, checks }));
    };
    const check = { threads: 1, seed: 1, size: 20, digest: 'a'.repeat(64) };
    expect(weak(2, [check])).toContain(
      'Digests agree: N = 20 on 2 and on 1 threads, the latter for this comparison alone; repeats of every size agree, too.',
    );
    expect(weak(1, [check])).toContain(
      'larger networks ran on one number of threads, once for each seed.',
    );
    expect(weak(2, [])).toContain('Digests of repeats agree.');
    expect(weak(1, [])).toContain('so no digests were compared.');
  });

  it('does not claim a limit that the points do not show', () => {
    const noisy = [1, 2, 4, 8].flatMap((threads) =>
      [0.9, 1.1].map((factor) => ({
        threads,
        seed: 1,
        value: factor * uslThroughput(0.5, 0.04, 0.002, threads),
      })),
    );
    const page = html(study({ usl: fitUsl(noisy) }));
    expect(page).toMatch(/greatest at \S+ threads; but the interval of κ holds 0/);
    expect(html(study({ usl: fitted }))).not.toContain('holds 0');
  });

  it('warns of digests that differ, points that are missing, and a busy machine', () => {
    const points = [point({ threads: 1 }), point({ threads: 2 }, { digest: 'b'.repeat(64) })];
    const disagreements = [
      {
        seed: 1,
        digests: points.map(({ digest, threads }) => ({
          digest,
          points: [{ threads, seed: 1, repeat: 1 }],
        })),
      },
    ];
    const { machine } = study();
    const page = html(
      study({ points, disagreements, complete: false, machine: { ...machine, load: [3, 1, 1] } }),
    );
    expect(page).toContain('bbbbbbbbbbbb with threads 2 (repeat 1)');
    expect(page).not.toContain('igests agree');
    expect(page).toContain('Incomplete study: 2 of 16 points');
    expect(page).toContain('The machine was busy when the study began (load 3.0).');
  });

  it('stays below 10 MB, and says what it leaves out', () => {
    const threads = [1, 2, 4, 8, 16, 32, 64];
    const points = Array.from({ length: 300 }, (_, i) =>
      threads.map((count) => point({ threads: count, repeat: i + 1 })),
    ).flat();
    const experiment = { numbers: Array.from({ length: 200_000 }, (_, i) => i) };
    const timeline = timelineOf(traces(64, 100_000), 0, 1000);
    const page = html(study({ threads, points, experiment, timeline }));
    expect(page.length).toBeLessThan(1e7);
    expect(page).toContain('The first 1000 of 2100 points.');
    expect(page).toContain('The beginning of the experiment; all of it is in study.json');
    expect(page).toContain('first 16 of 64 threads');
  });
});

describeInBrowser('the report of a study', (open) => {
  let address: string;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isospike-study-page-'));
    const file = join(folder, 'report.html');
    await writeFile(file, html(study({ usl: fitted })));
    address = pathToFileURL(file).href;
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('opens without asking for anything, and without errors', async () => {
    const { page, requests, problems } = await open(address);
    expect(await page.locator('h1').textContent()).toBe('Strong scaling of net');
    expect(await page.locator('figure svg').count()).toBe(4);
    for (const figure of await page.locator('figure svg').all()) {
      const { width, height } = (await figure.boundingBox())!;
      expect(Math.min(width, height)).toBeGreaterThan(100);
    }
    expect(requests).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('can be read: contrast of text (%s)', async (colorScheme) => {
    const { page } = await open(address, { colorScheme });
    const found = await contrasts(page);
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('draws marks that stand out (%s)', async (colorScheme) => {
    const { page } = await open(address, { colorScheme });
    const found = await markContrasts(page);
    expect(found.length).toBeGreaterThan(40);
    expect(found.filter(({ ratio }) => ratio < 3)).toEqual([]);
  });

  it('fits a narrow screen and paper', async () => {
    const { page } = await open(address, { viewport: { width: 360, height: 640 } });
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBeLessThanOrEqual(360);
    // A4 without margins of 15 mm.
    await page.setViewportSize({ width: 680, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    expect(await width()).toBeLessThanOrEqual(680);
    const controls = page.locator('nav, .theme, .copy');
    for (const control of await controls.all()) expect(await control.isVisible()).toBe(false);
  });
});
