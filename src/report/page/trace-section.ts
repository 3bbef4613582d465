/** What the report of a run tells of multimeters. */
import type { RunResults } from '../../experiment/results.js';
import type { Figure } from '../figures/index.js';
import { type DrawnTrace, drawnTraces } from '../traces.js';
import { drawnHtml } from './drawn.js';
import { escapeHtml } from './html.js';
import type { PageSection } from './page.js';

/** A figure for each trace that is drawn. */
export function tracesSection(
  results: RunResults,
  figures: readonly Figure[],
): PageSection | undefined {
  const drawn = drawnTraces(results);
  if (drawn.length === 0) return undefined;
  const body = drawn.map((one) => {
    const figure = figures.find(({ name }) => name === one.stem)!;
    return `<h3>${escapeHtml(one.trace.recorder)}</h3>${drawnHtml(figure, captionOf(one))}`;
  });
  const leftOut = results.traces.length - drawn.length;
  if (leftOut > 0) {
    body.push(`<p class="remark">${leftOut} more multimeters have tables, and no figure.</p>`);
  }
  return { id: 'traces', title: 'Traces', body: body.join('\n') };
}

function captionOf({ stem, trace, neurons, sampled }: DrawnTrace): string {
  const all = sampled === 1 ? 'the neuron' : `all ${sampled} neurons`;
  const some = neurons.length < sampled ? `the first ${neurons.length} of ${sampled} neurons` : all;
  const names = neurons.map(({ label }) => label).join(', ');
  const spikes = neurons.some((one) => one.spikes.length > 0)
    ? ' Marks on top: their recorded spikes.'
    : '';
  const table = `<a href="${encodeURIComponent(`${stem}.csv`)}">${escapeHtml(`${stem}.csv`)}</a>`;
  return `What the multimeter ${escapeHtml(trace.recorder)} sampled of ${some} that it was connected to: ${escapeHtml(names)}.${spikes} Where samples lie closer than the lines are wide, the least and the greatest of them are drawn; all stand in ${table}.`;
}
