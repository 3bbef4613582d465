/** Wrong options of a simulation and wrong durations. */
import { describe, expect, test } from 'vitest';
import { OffGridError, UnknownKeyError, ValueError } from '../../src/errors/index.js';
import { Simulation } from '../../src/simulation/index.js';
import {
  type Anything,
  type Class,
  expectUnharmed,
  INFINITE,
  NAN,
  refuses,
  simulation,
} from './refusals.js';

describe('simulate', () => {
  test.each<[Anything, Class]>([
    [-1, ValueError],
    [NAN, ValueError],
    [INFINITE, ValueError],
    ['10', ValueError],
    [null, ValueError],
    [undefined, ValueError],
    [10n, ValueError],
    [1e12, ValueError],
    [0.25, OffGridError],
  ])('%s ms', async (ms, error) => {
    await refuses(error, () => simulation.simulate(ms));
  });

  test.each<[Anything, Class]>([
    [{ sginal: 1 }, UnknownKeyError],
    [{ signal: 5 }, ValueError],
    [{ onProgress: 'print' }, ValueError],
    [null, ValueError],
    [5, ValueError],
  ])('with options %j', async (options, error) => {
    await refuses(error, () => simulation.simulate(1, options));
  });
});

describe('a simulation', () => {
  test.each<[Anything, Class]>([
    [{ threads: 2 }, UnknownKeyError],
    [{ resolution: 0 }, ValueError],
    [{ resolution: -0.1 }, ValueError],
    [{ resolution: NAN }, ValueError],
    [{ resolution: '0.1' }, ValueError],
    [{ resolution: 1e4 }, ValueError],
    [{ local_num_threads: 0 }, ValueError],
    [{ local_num_threads: 65 }, ValueError],
    [{ local_num_threads: 1.5 }, ValueError],
    [{ local_num_threads: '2' }, ValueError],
    [{ total_num_virtual_procs: 0 }, ValueError],
    [{ total_num_virtual_procs: 1.5 }, ValueError],
    [{ total_num_virtual_procs: 513 }, ValueError],
    [{ total_num_virtual_procs: '2' }, ValueError],
    [{ total_num_virtual_procs: NAN }, ValueError],
    [{ local_num_threads: 2, total_num_virtual_procs: 1 }, ValueError],
    [{ local_num_threads: 2, total_num_virtual_procs: 5 }, ValueError],
    [{ rng_seed: -1 }, ValueError],
    [{ rng_seed: 0.5 }, ValueError],
    [{ rng_seed: '' }, ValueError],
    [{ rng_seed: null }, ValueError],
    [{ min_delay: 0 }, ValueError],
    [{ min_delay: 0.25 }, OffGridError],
    [{ min_delay: '1' }, ValueError],
    [5, ValueError],
    [null, ValueError],
  ])('cannot be made with %j', (options, error) => {
    expect(() => new Simulation(options)).toThrow(error);
  });
});

test('after all that the simulation goes on as if nothing had been', expectUnharmed);
