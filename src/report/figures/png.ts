/**
 * The few parts of the PNG format (ISO/IEC 15948) that are needed here: writing a matrix as an
 * image for embedding in SVG, and stating the physical resolution in a finished file.
 */
import { deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const TRUECOLOR = 2;
const HEADER_LENGTH = 13;

/** `rgb`: width * height * 3 bytes, row by row from the top. */
export function encodePng(width: number, height: number, rgb: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, TRUECOLOR, 0, 0, 0], 8);
  const stride = width * 3;
  // Each scan line starts with its filter type; 0 leaves the bytes as they are.
  const lines = Buffer.alloc((stride + 1) * height);
  for (let row = 0; row < height; row++) {
    lines.set(rgb.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The same image with its resolution stated, so that it is placed at its printed size. */
export function withResolution(png: Uint8Array, dpi: number): Buffer {
  const data = Buffer.alloc(9);
  const perMeter = Math.round(dpi / 0.0254);
  data.writeUInt32BE(perMeter, 0);
  data.writeUInt32BE(perMeter, 4);
  data[8] = 1; // the unit is the metre
  // pHYs belongs before the first IDAT; directly after IHDR is always right.
  const headerEnd = SIGNATURE.length + 12 + HEADER_LENGTH;
  return Buffer.concat([png.subarray(0, headerEnd), chunk('pHYs', data), png.subarray(headerEnd)]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const result = Buffer.alloc(data.length + 12);
  result.writeUInt32BE(data.length, 0);
  result.write(type, 4, 'latin1');
  result.set(data, 8);
  result.writeUInt32BE(crc32(result.subarray(4, data.length + 8)), data.length + 8);
  return result;
}

/** CRC-32 with the reversed polynomial EDB88320 (zlib.crc32 needs a newer Node than we ask for). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
