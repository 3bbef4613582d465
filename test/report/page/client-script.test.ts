import { describe, expect, it } from 'vitest';
import { clientScript } from '../../../src/report/page/client-script.js';

describe('clientScript', () => {
  it('holds every module once, after those that it imports', () => {
    const script = clientScript('run-report');
    const order = Array.from(script.matchAll(/^modules\['([\w-]+)'\] = /gm), ([, name]) => name!);
    expect(new Set(order).size).toBe(order.length);
    expect(order.at(-1)).toBe('run-report');
    const used = [...script.matchAll(/ = modules\['([\w-]+)'\];/g)].map(([, name]) => name!);
    expect(new Set(used)).toEqual(new Set(order.slice(0, -1)));
  });

  it('is a script that needs no module system', () => {
    const script = clientScript('run-report');
    expect(script).not.toMatch(/^(import|export)\b/m);
    // Compiled, not run: there is no document here.
    expect(() => new Function(script)).not.toThrow();
  });

  it('says which module is missing', () => {
    expect(() => clientScript('absent')).toThrow(/absent\.js/);
  });
});
