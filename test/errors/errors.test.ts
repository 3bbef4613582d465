/** The errors of users: texts with what was given and the closest known name. */
import { describe, expect, test } from 'vitest';
import {
  assert,
  BadParametersError,
  IsospikeError,
  MemoryError,
  UnknownKeyError,
  UnknownNameError,
  UnknownPropertyError,
  ValueError,
} from '../../src/errors/index.js';

describe('values in texts', () => {
  const circular: unknown[] = [];
  circular.push(circular);
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  test.each<[unknown, string]>([
    ['word', "'word'"],
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    [5n, '5'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, 'a function'],
    [[1, Number.NaN, 'a'], "[1,NaN,'a']"],
    [new Array(9), 'an array of 9'],
    [new Float64Array(3), 'Float64Array(3)'],
    [{ distribution: 'normal', std: 1 }, '{"distribution":"normal","std":1}'],
    [Object.create(null), '{}'],
    [new Date(0), 'a Date'],
    [circular, '[[[an array of 1]]]'],
    [loop, 'an object that JSON cannot show'],
  ])('%# are shown without failing', (value, shown) => {
    expect(new ValueError('x', value, 'something else').message).toBe(
      `x is ${shown}; expected something else`,
    );
  });
});

test('errors carry their facts, their name and their class', () => {
  const error = new BadParametersError('aeif', 'C_m > 0', { C_m: -1 }, 7);
  expect(error).toBeInstanceOf(IsospikeError);
  expect(error).toMatchObject({ name: 'BadParametersError', model: 'aeif', node: 7 });
  expect(error.message).toBe('aeif (node 7) needs C_m > 0; given -1');
  expect(new BadParametersError('aeif', 'V_reset < V_th', { V_reset: 1, V_th: 0 }).message).toBe(
    'aeif needs V_reset < V_th; given V_reset = 1, V_th = 0',
  );
});

test('unknown words name the closest known one and all known ones', () => {
  expect(new UnknownKeyError('aeif', 'Vm', ['w', 'V_m']).message).toBe(
    "aeif: unknown key 'Vm'; did you mean 'V_m'? (known: V_m, w)",
  );
  expect(new UnknownNameError('rule', 'xyzzy', ['one_to_one']).message).toBe(
    "unknown rule 'xyzzy' (known: one_to_one)",
  );
  expect(new UnknownNameError('recordable', 'Vm', ['w', 'V_m'], 'aeif').message).toBe(
    "unknown recordable 'Vm' of aeif; did you mean 'V_m'? (known: V_m, w)",
  );
});

test('what to do instead is told in place of the closest word', () => {
  expect(new UnknownKeyError('rule', 'weight', ['eight'], 'it belongs elsewhere').message).toBe(
    "rule: unknown key 'weight'; it belongs elsewhere (known: eight)",
  );
  expect(new UnknownPropertyError('NodeCollection', 'V_m', 'use get').message).toBe(
    "a NodeCollection has no property 'V_m'; use get",
  );
});

test('memory is told in readable numbers', () => {
  expect(new MemoryError('weights', 48e12, 3.21e6).message).toBe(
    'weights needs 48.0 TB of memory, 3.2 MB are available',
  );
});

test('a failed assertion is a defect, not a mistake of the user', () => {
  expect(() => assert(false, 'two is three')).toThrow('isospike internal error: two is three');
  try {
    assert(0, 'x');
  } catch (error) {
    expect(error).not.toBeInstanceOf(IsospikeError);
  }
});
