import { describe, expect, it } from 'vitest';
import { bareCode, findCycle, importedFile, importsOf, withoutComments } from './source.js';

describe('imports of a source', () => {
  const found = (source: string) =>
    importsOf(source).map(({ specifier, typeOnly }) =>
      typeOnly ? `type ${specifier}` : specifier,
    );

  it('finds every kind of import statement', () => {
    const source = [
      "import a from 'default';",
      "import { b } from './named.js';",
      "import {\n  c,\n  type D,\n} from './over-lines.js';",
      "import * as R from '../star.js';",
      "import 'side-effect';",
      "import type { E } from './erased.js';",
      "export { f } from './re-export.js';",
      "export * from './all.js';",
      "export type { G } from './erased-too.js';",
      "export const text = 'not a module';",
    ].join('\n');
    expect(found(source)).toEqual([
      'default',
      './named.js',
      './over-lines.js',
      '../star.js',
      'side-effect',
      'type ./erased.js',
      './re-export.js',
      './all.js',
      'type ./erased-too.js',
    ]);
  });

  it('finds imports in expressions and types', () => {
    expect(found("const lazy = () => import('./lazy.js');")).toEqual(['./lazy.js']);
    expect(found("type M = typeof import('./typed.js');")).toEqual(['type ./typed.js']);
  });

  it('leaves comments alone', () => {
    expect(found("// import a from 'a';\n/*\nimport b from 'b';\n*/")).toEqual([]);
  });

  it('tells which file is meant', () => {
    const specifier = (text: string) => ({ specifier: text, typeOnly: false });
    expect(importedFile('src/a/b.ts', specifier('../c/d.js'))).toBe('src/c/d.ts');
    expect(importedFile('src/a/b.ts', specifier('piscina'))).toBeUndefined();
  });
});

describe('bare code', () => {
  it('blanks comments and strings and keeps the lines', () => {
    const source = 'const a = \'Date\'; // Date\n/* Date\nDate */ const b = "Date";';
    const bare = bareCode(source);
    expect(bare).not.toContain('Date');
    expect(bare.split('\n')).toHaveLength(source.split('\n').length);
    expect(bare).toContain('const b =');
  });

  it('keeps code in the placeholders of templates', () => {
    const placeholder = (code: string): string => `$\{${code}}`;
    const inner = `\`${placeholder('Date')}\``;
    const template = `\`Date ${placeholder('process.pid')} ${placeholder(inner)} Date\``;
    const bare = bareCode(`const t = ${template}; exit();`);
    expect(bare).toContain('process.pid');
    expect(bare.match(/Date/g)).toHaveLength(1);
    expect(bare).toContain('exit();');
  });

  it('is not led astray by quotes in regular expressions', () => {
    const bare = bareCode("const q = /['\"`]/.test(s); Date.now(); const half = a / b; // it's");
    expect(bare).toContain('Date.now()');
    expect(bare).toContain('a / b');
    expect(bare).not.toContain('it');
  });

  it('keeps strings if only comments shall go', () => {
    expect(withoutComments("f('a // b'); // c")).toBe("f('a // b');     ");
  });
});

describe('cycles', () => {
  it('finds one and names its files', () => {
    const edges = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['b']],
    ]);
    expect(findCycle(edges)).toEqual(['b', 'd', 'b']);
  });

  it('takes two ways to one file for what they are', () => {
    const edges = new Map([
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['c', ['d']],
    ]);
    expect(findCycle(edges)).toBeUndefined();
  });
});
