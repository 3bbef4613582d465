import { expect, test } from 'vitest';
import { bytesText } from '../../src/errors/bytes.js';

test.each([
  [0, '0.0 MB'],
  [3.21e6, '3.2 MB'],
  [123.4e6, '123 MB'],
  [9.9e9, '9900 MB'],
  [14.05e9, '14.1 GB'],
  [281e9, '281 GB'],
  [48e12, '48.0 TB'],
  [1.4052584819e16, '14.1 PB'],
  [1e24, '1000000 EB'],
])('%d bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));
