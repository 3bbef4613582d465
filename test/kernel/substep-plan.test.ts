/** The sub-step worked out ahead of time, against a literal Runge-Kutta-Fehlberg step. */
import { describe, expect, test } from 'vitest';
import { planSubstep } from '../../src/kernel/substep-plan.js';
import { Points } from '../math/points.js';
import { both, FOLLOWING, MODELS, parsed } from './semilinear-models.js';

const ALL = { ...MODELS, 'with a threshold that follows the voltage': FOLLOWING };

describe.each(Object.entries(ALL))('%s', (_, model) => {
  test('solution, error estimates and changes of the driver are those of the literal step', () => {
    const points = new Points(3);
    let steps = 0;
    for (let i = 0; i < 800; i++) {
      const { names, ahead: p, literal, driverAt, start } = both(model, points);
      // Steps in which the exponential explodes are not what this is for.
      if (!(p.largestChange < 1)) continue;
      steps += 1;
      p.driverChanges.forEach((change, stage) => {
        const literally = driverAt[stage]! - start[model.driver]!;
        expect(Math.abs(change - literally)).toBeLessThan(
          1e-13 * Math.max(100, Math.abs(literally)),
        );
      });
      names.forEach((name, j) => {
        const scale = Math.max(100, Math.abs(literal.state[j]));
        expect(Math.abs(p.solution[name] - literal.state[j])).toBeLessThan(1e-12 * scale);
        expect(Math.abs(p.error[name] - literal.error[j])).toBeLessThan(1e-13 * scale);
      });
    }
    expect(steps).toBeGreaterThan(300);
  });
});

test('a model without an exponential has no plan', () => {
  const derivatives = parsed({ V: '-V' });
  const model = { derivatives, definitions: new Map(), driver: 'V' };
  expect(() => planSubstep(model, new Map(), 0.1)).toThrow('needs an exponential');
});
