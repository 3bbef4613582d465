/** The page of a live view: the frame that its code fills. */

import { pageColor } from '../report/colors.js';
import { VIRIDIS } from '../report/figures/style.js';
import type { LiveData } from '../report/page/client/live-messages.js';
import { escapeHtml } from '../report/page/html.js';
import { type PageSection, pageHtml } from '../report/page/page.js';
import { palette } from '../report/page/palette.js';
import { RUN_PHASES, SLICE_PHASES } from '../report/phases.js';

const LEAD = `<p class="state" role="status"><b id="state">connecting</b> <span id="outcome"></span></p>
<div class="controls">
<progress id="progress" max="1" value="0" aria-label="Progress"></progress>
<output id="reached"></output>
<button type="button" id="pause" disabled>Pause</button>
<button type="button" id="continue" disabled>Continue</button>
<button type="button" id="stop" disabled>Stop</button>
</div>
<dl class="facts" id="facts"></dl>`;

const SECTIONS: readonly PageSection[] = [
  {
    id: 'spikes',
    title: 'Spikes',
    body: `<div class="controls"><label>Show the last <select id="span">
<option value="100">0.1 s</option><option value="1000" selected>1 s</option><option value="5000">5 s</option><option value="20000">20 s</option>
</select></label></div>
<figure><div id="raster"></div><figcaption id="raster-note"></figcaption></figure>`,
  },
  {
    id: 'rates',
    title: 'Rates',
    body: `<figure><div id="rate-chart"></div><figcaption>Mean rate of all neurons of a population, recorded or not.</figcaption></figure>`,
  },
  {
    id: 'weights',
    title: 'Weights',
    body: `<figure><div id="matrix"></div><figcaption id="matrix-note"></figcaption></figure>`,
  },
  {
    id: 'times',
    title: 'Where the time goes',
    body: `<figure><div id="phases"></div><figcaption>Share of each phase in the wall time of each thread, since the beginning.</figcaption></figure>`,
  },
];

/**
 * The whole document, for a run of this name.
 * @param graceMs after so long without a page a paused run goes on
 */
export function livePage(name: string, description: string, graceMs: number): string {
  const phases = SLICE_PHASES.map(({ name, color }) => ({ name, color: pageColor(color) }));
  const note = `<p class="remark">Closing this page harms nothing; a paused run goes on once no page has been open for ${graceMs / 1000} s.</p>`;
  const data: LiveData = { palette: palette(VIRIDIS), phases, states: RUN_PHASES };
  return pageHtml({
    title: `${name}, live`,
    lead: [...(description === '' ? [] : [`<p>${escapeHtml(description)}</p>`]), LEAD, note].join(
      '\n',
    ),
    sections: SECTIONS,
    script: 'live',
    data,
    connected: true,
  }).join('');
}
