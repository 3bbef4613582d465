import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeData, readVariableLength } from '../../../src/report/page/client/data.js';
import { encodeData, VariableLengthWriter } from '../../../src/report/page/data.js';

describe('data of a page', () => {
  it('comes back as it was, to the bit', () => {
    const columns = fc.oneof(
      fc.uint8Array(),
      fc.uint16Array(),
      fc.uint32Array(),
      fc.float32Array(),
      fc.float64Array(),
    );
    const data = fc.dictionary(fc.string(), fc.oneof(columns, fc.string(), fc.integer()));
    fc.assert(
      fc.property(data, (given) => {
        expect(decodeData(encodeData(given))).toEqual({ ...given });
      }),
    );
  });

  it('takes parts of arrays as they are', () => {
    const part = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(decodeData(encodeData({ part }))).toEqual({ part: Float64Array.of(2, 3) });
  });

  it('cannot end its element', () => {
    expect(encodeData({ name: '</script><!--' })).not.toContain('<');
    expect(decodeData(encodeData(['</script><!--']))).toEqual(['</script><!--']);
  });
});

describe('numbers of variable length', () => {
  it('come back', () => {
    const numbers = fc.array(fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 2 ** 32 - 1 })));
    fc.assert(
      fc.property(numbers, (given) => {
        const writer = new VariableLengthWriter(0);
        for (const value of given) writer.write(value);
        const read = readVariableLength(writer.finish(), given.length);
        expect(Array.from(read)).toEqual(given);
      }),
    );
  });

  it('take a byte if they are small', () => {
    const writer = new VariableLengthWriter(3);
    for (const value of [0, 127, 128]) writer.write(value);
    expect(Array.from(writer.finish())).toEqual([0, 127, 128, 1]);
  });
});
