/**
 * The published figure (Clopath et al. 2010, fig. 5; NEST's example on bidirectional connections):
 * how much the weight from each neuron to each other neuron of a population changed in the run.
 */
import type { RunResults, WeightColumns } from '../../experiment/results.js';
import { absence, sideOf } from '../sides.js';
import { incompleteRemark, withUnit } from '../units.js';
import { listPanel } from './change-list.js';
import { MARGINS, matrixPanel, PANEL_HEIGHT } from './change-matrix.js';
import type { Piece } from './compose.js';
import { panelFigure } from './panels.js';

/** So few synapses are drawn one by one, if most of a matrix would be empty. */
const MOST_LISTED = 16;

/** For the title, with a letter where there are several panels. */
const TITLE_HEIGHT = 13;

export function recurrentConnections({ weights }: RunResults): WeightColumns[] {
  return weights.filter(
    (w) => w.plastic && w.sourcePopulation === w.targetPopulation && w.source.length > 0,
  );
}

/** Undefined if no plastic connection leads from a population to itself. */
export function weightChangeFigure(results: RunResults): string | undefined {
  const recurrent = recurrentConnections(results);
  if (recurrent.length === 0) return undefined;
  return panelFigure({
    items: recurrent,
    nameOf: ({ connection }) => connection,
    noun: 'recurrent connections',
    draw: (connection, x, y) => panel(results, connection, x, y),
    panelHeight: PANEL_HEIGHT,
    title: { x: MARGINS.left, height: TITLE_HEIGHT },
    remarkAt: { right: 4, bottom: 3 },
    banner: incompleteRemark(results),
    description: (names) => `Weight changes of ${names} (final minus initial)`,
  });
}

function panel(results: RunResults, weights: WeightColumns, x: number, y: number): Piece[] {
  const side = sideOf(results, weights.sourcePopulation);
  const label = withUnit('Weight change', side.weightUnit);
  const synapses = weights.source.length;
  const isSparse = synapses <= MOST_LISTED && 2 * synapses < side.size ** 2;
  const draw = isSparse ? listPanel : matrixPanel;
  const pieces = draw(weights, side, { label, absent: absence(results, weights) });
  return pieces.map((piece) => ({ ...piece, x: piece.x + x, y: piece.y + y }));
}
