import { describe, expect, test } from 'vitest';
import {
  BadParametersError,
  IsospikeError,
  MemoryError,
  NumericalInstabilityError,
  OffGridError,
  ValueError,
  WorkerError,
} from '../../src/errors/index.js';
import { packError, unpackError } from '../../src/parallel/error-transfer.js';

/** There and back as between threads. */
function transfer(error: unknown): Error {
  return unpackError(structuredClone(packError(error)));
}

const ERRORS = [
  new NumericalInstabilityError('aeif_psc_delta_clopath', 12, 345, 34.5, {
    V_m: -1001,
    w: Number.NaN,
  }),
  new BadParametersError('clopath_synapse', 'tau_x > 0', { tau_x: -1 }, 4),
  new ValueError('weight', Number.POSITIVE_INFINITY, 'finite numbers'),
  new OffGridError('delay', 0.15, 0.1, 0.2),
  new MemoryError('weights', 2e9, 1e9),
];

describe.each(ERRORS.map((error) => [error.name, error] as const))('%s', (_name, error) => {
  test('keeps class, text, fields and place', () => {
    const arrived = transfer(error);
    expect(arrived).toBeInstanceOf(error.constructor);
    expect(arrived).toBeInstanceOf(IsospikeError);
    expect(arrived.message).toBe(error.message);
    expect(arrived.stack).toBe(error.stack);
    expect(arrived).toEqual(error);
  });
});

test('errors of others keep name and text', () => {
  const arrived = transfer(new TypeError('x is not a function'));
  expect(arrived).toBeInstanceOf(Error);
  expect(arrived).not.toBeInstanceOf(IsospikeError);
  expect([arrived.name, arrived.message]).toEqual(['TypeError', 'x is not a function']);
});

test('what is thrown need not be an error', () => {
  expect(transfer('just a word').message).toBe('just a word');
  expect(transfer(undefined).message).toBe('undefined');
});

test('a name that is not a class of errors does not become one', () => {
  const odd = Object.assign(new Error('odd'), { name: 'assert' });
  expect(transfer(odd)).not.toBeInstanceOf(IsospikeError);
});

test('WorkerError names the worker', () => {
  const arrived = transfer(new WorkerError(3, 'the thread ended')) as WorkerError;
  expect(arrived.worker).toBe(3);
});
