import type { F64 } from './ir.js';

/** Below this magnitude a current or potential is nothing. */
const NOTHING = 1e-290;

/**
 * What has decayed to nothing becomes 0: otherwise it would end as a denormal, with which processors
 * compute many times slower, and stay one, as rounding keeps it from 0.
 */
export function settled(value: F64): F64 {
  return value.abs().lt(NOTHING).select(0, value);
}
