/** Keyed random draws and the distributions of parameters. */
export * from './distribution.js';
export {
  Draws,
  exponentialFromUniform,
  intBelow,
  normalFromUniform,
  uniformBetween,
  uniformFromWords,
} from './draws.js';
export { checkSeed, type Key, ownStream, type Seed, streamKey } from './key.js';
export { KeyedPermutation } from './permutation.js';
export { philox4x32 } from './philox.js';
export { PoissonTable, UNDECIDED } from './poisson.js';
export { Sampler } from './sampler.js';
export { type Interval, support } from './support.js';
