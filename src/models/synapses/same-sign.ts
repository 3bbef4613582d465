import type { Check } from '../spec.js';

/** Weight and bound must not have opposite signs. */
export const sameSign = (bound: string): Check => ({
  requires: `weight and ${bound} of the same sign`,
  names: ['weight', bound],
  holds: (v) => !(v.weight * v[bound] < 0),
});
