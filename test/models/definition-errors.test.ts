/** What is said about definitions of neuron models that cannot be used. */
import { describe, expect, test } from 'vitest';
import {
  BadParametersError,
  EquationError,
  MissingKeyError,
  UnknownKeyError,
  UnknownNameError,
  UnknownQuantityError,
  ValueError,
} from '../../src/errors/index.js';
import { defineNeuron } from '../../src/models/defined/defined-neuron.js';
import type { NeuronDefinition } from '../../src/models/defined/definition.js';
import { leaky } from './definitions.js';

function errorOf(change: object): Error {
  try {
    defineNeuron({ ...leaky, ...change } as NeuronDefinition);
  } catch (error) {
    return error as Error;
  }
  throw new Error('the definition was accepted');
}

const equation = (text: string) => ({ equations: { ...leaky.equations, V_m: text } });

test('a definition that can be used comes back', () => {
  expect(defineNeuron(leaky)).toBe(leaky);
});

test('an unknown name in an equation: which, where, and the closest known one', () => {
  const error = errorOf(equation('-(V_m - E_l) / tau_m'));
  expect(error).toBeInstanceOf(UnknownQuantityError);
  expect(error).toMatchObject({ model: 'leaky', place: 'equations.V_m', unknownName: 'E_l' });
  expect(error.message).toMatch(
    /^leaky: equations\.V_m is '-\(V_m - E_l\) \/ tau_m': nothing is called 'E_l'; did you mean 'E_L'\?/,
  );
});

test.each([
  ['threshold', { threshold: 'V >= V_th' }, 'threshold'],
  ['reset', { reset: { V_m: 'V_rest' } }, 'reset.V_m'],
  ['definitions', { definitions: { I: 'I_ee' } }, 'definitions.I'],
  [
    'a clamp',
    { refractory: [{ duration: 't_ref', clamp: { V_m: 'Vreset' } }] },
    'refractory.0.clamp.V_m',
  ],
  [
    'a check',
    { parameters: { ...leaky.parameters, x: { default: 1, check: 'V_m > 0' } } },
    'parameters.x.check',
  ],
])('an unknown name in %s', (_, change, place) => {
  const error = errorOf(change);
  expect(error).toBeInstanceOf(UnknownQuantityError);
  expect(error).toMatchObject({ place });
});

test.each([
  ['V_m +', 'it ends too early'],
  ['V_m % 2', "at '% 2'"],
  ['(V_m', "')' expected before 'the end'"],
  ['expo(V_m)', "unknown function 'expo'; did you mean 'exp'?"],
  ['exp(V_m, 1)', 'exp takes 1, not 2'],
  ['refractory_steps * V_m', 'refractory_steps can only be compared with 0'],
])('the equation %s', (text, problem) => {
  const error = errorOf(equation(text));
  expect(error).toBeInstanceOf(EquationError);
  expect(error).toMatchObject({ place: 'equations.V_m', equation: text, problem });
});

test('values before the step are for thresholds alone', () => {
  expect(defineNeuron({ ...leaky, threshold: 'V_m >= V_th && V_m > before(V_m)' })).toBeTruthy();
  const error = errorOf(equation('-before(V_m) / tau_m'));
  expect(error).toBeInstanceOf(UnknownQuantityError);
  expect(errorOf({ threshold: 'V_m > before(V_th)' })).toBeInstanceOf(UnknownQuantityError);
});

test('a condition that is none', () => {
  expect(errorOf({ threshold: 'V_m' })).toMatchObject({ problem: 'it is not a condition' });
});

test('definitions that need each other', () => {
  const error = errorOf({ definitions: { I: 'J + 1', J: '2 * I' } });
  expect(error).toMatchObject({ problem: 'it needs itself: I -> J -> I' });
});

describe('names', () => {
  test.each([
    ['a variable of an equation', { equations: { ...leaky.equations, U_m: '1' } }, 'U_m'],
    ['a variable of a reset', { reset: { V: 'V_reset' } }, 'V'],
    ['the target of input', { input: { to: 'V' } }, 'V'],
    ['a duration', { refractory: { duration: 't_reff' } }, 't_reff'],
    ['a tolerance', { tolerance: 'tol' }, 'tol'],
    ['a variable with bounds', { bounds: { V: { min: 0 } } }, 'V'],
  ])('%s that is not there', (_, change, unknownName) => {
    const error = errorOf(change);
    expect(error).toBeInstanceOf(UnknownNameError);
    expect(error).toMatchObject({ unknownName });
  });

  test.each([
    'I_stim',
    'tau_minus',
    'exp',
    'before',
    'suggested_substep',
    'a-b',
    '2a',
    '__proto__',
    'V_m',
    'I',
  ])('%s is no name for a parameter', (name) => {
    const parameters = Object.fromEntries([
      ...Object.entries(leaky.parameters),
      [name, { default: 1 }],
    ]);
    expect(errorOf({ parameters })).toBeInstanceOf(ValueError);
  });
});

test.each([
  ['no object', 'leaky', ValueError],
  ['a list', [leaky], ValueError],
  ['without a name', { ...leaky, name: '' }, ValueError],
  ['with blanks in its name', { ...leaky, name: 'two words' }, ValueError],
  ['with other characters in its name', { ...leaky, name: 'iaf/ψ' }, ValueError],
  ['with a digit before its name', { ...leaky, name: '2iaf' }, ValueError],
  ['without equations', { ...leaky, equations: undefined }, MissingKeyError],
  ['with a key too many', { ...leaky, equation: {} }, UnknownKeyError],
  ['a default that is no number', { ...leaky, state: { V_m: { default: 'E_L' } } }, ValueError],
  ['a parameter without default', { ...leaky, parameters: { x: {} } }, MissingKeyError],
  ['an equation that is no text', { ...leaky, equations: { V_m: 0 } }, ValueError],
  ['input to nowhere', { ...leaky, input: { positive: 'I_syn_ex' } }, MissingKeyError],
  ['input at another time', { ...leaky, input: { to: 'V_m', after: 'now' } }, ValueError],
  ['a reset without a threshold', { ...leaky, threshold: undefined }, ValueError],
  ['a tolerance of 0', { ...leaky, tolerance: 0 }, ValueError],
])('%s', (_, definition, kind) => {
  expect(() => defineNeuron(definition as NeuronDefinition)).toThrow(kind);
});

test('defaults that fail a check', () => {
  const parameters = { ...leaky.parameters, tau_m: { default: -1, check: 'tau_m > 0' } };
  const error = errorOf({ parameters });
  expect(error).toBeInstanceOf(BadParametersError);
  expect(error).toMatchObject({ requirement: 'tau_m > 0', values: { tau_m: -1 } });
});

test('bounds the wrong way round', () => {
  const error = errorOf({ bounds: { V_m: { min: 1, max: 0 } } });
  expect(error).toBeInstanceOf(ValueError);
  expect(error.message).toMatch(/^leaky\.bounds\.V_m is .*; expected min <= max/);
});

test('a refractory period that is negative, of whatever neuron', () => {
  const error = errorOf({ parameters: { ...leaky.parameters, t_ref: { default: -1 } } });
  expect(error).toBeInstanceOf(BadParametersError);
  expect(error).toMatchObject({ requirement: 't_ref >= 0', values: { t_ref: -1 } });
});

test('a tolerance that is not positive, of whatever neuron', () => {
  const parameters = { ...leaky.parameters, tol: { default: 0 } };
  const error = errorOf({ ...equation('-V_m * V_m'), parameters, tolerance: 'tol' });
  expect(error).toBeInstanceOf(BadParametersError);
  expect(error.message).toContain('tol > 0');
});
