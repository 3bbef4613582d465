import { expect, test } from 'vitest';
import { KernelTables } from '../../src/models/kernel-tables.js';
import { Population } from './population.js';

test('what follows from parameters is worked out anew only where these have changed', () => {
  const { group } = new Population('iaf_psc_delta', 5);
  let worked = 0;
  const tables = new KernelTables(group, {
    double: {
      from: ['C_m'],
      value: ({ C_m }) => {
        worked += 1;
        return 2 * C_m!;
      },
    },
  });
  const double = (): number => tables.shared[tables.names.indexOf('double')]!;
  const C_m = group.parameter('C_m')[0]!;
  expect([worked, double()]).toEqual([1, 2 * C_m]);

  group.setParameter('V_th', -40);
  tables.refresh();
  expect([worked, double()]).toEqual([1, 2 * C_m]);

  group.setParameter('C_m', 100);
  tables.refresh();
  expect([worked, double()]).toEqual([2, 200]);

  group.setParameter('C_m', Float64Array.of(1, 2, 3, 4, 5));
  tables.refresh();
  expect([worked, tables.differs('double')]).toEqual([7, true]);
});
