/** What messages are made of. */

/** A value as far as a line can show it; never throws, whatever a user gave. */
export function show(value: unknown, depth = 0): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name}(${(value as Uint8Array).length})`;
  if (Array.isArray(value)) {
    if (value.length > 8 || depth > 2) return `an array of ${value.length}`;
    return `[${value.map((item) => show(item, depth + 1)).join(',')}]`;
  }
  const made = value.constructor;
  if (typeof made === 'function' && made !== Object) return `a ${made.name}`;
  try {
    return JSON.stringify(value);
  } catch {
    return 'an object that JSON cannot show';
  }
}

/** The names that would have been right, at the end of a message. */
export function listOf(known: readonly string[]): string {
  return known.length === 0 ? 'there are none' : `known: ${[...known].sort().join(', ')}`;
}
