/** Conditions on several values, of which one slip should not break many. */
interface Named {
  /** The values that a check speaks of. */
  readonly names: readonly string[];
}

/**
 * Runs the checks that speak of given values; those that speak of a value with which another check has
 * failed already are left out, as the mistake is told by then.
 *
 * @param holds runs one and says whether it holds
 */
export function independent<Check extends Named>(
  checks: readonly Check[],
  given: Readonly<Record<string, unknown>>,
  holds: (check: Check) => boolean,
): void {
  const wrong = new Set<string>();
  for (const check of checks) {
    const own = check.names.filter((name) => Object.hasOwn(given, name));
    if (own.length === 0 || own.some((name) => wrong.has(name))) continue;
    if (holds(check)) continue;
    for (const name of own) wrong.add(name);
  }
}
