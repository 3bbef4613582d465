/** Rates of populations over time: a panel each, on one time axis. */
import * as Plot from '@observablehq/plot';
import type { RunResults } from '../../experiment/results.js';
import { ON_WHITE } from '../colors.js';
import { RATE_LABEL, type Rates, ratesOf, spikeCounts } from '../rates.js';
import { type ShownPopulation, shownPopulations } from '../spiking.js';
import { incompleteRemark, populationTitle } from '../units.js';
import {
  assemble,
  bottomAxis,
  drawPlot,
  elementMark,
  leftAxis,
  type Piece,
  panelLetter,
  remark,
  shortened,
  text,
} from './compose.js';
import { coordinate, plainNumber, TWO_COLUMNS, timeScale } from './style.js';

const MOST_PANELS = 8;
const MARGINS = { left: 46, right: 12, top: 16, bottom: 4 } as const;
const AXIS_HEIGHT = 24;
const AREA_HEIGHT = 55;
/** Beside the length of the bins. */
const TITLE_ROOM = TWO_COLUMNS - 160;

/** Undefined if no spikes were recorded. */
export function ratesFigure(results: RunResults): string | undefined {
  if (results.spikes.senders.length === 0) return undefined;
  const all = shownPopulations(results);
  const shown = all.slice(0, MOST_PANELS);
  const counts = spikeCounts(results, shown);
  const right = TWO_COLUMNS - MARGINS.right;
  const pieces: Piece[] = [];
  let y = 0;
  for (const [index, one] of shown.entries()) {
    const last = index === shown.length - 1;
    const height = MARGINS.top + AREA_HEIGHT + (last ? AXIS_HEIGHT : MARGINS.bottom);
    const rates = ratesOf(counts[index]!, one, results.simulatedTime);
    pieces.push({ x: 0, y, markup: panel(results, one, rates, { height, last }) });
    if (shown.length > 1) pieces.push(panelLetter(index, 4, y + 11));
    pieces.push(
      text(shortened(populationTitle(one.population.name), TITLE_ROOM), MARGINS.left, y + 11),
      remark(`bins of ${plainNumber(rates.bin)} ms`, right, y + 11),
    );
    y += height;
  }
  if (shown.length < all.length) {
    pieces.push(remark(`first ${shown.length} of ${all.length} populations`, right, y - 4));
  }
  return assemble({ width: TWO_COLUMNS, height: y }, pieces, {
    banner: incompleteRemark(results),
    description: `Rates over time of ${shown.map(({ population }) => population.name).join(', ')}`,
  });
}

/** Steps, each as long as its bin, and the mean over the run as a dashed line. */
function panel(
  results: RunResults,
  one: ShownPopulation,
  { rates, bin, mean }: Rates,
  { height, last }: { readonly height: number; readonly last: boolean },
): string {
  const end = results.simulatedTime;
  const { label, unit } = timeScale(end);
  const highest = rates.reduce((a, b) => Math.max(a, b), 0);
  return drawPlot({
    width: TWO_COLUMNS,
    height,
    margins: { ...MARGINS, bottom: last ? AXIS_HEIGHT : MARGINS.bottom },
    x: { domain: [0, end / unit], insetLeft: 3 },
    y: { domain: [0, highest || 1], nice: 3 },
    marks: [
      Plot.ruleY([mean], { stroke: ON_WHITE.quiet, strokeWidth: 0.6, strokeDasharray: '3,2' }),
      elementMark(({ x, y }) => {
        const steps = Array.from(rates, (rate, i) => {
          const to = coordinate(x(Math.min((i + 1) * bin, end) / unit));
          return `V${coordinate(y(rate))}H${to}`;
        });
        const d = `M${coordinate(x(0))},${coordinate(y(0))}${steps.join('')}`;
        const stroke = ON_WHITE[one.color];
        return { name: 'path', attributes: { d, fill: 'none', stroke, 'stroke-width': 0.8 } };
      }),
      leftAxis({ label: RATE_LABEL, labelOffset: 39, ticks: 3, format: plainNumber }),
      bottomAxis({
        label: last ? label : null,
        labelOffset: 22,
        ticks: 10,
        tickLabels: last,
        format: plainNumber,
      }),
    ],
  });
}
