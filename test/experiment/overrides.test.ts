import { describe, expect, test } from 'vitest';
import { UnknownKeyError, ValueError } from '../../src/errors/index.js';
import { problems, resolved } from './minimal.js';

const override = (...overrides: string[]) => resolved({}, overrides);

describe('what can be set', () => {
  test('a named parameter, in short and in full', () => {
    expect(override('S=10').populations.relays?.size).toBe(20);
    expect(override('parameters.S=10').populations.relays?.size).toBe(20);
  });

  test('an expression', () => {
    expect(override('populations.relays.size=3 * S').populations.relays?.size).toBe(6);
  });

  test('a parameter of a model, given in the file or not', () => {
    const experiment = override('populations.exc.params.b=1', 'populations.exc.params.a=2');
    expect(experiment.populations.exc?.params).toEqual({ b: 1, a: 2 });
  });

  test('what has a default', () => {
    expect(override('kernel.rng_seed=text').kernel.rng_seed).toBe('text');
    expect(override('kernel.min_delay=0.5').kernel.min_delay).toBe(0.5);
    expect(override('protocol.0.repeat=7').protocol[0]?.repeat).toBe(7);
  });

  test('connections by index and by name', () => {
    expect(override('connections.0.syn_spec.weight=2').connections[0]?.syn_spec.weight).toBe(2);
    expect(override('connections.input.conn_spec=all_to_all').connections[0]?.conn_spec).toEqual({
      rule: 'all_to_all',
    });
  });

  test('a distribution, as JSON', () => {
    const value = '{"distribution": "uniform", "min": 0, "max": "S"}';
    const { connections } = override(`connections.input.syn_spec.weight=${value}`);
    expect(connections[0]?.syn_spec.weight).toEqual({ distribution: 'uniform', min: 0, max: 2 });
  });

  test('one after the other: the last wins', () => {
    expect(override('S=10', 'S=4').parameters.S).toBe(4);
  });

  test('the experiment itself stays as it was', () => {
    override('S=10');
    expect(resolved().parameters.S).toBe(2);
  });
});

describe('unknown paths name the closest known', () => {
  test.each<[string, string, string]>([
    ['T=1', 'parameters', 'S'],
    ['parameters.SS=1', 'parameters', 'S'],
    ['populatons.exc.size=1', 'top level', 'populations'],
    ['populations.ecx.size=1', 'populations', 'exc'],
    ['populations.ecx=1', 'populations', 'exc'],
    ['connections.inptu.syn_spec.weight=1', 'connections', 'input'],
    ['connections.length=1', 'connections', 'input'],
    ['protocol.1.simulate=1', 'protocol', '0'],
  ])('%s', (text, where, known) => {
    const [problem] = problems({}, [text]);
    expect(problem?.path).toBe(`--set ${text}`);
    expect(problem?.error).toBeInstanceOf(UnknownKeyError);
    expect(problem?.error).toMatchObject({ where });
    expect(problem?.error).toHaveProperty('known', expect.arrayContaining([known]));
  });

  test('a key that the format does not have', () => {
    const [problem] = problems({}, ['kernel.rng_sed=1']);
    expect(problem?.path).toBe('kernel.rng_sed');
    expect(problem?.error.message).toContain("did you mean 'rng_seed'?");
  });
});

test.each(['S', '=1', ''])('%j is no override', (text) => {
  expect(problems({}, [text])[0]?.error).toBeInstanceOf(ValueError);
});

test('inside of a number there is nothing to set', () => {
  const [problem] = problems({}, ['populations.exc.size.x=1']);
  expect(problem?.error.message).toContain('populations.exc.size is 2; expected an object');
});

test('a wrong value is told with its path', () => {
  const [problem] = problems({}, ['populations.exc.size=0']);
  expect(problem?.path).toBe('populations.exc.size');
  expect(problem?.error.message).toContain('is 0; expected a whole number, at least 1');
});

test('several mistakes are told at once', () => {
  expect(problems({}, ['T=1', 'populations.ecx.size=1'])).toHaveLength(2);
});
