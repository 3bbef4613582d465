/** What the report of a run tells of weights. */
import type { RunResults } from '../../experiment/results.js';
import type { Figure } from '../figures/index.js';
import { shownOf } from '../figures/panels.js';
import { recurrentConnections } from '../figures/weight-change.js';
import { ABSENCES, matrixNumbering } from '../sides.js';
import { drawnHtml } from './drawn.js';
import { escapeHtml } from './html.js';
import type { PageSection } from './page.js';
import type { RunView } from './run-data.js';

const CHANGE =
  'Change of each weight from neuron to neuron in the run: final minus initial weight, blue for depression, red for potentiation.';
const COURSES =
  'Recorded weights over time: single synapses, thin, as they were transmitted, and the mean of all.';
const HISTOGRAMS = 'Distribution of plastic weights at the beginning and at the end of the run.';
const TRANSMITTED =
  'Weights as they were transmitted last before the time shown, and at the end as they were then.';
const START_AND_END = 'Weights at the end of the run, or at its start.';

export function weightChangeSection(
  results: RunResults,
  figure: Figure | undefined,
): PageSection | undefined {
  if (figure === undefined) return undefined;
  const panels = shownOf(recurrentConnections(results));
  const numbers = new Set(panels.map((weights) => matrixNumbering(results, weights)));
  // By the keys that stand in the figure.
  const absences = ABSENCES.filter((absence) => figure.svg.includes(`>${absence}<`));
  const grey = absences.length === 0 ? [] : [`Grey: ${absences.join(', or ')}.`];
  const numbering = escapeHtml(`Numbers: ${[...numbers].join('; ')}.`);
  const caption = [CHANGE, ...grey, numbering].join(' ');
  return { id: 'weight-change', title: 'Change of weights', body: drawnHtml(figure, caption) };
}

/** Of weights that were recorded there is a slider for the time, of others start and end. */
export function weightsSection(
  { matrices, matricesLeftOut }: RunView,
  courses: Figure | undefined,
): PageSection | undefined {
  if (matrices.length === 0) return undefined;
  const options = matrices.map(({ connection }) => `<option>${escapeHtml(connection)}</option>`);
  const recorded = matrices.filter(({ times }) => times.length > 2).length;
  const slider =
    '<div class="controls"><label for="weights-time">Time</label><input type="range" id="weights-time" min="0" value="0"> <output id="weights-shown" for="weights-time"></output></div>';
  const moment =
    '<label>At the <select id="weights-moment"><option value="end">end</option><option value="start">start</option></select></label>';
  const leftOut =
    matricesLeftOut > 0 ? ` ${matricesLeftOut} more plastic connections are left out.` : '';
  const body = [
    '<div class="controls">',
    `<label>Connection <select id="weights-connection">${options.join('')}</select></label>`,
    '<label>Show <select id="weights-what"><option value="weight">weight</option><option value="change">change since the start</option></select></label>',
    recorded < matrices.length ? moment : '',
    '</div>',
    recorded > 0 ? slider : '',
    '<div class="pair"><figure><div id="weights-view"></div>',
    `<figcaption>${recorded > 0 ? TRANSMITTED : START_AND_END} <span id="weights-note"></span>${leftOut}</figcaption></figure>`,
    courses === undefined ? '' : drawnHtml(courses, COURSES),
    '</div>',
  ];
  const title = recorded > 0 ? 'Weights over time' : 'Weights: start and end';
  return { id: 'weights', title, body: body.join('\n') };
}

export function histogramsSection(figure: Figure | undefined): PageSection | undefined {
  if (figure === undefined) return undefined;
  return {
    id: 'weight-histograms',
    title: 'Distribution of weights',
    body: drawnHtml(figure, HISTOGRAMS),
  };
}
