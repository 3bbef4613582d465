import { expect, test } from 'vitest';
import { Decays } from '../../src/engine/decay.js';
import { exp } from '../../src/math/index.js';

test('a decay is the same bits from a table, beyond it, and without one', () => {
  const decays = new Decays();
  for (let i = 1; i <= 50; i++) {
    const perStep = 0.1 / i;
    const decay = decays.of(perStep);
    for (const steps of [0, 1, 77, 2047, 2048, 5000]) {
      expect(decay.over(steps)).toBe(exp(-steps * perStep));
    }
  }
});
