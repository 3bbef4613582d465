/** Edit distance (Levenshtein) between two words, with a cost of 1 per edit. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}

/**
 * The known word nearest to what a user typed, ignoring case, or undefined if none is near
 * enough (more than half of the letters differ) to be what they meant.
 */
export function closest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    // The distance is at least the difference in length.
    const least = Math.abs(word.length - candidate.length);
    if (least >= bestDistance || least > Math.max(word.length, candidate.length) / 2) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (best === undefined) return undefined;
  return bestDistance <= Math.max(word.length, best.length) / 2 ? best : undefined;
}

/** A sentence for error texts: `; did you mean 'V_m'?`, or nothing if no known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const suggestion = closest(word, known);
  return suggestion === undefined ? '' : `; did you mean '${suggestion}'?`;
}
