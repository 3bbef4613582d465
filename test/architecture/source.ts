/** Reading sources just far enough to hold them to rules: what they import, and their bare code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface Import {
  /** As written: './file.js', 'node:fs', 'piscina'. */
  readonly specifier: string;
  /** Gone once compiled: `import type`, `export type`, and types written as `import('...').X`. */
  readonly typeOnly: boolean;
}

/** Files with an ending below those of the folders that exist, relative to the root, sorted. */
export function filesBelow(root: string, folders: readonly string[], ending: string): string[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => file.endsWith(ending))
    .sort();
}

export function readSource(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Import and export statements, and `import(...)` as a value or in a type. */
export function importsOf(source: string): Import[] {
  const bare = withoutComments(source);
  const statements = bare.matchAll(
    /^(?:import|export)\s+(type\b)?(?:[^'";]*?\bfrom\s+)?'([^']+)'/gm,
  );
  const calls = bare.matchAll(/(typeof\s+)?\bimport\(\s*'([^']+)'\s*\)/g);
  return [...statements, ...calls].map(([, type, specifier]) => ({
    specifier: specifier!,
    typeOnly: type !== undefined,
  }));
}

/** The file that a relative import of `file` means; undefined for packages. */
export function importedFile(file: string, { specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts');
}

/** The source with comments blanked; line breaks stay. */
export function withoutComments(source: string): string {
  return blanked(source, false);
}

/** The source with comments and the text of strings blanked; line breaks stay. */
export function bareCode(source: string): string {
  return blanked(source, true);
}

/** One token that must not be looked into: comment, string, template or regular expression. */
const OPAQUE =
  /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(?<=[(,=:[!&|?{};]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*)|`/g;

function blanked(source: string, strings: boolean): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
  let code = '';
  let at = 0;
  for (;;) {
    OPAQUE.lastIndex = at;
    const found = OPAQUE.exec(source);
    if (found === null) return code + source.slice(at);
    code += source.slice(at, found.index);
    const [text, comment] = found;
    const end = text === '`' ? endOfTemplate(source, found.index) : found.index + text.length;
    const token = source.slice(found.index, end);
    if (text === '`') code += strings ? blankTemplate(token, blank) : token;
    else code += comment !== undefined || strings ? blank(token) : token;
    at = end;
  }
}

/** What stands between the placeholders of a template is text, what stands in them is code. */
function blankTemplate(template: string, blank: (text: string) => string): string {
  return template.replace(
    /\$\{((?:[^{}`]|\{[^{}]*\}|`[^`]*`)*)\}|[^$]+|\$/g,
    (part, inner?: string) => (inner === undefined ? blank(part) : `  ${bareCode(inner)} `),
  );
}

function endOfTemplate(source: string, start: number): number {
  let depth = 0;
  for (let i = start + 1; i < source.length; i++) {
    const character = source[i];
    if (character === '\\') i++;
    else if (depth === 0 && character === '`') return i + 1;
    else if (depth === 0 && character === '$' && source[i + 1] === '{') {
      depth = 1;
      i++;
    } else if (depth > 0) {
      if (character === '{') depth++;
      else if (character === '}') depth--;
      else if (character === '`') i = endOfTemplate(source, i) - 1;
    }
  }
  return source.length;
}

/** The files of a cycle among `edges`, the first again at its end; undefined if there is none. */
export function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    const earlier = path.indexOf(file);
    if (earlier >= 0) return [...path.slice(earlier), file];
    if (done.has(file)) return undefined;
    for (const next of edges.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of edges.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
