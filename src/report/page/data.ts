/** Data of a page: JSON in which a typed array is its kind and its bytes in base64. */

/** Little endian, as every processor that runs a browser is. */
type Column = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/** As text for a script element of type application/json; `client/data.ts` reads it. */
export function encodeData(data: unknown): string {
  const text = JSON.stringify(data, (_key, value: unknown) =>
    isColumn(value) ? { kind: value.constructor.name, base64: base64Of(value) } : value,
  );
  // No name can end the element, nor begin a comment in it.
  return text.replaceAll('<', '\\u003c');
}

function isColumn(value: unknown): value is Column {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function base64Of({ buffer, byteOffset, byteLength }: Column): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/**
 * Whole numbers, mostly small, seven bits a byte, the lowest first; the top bit says that more
 * follow (LEB128).
 */
export class VariableLengthWriter {
  private bytes: Uint8Array;
  private length = 0;

  constructor(expected: number) {
    this.bytes = new Uint8Array(Math.max(expected, 16));
  }

  /** @param value 0 to 2^32 - 1 */
  write(value: number): void {
    if (this.length + 5 > this.bytes.length) {
      const longer = new Uint8Array(2 * this.bytes.length);
      longer.set(this.bytes);
      this.bytes = longer;
    }
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.bytes[this.length++] = (rest & 127) | 128;
    this.bytes[this.length++] = rest;
  }

  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}
