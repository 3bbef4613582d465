import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { experimentJsonSchema } from '../../src/experiment/json-schema.js';
import { minimal } from './minimal.js';

const schema = experimentJsonSchema();
const validator = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);

test('it is plain JSON, and says which draft', () => {
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  expect(schema).toMatchObject({ required: ['name', 'populations', 'protocol'] });
});

test('the seed experiment satisfies it', async () => {
  const text = await readFile('config/clopath-bidirectional.json', 'utf8');
  expect(validator.safeParse(JSON.parse(text)).error?.issues ?? []).toEqual([]);
});

test('a small experiment with expressions satisfies it', () => {
  expect(validator.safeParse(minimal).error?.issues ?? []).toEqual([]);
});

test.each([
  ['an unknown key', { kernl: {} }],
  ['a wrong range', { kernel: { resolution: 0 } }],
  [
    'an unknown distribution',
    { populations: { a: { model: 'm', params: { x: { distribution: 'u' } } } } },
  ],
  ['a missing key', { populations: { a: { size: 1 } } }],
])('%s does not', (_, change) => {
  expect(validator.safeParse({ ...minimal, ...change }).success).toBe(false);
});

test('keys are described', () => {
  const { kernel } = schema.properties as Record<string, { properties?: object; allOf?: object }>;
  expect(JSON.stringify(kernel)).toContain('step in ms');
});
