/** isospike: spiking-network simulation with the same bits on any number of threads. */
export * from './errors/index.js';
export { exp, expm1, log, log1p, pow } from './math/index.js';
export {
  add,
  type Distribution,
  div,
  exponential,
  lognormal,
  max,
  min,
  mul,
  neg,
  normal,
  ownStream,
  redraw,
  sub,
  uniform,
} from './random/index.js';
export * from './simulation/index.js';
