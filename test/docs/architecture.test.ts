/** ARCHITECTURE.md speaks of sources that are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
const files = ['src', 'workers', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
    (file) => `/${folder}/${file}`,
  ),
);

describe('ARCHITECTURE.md', () => {
  it('names files that exist', () => {
    const named = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !files.some((file) => file.endsWith(`/${name}`)))).toEqual([]);
    const folders = [...text.matchAll(/`([\w./-]+)\/`/g)].map(([, name]) => name!);
    expect(folders.filter((name) => !files.some((file) => file.includes(`/${name}`)))).toEqual([]);
    const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!);
    expect(links.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  it('has every folder of src/ in its table of layers', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    const table = text.slice(text.indexOf('| layer |'), text.indexOf('`src/index.ts`'));
    expect(folders.filter((folder) => !table.includes(`\`${folder}\``))).toEqual([]);
  });

  it('lists the purposes of all draws', () => {
    const purposes = files
      .filter((file) => file.startsWith('/src/') && file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(join(ROOT, file), 'utf8').matchAll(
          /(?:streamKey|ownStream)\([\w.]+, ['`]([^'`]+)['`]\)/g,
        ),
      ])
      .map(([, purpose]) => purpose!.replace(/\$\{\w+\}/, 'NAME'));
    expect(purposes.length).toBeGreaterThan(5);
    const listed = (purpose: string): boolean => text.includes(`\`${purpose}\``);
    const family = (purpose: string): string => purpose.replace(/\w+$/, 'NAME');
    expect(purposes.filter((one) => !listed(one) && !listed(family(one)))).toEqual([]);
  });
});
