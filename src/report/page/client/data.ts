/** Reading what `encodeData` of the report wrote. */

const KINDS = { Uint8Array, Uint16Array, Uint32Array, Float32Array, Float64Array };

interface EncodedColumn {
  readonly kind: keyof typeof KINDS;
  readonly base64: string;
}

/** The data of this page. */
export function pageData(): unknown {
  return decodeData(document.getElementById('data')!.textContent!);
}

export function decodeData(text: string): unknown {
  return JSON.parse(text, (_key, value) => (isColumn(value) ? decodeColumn(value) : value));
}

function isColumn(value: unknown): value is EncodedColumn {
  if (typeof value !== 'object' || value === null) return false;
  return 'base64' in value && 'kind' in value && Object.keys(value).length === 2;
}

function decodeColumn({ kind, base64 }: EncodedColumn) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new KINDS[kind](bytes.buffer);
}

/** Numbers as `VariableLengthWriter` wrote them. */
export function readVariableLength(bytes: Uint8Array, count: number): Uint32Array {
  const values = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    values[i] = value;
  }
  return values;
}
