/** What earlier releases of NEST called things, where no likeness of the words tells. */
const FORMER: ReadonlyMap<string, string> = new Map([
  ['spike_detector', 'spike_recorder'],
  ['voltmeter', 'multimeter'],
  ['model', 'synapse_model'],
  ['autapses', 'allow_autapses'],
  ['multapses', 'allow_multapses'],
]);

/** Edit distance between two words: a letter more, less or another costs 1, and so do two that changed places. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j] + 1, current[j - 1] + 1));
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) current[j] = Math.min(current[j], before[j - 2] + 1);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length];
}

/** What is left of two names of parts, as `tau_syn_ex`, without the parts with which both begin and end. */
function differingParts(a: string, b: string): [string, string] {
  const x = a.split('_');
  const y = b.split('_');
  while (x.length > 0 && y.length > 0 && x[0] === y[0]) {
    x.shift();
    y.shift();
  }
  while (x.length > 0 && y.length > 0 && x.at(-1) === y.at(-1)) {
    x.pop();
    y.pop();
  }
  return [x.join('_'), y.join('_')];
}

/**
 * How far a word is from a name, infinitely if it can hardly be meant. Parts that both have say nothing: every
 * generator ends alike. Of the rest half of the letters may differ, unless one is the beginning of the other. A word
 * that has whole parts less or more, after the same beginning, is nearer than any that is spelt differently.
 */
function distance(word: string, name: string): number {
  if (word === name) return 0;
  const difference = Math.abs(word.length - name.length);
  const byParts = 1 - 1 / (1 + difference);
  if (word.startsWith(`${name}_`) || name.startsWith(`${word}_`)) return byParts;
  if (difference > Math.max(word.length, name.length) / 2) return Number.POSITIVE_INFINITY;
  const [x, y] = differingParts(word, name);
  if (x === '' || y === '') return word[0] === name[0] ? byParts : Number.POSITIVE_INFINITY;
  const edits = editDistance(x, y);
  const isNear = edits <= Math.max(x.length, y.length) / 2 || x.startsWith(y) || y.startsWith(x);
  return isNear ? edits : Number.POSITIVE_INFINITY;
}

/** The known word nearest to what a user typed, ignoring case, or undefined if none is near enough to be meant. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  const typed = word.toLowerCase();
  const former = FORMER.get(typed);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    if (candidate === former) return candidate;
    const away = distance(typed, candidate.toLowerCase());
    if (away < bestDistance) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best;
}

/** A sentence for error texts: `; did you mean 'V_m'?`, or nothing if no known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const suggestion = closest(word, known);
  return suggestion === undefined ? '' : `; did you mean '${suggestion}'?`;
}
