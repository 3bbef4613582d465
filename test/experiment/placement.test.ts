import { describe, expect, test } from 'vitest';
import {
  BadParametersError,
  ExperimentError,
  OffGridError,
  SimulationStateError,
  UnknownKeyError,
  UnknownNameError,
  ValueError,
} from '../../src/errors/index.js';
import { PlacedErrors, pathOf } from '../../src/experiment/placement.js';

const places = [
  { path: 'populations.exc', given: { model: 'aeif', size: 3 } },
  { path: 'populations.exc.params', given: { V_mm: 1, C_m: -1, tau_w: 0.05 } },
] as const;

describe('the path of an error', () => {
  test.each([
    [new UnknownKeyError('aeif', 'V_mm', ['V_m']), 'populations.exc.params.V_mm'],
    [new UnknownNameError('node model', 'aeif', []), 'populations.exc.model'],
    [new ValueError('aeif.C_m', -1, 'more'), 'populations.exc.params.C_m'],
    [new ValueError('size', 3, 'less'), 'populations.exc.size'],
    [new OffGridError('tau_w', 0.05, 0.1, 0.1), 'populations.exc.params.tau_w'],
    [new BadParametersError('aeif', 'C_m > 0', { C_m: -1 }), 'populations.exc.params.C_m'],
    [new BadParametersError('aeif', 'x', { b: 0, C_m: -1 }), 'populations.exc.params.C_m'],
    [new SimulationStateError('closed'), 'populations.exc'],
  ])('%s', (error, path) => {
    expect(pathOf(error, [...places])).toBe(path);
  });
});

test('failures are collected and told together', async () => {
  const errors = new PlacedErrors();
  expect(errors.try([...places], () => 5)).toBe(5);
  errors.throwIfAny('net');
  errors.try([...places], () => {
    throw new UnknownKeyError('aeif', 'V_mm', ['V_m']);
  });
  await errors.tryAsync([...places], async () => {
    throw new ValueError('C_m', -1, 'a number > 0');
  });
  expect(() => errors.throwIfAny('net')).toThrow(ExperimentError);
  expect(() => errors.throwIfAny('net')).toThrow(
    "net: 2 problems\n  - populations.exc.params.V_mm: aeif: unknown key 'V_mm'; did you mean 'V_m'?",
  );
});

test('an error that is nobody’s mistake passes through', () => {
  const errors = new PlacedErrors();
  const defect = new TypeError('defect');
  expect(() =>
    errors.try([...places], () => {
      throw defect;
    }),
  ).toThrow(defect);
});
