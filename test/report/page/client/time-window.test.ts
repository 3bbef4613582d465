import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeWindow } from '../../../../src/report/page/client/time-window.js';

const shown = ({ start, end }: TimeWindow) => [start, end];

describe('TimeWindow', () => {
  it('zooms about a time, which stays where it is', () => {
    const window = new TimeWindow(1000, 2);
    window.zoom(2, 250);
    expect(shown(window)).toEqual([125, 625]);
    window.zoom(0.5, 250);
    expect(shown(window)).toEqual([0, 1000]);
    expect(window.isWhole).toBe(true);
  });

  it('shows no less than it may, and no more than there is', () => {
    const window = new TimeWindow(1000, 2);
    window.set(500, 500.1);
    expect(window.end - window.start).toBeCloseTo(2, 10);
    window.set(-500, 5000);
    expect(shown(window)).toEqual([0, 1000]);
    window.set(900, 1100);
    expect(shown(window)).toEqual([800, 1000]);
  });

  it('stays within what there is, whatever is done', () => {
    const action = fc.oneof(
      fc.record({ zoom: fc.double({ min: 0.1, max: 10, noNaN: true }) }),
      fc.record({ pan: fc.double({ min: -3, max: 3, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        const window = new TimeWindow(1000, 2);
        for (const one of actions) {
          if ('zoom' in one) window.zoom(one.zoom);
          else window.pan(one.pan);
          expect(window.start).toBeGreaterThanOrEqual(0);
          expect(window.end).toBeLessThanOrEqual(1000 + 1e-9);
          expect(window.end - window.start).toBeGreaterThan(2 - 1e-9);
        }
      }),
    );
  });

  it('follows time that goes on, if it shows all or the end', () => {
    const window = new TimeWindow(100, 2);
    window.extendTo(200);
    expect(shown(window)).toEqual([0, 200]);
    window.set(150, 200);
    window.extendTo(260);
    expect(shown(window)).toEqual([210, 260]);
    window.set(50, 60);
    window.extendTo(400);
    expect(shown(window)).toEqual([50, 60]);
  });

  it('tells when it has moved', () => {
    const window = new TimeWindow(100, 2);
    let times = 0;
    window.onChange(() => times++);
    window.pan(0.1);
    window.reset();
    expect(times).toBe(2);
  });
});
