import { bitsOf, type Exact, errorInUlp, fromBits, step } from './exact.js';

/** Reproducible arguments: a 32-bit mixing generator (splitmix), exact on every machine. */
export class Points {
  constructor(private state: number) {}

  word(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** `count` numbers in [low, high), evenly spread. */
  uniform(count: number, low: number, high: number): number[] {
    const unit = () => (this.word() * 2097152 + (this.word() >>> 11)) / 9007199254740992;
    return Array.from({ length: count }, () => low + (high - low) * unit());
  }

  /** `count` numbers of any bits, denormal and infinite ones and NaN among them. */
  anyBits(count: number): number[] {
    return Array.from({ length: count }, () =>
      fromBits(BigInt.asIntN(64, (BigInt(this.word()) << 32n) | BigInt(this.word()))),
    );
  }

  /** `count` numbers whose bit patterns are evenly spread between those of 0 <= low < high. */
  patterns(count: number, low: number, high: number): number[] {
    const first = bitsOf(low);
    const span = bitsOf(high) - first;
    return Array.from({ length: count }, () => {
      const word = (BigInt(this.word()) << 32n) | BigInt(this.word());
      return fromBits(first + ((word * span) >> 64n));
    });
  }
}

export function negated(values: readonly number[]): number[] {
  return values.map((x) => -x);
}

/** x and its `reach` neighbours on either side. */
export function around(x: number, reach: number): number[] {
  return Array.from({ length: 2 * reach + 1 }, (_, i) => step(x, i - reach));
}

/** The greatest error of f over the arguments, in ulp, and where it is. */
export function worst<A extends readonly unknown[]>(
  f: (...args: A) => number,
  exact: (...args: A) => Exact,
  points: readonly A[],
): { error: number; at: A | undefined } {
  let error = -1;
  let at: A | undefined;
  for (const point of points) {
    const e = errorInUlp(f(...point), exact(...point));
    if (e > error) [error, at] = [e, point];
  }
  return { error, at };
}

export function each(values: readonly number[]): [number][] {
  return values.map((x) => [x]);
}

/** The arguments at which f falls from one double to the next, of those given. */
export function descents(f: (x: number) => number, values: readonly number[]): number[] {
  return values.filter((x) => !(f(step(x, 1)) >= f(x)));
}

/** FNV-1a over the 32-bit words of the results: changes if any bit of any of them does. */
export class Checksum {
  private hash = 0x811c9dc5;
  private readonly value = new DataView(new ArrayBuffer(8));

  add(x: number): void {
    this.value.setFloat64(0, x);
    for (const offset of [0, 4]) {
      this.hash = Math.imul(this.hash ^ this.value.getUint32(offset), 0x01000193);
    }
  }

  get hex(): string {
    return (this.hash >>> 0).toString(16).padStart(8, '0');
  }
}

export function checksumOf(f: (x: number) => number, values: readonly number[]): string {
  const checksum = new Checksum();
  for (const x of values) checksum.add(f(x));
  return checksum.hex;
}
