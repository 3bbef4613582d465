/** The variables of a kernel or routine. */
import type { Kernel, Routine, Statement } from './ir.js';

/** Names by kind, without the parameters. */
export interface Variables {
  readonly ints: Set<string>;
  readonly doubles: Set<string>;
  readonly words: Set<string>;
  readonly masks: Set<string>;
}

export function variablesOf({ body, parameters }: Kernel | Routine): Variables {
  const variables = {
    ints: new Set<string>(),
    doubles: new Set<string>(),
    words: new Set<string>(),
    masks: new Set<string>(),
  };
  collect(body, variables);
  for (const name of parameters) variables.ints.delete(name);
  return variables;
}

function collect(body: readonly Statement[], into: Variables): void {
  for (const s of body) {
    if (s.kind === 'set') into.doubles.add(s.name);
    if (s.kind === 'set-int') into.ints.add(s.name);
    if (s.kind === 'set-words') into.words.add(s.name);
    if (s.kind === 'set-mask') into.masks.add(s.name);
    if (s.kind === 'each') into.ints.add(s.at);
    if (s.kind === 'append' || s.kind === 'each-lane') into.ints.add(s.bits);
    if (s.kind === 'each' || s.kind === 'while-int' || s.kind === 'each-lane') {
      collect(s.body, into);
    }
    if (s.kind === 'if' || s.kind === 'if-int' || s.kind === 'if-any') collect(s.then, into);
    if (s.kind === 'if' || s.kind === 'if-int') collect(s.otherwise, into);
  }
}
