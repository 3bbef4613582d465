/**
 * The code of a page as one script. A page opened as a file may not load modules, so the compiled
 * modules of `client/` are put together here, each in a function of its own.
 */
import { readFileSync } from 'node:fs';
import { packageFile } from '../../package/index.js';

const IMPORT = /^import \{([^}]*)\} from '\.\/([\w-]+)\.js';$/gm;
const EXPORT = /^export (?=(?:async )?(?:function|class|const) (\w+))/gm;

/** The script whose entry is `client/NAME.ts`, to be run once its page has been parsed. */
export function clientScript(name: string): string {
  const modules: string[] = [];
  addModule(name, [], modules);
  return `'use strict';\n(() => {\nconst modules = {};\n${modules.join('')}})();\n`;
}

/** Appends a module after those that it imports. */
function addModule(name: string, path: readonly string[], modules: string[]): void {
  if (path.includes(name)) throw new Error(`modules in a circle: ${[...path, name].join(', ')}`);
  const head = `modules['${name}'] = (() => {\n`;
  if (modules.some((done) => done.startsWith(head))) return;
  const source = readFileSync(compiledModule(name), 'utf8');
  for (const [, , imported] of source.matchAll(IMPORT)) {
    addModule(imported!, [...path, name], modules);
  }
  const exported = Array.from(source.matchAll(EXPORT), ([, declared]) => declared);
  const body = source
    .replace(IMPORT, (_, names: string, from: string) => {
      return `const {${names.replaceAll(' as ', ': ')}} = modules['${from}'];`;
    })
    .replace(EXPORT, '')
    .replace(/^export \{\};$/gm, '');
  const left = /^(?:import|export)\b.*|<\/script/m.exec(body);
  if (left) throw new Error(`${compiledModule(name)}: ${left[0]}`);
  modules.push(`${head}${body}return { ${exported.join(', ')} };\n})();\n`);
}

function compiledModule(name: string): string {
  return packageFile(`dist/src/report/page/client/${name}.js`);
}
