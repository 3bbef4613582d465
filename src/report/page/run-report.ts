/** The report of a run as a page. */
import type { RunResults } from '../../experiment/results.js';
import { shellCommand } from '../command.js';
import type { Figure } from '../figures/index.js';
import type { WrittenFile } from '../output/run-json.js';
import { idRange } from '../sides.js';
import {
  duration,
  failureRemark,
  incompleteRemark,
  populationTitle,
  threeDigits,
} from '../units.js';
import { fileLinks } from './drawn.js';
import { escapeHtml, htmlCode, htmlFacts, htmlTable } from './html.js';
import { networkSection } from './network-section.js';
import { type PageSection, pageHtml } from './page.js';
import { phaseTimesHtml } from './phase-times.js';
import { type RunView, runView } from './run-data.js';
import { tracesSection } from './trace-section.js';
import { histogramsSection, weightChangeSection, weightsSection } from './weight-sections.js';

/** An experiment that is longer as text is shown up to here; lists of spike times can be endless. */
const MOST_EXPERIMENT = 200_000;

/** What else a run's directory holds. */
export interface RunFiles {
  readonly figures: readonly Figure[];
  /** Without the report and `run.json`. */
  readonly files: readonly WrittenFile[];
}

/** The document, in pieces; the same results and files give the same bytes. */
export function runReport(results: RunResults, { figures, files }: RunFiles): string[] {
  const view = runView(results);
  const figure = (name: string) => figures.find((one) => one.name === name);
  const sections: (PageSection | undefined)[] = [
    weightChangeSection(results, figure('weight-change')),
    rasterSection(results, view),
    ratesSection(view),
    tracesSection(results, figures),
    weightsSection(view, figure('weights-over-time')),
    histogramsSection(figure('weight-histograms')),
    networkSection(results),
    timesSection(results),
    experimentSection(results),
    filesSection(files),
  ];
  return pageHtml({
    title: results.name,
    lead: leadHtml(results),
    sections: sections.filter((section) => section !== undefined),
    script: 'run-report',
    data: view.data,
  });
}

const DIGEST_REMARK =
  '<p class="remark">SHA-256 over all spikes, final states and weights. Whoever repeats this run gets the same, on any number of threads.</p>';

function leadHtml(results: RunResults): string {
  const remarks = [incompleteRemark(results), failureRemark(results)];
  const { description, digest, command, versions, wallTimes } = results;
  const simulate = wallTimes.simulate ?? 0;
  const factor = simulate / (results.simulatedTime / 1000);
  const facts = htmlFacts([
    ['Simulated', duration(results.simulatedTime)],
    ['Resolution', duration(results.resolution)],
    ['Seed', escapeHtml(String(results.rngSeed))],
    ['Threads', String(results.threads)],
    ['Wall time of the simulation', `${simulate.toFixed(3)} s`],
    ['Real-time factor (wall over simulated time)', threeDigits(factor)],
    ['Versions', escapeHtml(`isospike ${versions.isospike}, Node.js ${versions.node}`)],
  ]);
  return [
    ...remarks
      .filter((remark) => remark !== undefined)
      .map((remark) => `<p class="warning">${escapeHtml(remark)}</p>`),
    ...(description === '' ? [] : [`<p>${escapeHtml(description)}</p>`]),
    facts,
    ...(digest === undefined ? [] : [`<h3>Digest</h3>${DIGEST_REMARK}${htmlCode(digest)}`]),
    ...(command === undefined
      ? []
      : [`<h3>To repeat this run</h3>${htmlCode(shellCommand(command))}`]),
  ].join('\n');
}

function rasterSection(results: RunResults, view: RunView): PageSection | undefined {
  if (view.shown.length === 0) return undefined;
  const { oneIn } = view.spikes;
  const total = results.spikes.senders.length;
  const sampled =
    oneIn === 1
      ? `All ${total} recorded spikes are shown.`
      : `Of ${total} recorded spikes one in ${oneIn} is shown, chosen evenly and independently of time and neuron; rates count all of them.`;
  const stimulus = view.data.raster.some((p) => (p as { centers: object[] }).centers.length > 0)
    ? ' Orange: neuron at the centre of the stimulus.'
    : '';
  const leftOut =
    view.populationsLeftOut > 0 ? ` ${view.populationsLeftOut} more populations are left out.` : '';
  const body = [
    '<div class="controls" role="group" aria-label="Time shown">',
    '<button type="button" id="raster-in">Zoom in</button>',
    '<button type="button" id="raster-out">Zoom out</button>',
    '<button type="button" id="raster-back" aria-label="Earlier">&#8592;</button>',
    '<button type="button" id="raster-on" aria-label="Later">&#8594;</button>',
    '<button type="button" id="raster-all">Show all</button>',
    '<output id="raster-shown" aria-live="polite"></output></div>',
    '<figure><div id="raster-view"></div>',
    `<figcaption>Spikes over time. ${numberingOf(view)} ${sampled}${stimulus}${leftOut}<span class="on-screen"> Drag along to zoom into time, drag a box to zoom into neurons as well, drag with Shift to move, double-click to show all. With the plot in focus (click or Tab): wheel or <kbd>+</kbd> <kbd>-</kbd> zoom, <kbd>&#8592;</kbd> <kbd>&#8594;</kbd> move, <kbd>0</kbd> shows all.</span>${fileLinks('raster')}</figcaption></figure>`,
  ];
  return { id: 'raster', title: 'Spikes', body: body.join('\n') };
}

function numberingOf({ shown }: RunView): string {
  const ids = shown.map(({ population }) => {
    return `${escapeHtml(populationTitle(population.name))}: ${idRange(population)}`;
  });
  return `Numbers: n-th neuron of the population (${ids.join('; ')}).`;
}

function ratesSection({ shown }: RunView): PageSection | undefined {
  if (shown.length === 0) return undefined;
  const caption =
    'Spikes per second and neuron, from the recorded spikes, over the same time as the spikes above. Dashed: mean over the run.';
  const body = `<figure><div id="rates-view"></div><figcaption>${caption}${fileLinks('rates')}</figcaption></figure>`;
  return { id: 'rates', title: 'Rates', body };
}

function timesSection(results: RunResults): PageSection | undefined {
  const body = phaseTimesHtml(results);
  return body === '' ? undefined : { id: 'phase-times', title: 'Phase times', body };
}

function experimentSection({ experiment }: RunResults): PageSection {
  const text = JSON.stringify(experiment, null, 2);
  const cut = text.length > MOST_EXPERIMENT;
  const remark = cut
    ? `<p class="remark">The beginning; all of it is in <a href="run.json">run.json</a>.</p>`
    : '';
  const shown = escapeHtml(cut ? text.slice(0, MOST_EXPERIMENT) : text);
  const body = `<details><summary>With all parameters filled in and options applied</summary>${remark}<pre tabindex="0">${shown}</pre></details>`;
  return { id: 'experiment', title: 'Experiment as run', body };
}

function filesSection(files: readonly WrittenFile[]): PageSection {
  const rows = [...files]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, bytes, sha256 }) => [
      `<a href="${escapeHtml(encodeURIComponent(name))}">${escapeHtml(name)}</a>`,
      String(bytes),
      `<code>${sha256}</code>`,
    ]);
  const caption = 'Beside this page; <a href="run.json">run.json</a> lists them with what was run.';
  const columns = [
    { heading: 'file' },
    { heading: 'bytes', numeric: true },
    { heading: 'SHA-256' },
  ];
  return { id: 'files', title: 'Files', body: htmlTable(columns, rows, caption) };
}
