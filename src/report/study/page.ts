/** The report of a study: one page with its figures, tables and the command that repeats it. */
import { disagreementText } from '../../scaling/digests.js';
import { type Point, phases, type Study } from '../../scaling/study.js';
import { type Spread, summarise, type ThreadCountSummary } from '../../scaling/summary.js';
import type { Estimate } from '../../scaling/usl.js';
import type { Figure } from '../figures/index.js';
import { drawnHtml } from '../page/drawn.js';
import { escapeHtml, htmlCode, htmlFacts, htmlTable } from '../page/html.js';
import { type PageSection, pageHtml } from '../page/page.js';
import { duration, threeDigits } from '../units.js';
import { binsText } from './timeline-figure.js';
import { agreementText, bytesText, incompleteStudy } from './words.js';

/** What is longer is shown up to there, and said to be. */
const MOST_POINTS = 1000;
const MOST_CHARACTERS = 200_000;

const TITLES: Readonly<Record<string, string>> = {
  scaling: 'Scaling',
  phases: 'Phases',
  timeline: 'Who waits for whom',
  memory: 'Memory',
};

/** The document, in pieces. */
export function studyPage(study: Study, figures: readonly Figure[]): string[] {
  const drawn = figures.map((figure): PageSection => {
    const { name } = figure;
    const body = drawnHtml(figure, captionOf(name, study));
    const table = name === 'phases' ? phasesTable(study) : '';
    return { id: name, title: TITLES[name] ?? name, body: body + table };
  });
  const [scaling, ...others] = drawn;
  const sections: PageSection[] = [
    { id: 'results', title: 'Results', body: resultsBody(study) },
    ...(scaling === undefined ? [] : [scaling]),
    { id: 'law', title: 'Universal scalability law', body: lawBody(study) },
    ...others,
    { id: 'points', title: 'Points', body: pointsTable(study.points) },
    { id: 'machine', title: 'Machine', body: machineBody(study) },
    { id: 'repeat', title: 'To repeat it', body: repeatBody(study) },
  ];
  const kind = study.kind === 'strong' ? 'Strong scaling' : 'Weak scaling';
  return pageHtml({
    title: `${kind} of ${study.name}`,
    lead: leadOf(study),
    sections,
    script: 'study-report',
    data: null,
  });
}

function leadOf(study: Study): string {
  const { description, machine, disagreements } = study;
  const incomplete = incompleteStudy(study);
  const warnings = [
    ...(incomplete === undefined ? [] : [incomplete]),
    ...(disagreements.length > 0 ? ['Results differ where they must be the same, see below.'] : []),
    ...(machine.load[0]! >= 0.5
      ? [`The machine was busy when the study began (load ${machine.load[0]!.toFixed(1)}).`]
      : []),
  ];
  return [
    ...warnings.map((warning) => `<p class="warning">${escapeHtml(warning)}</p>`),
    `<p>${escapeHtml(description)}</p>`,
  ].join('\n');
}

function resultsBody(study: Study): string {
  const facts: [string, string][] = [
    ['Threads', study.threads.join(', ')],
    [
      'Points',
      `${study.points.length} (${counted(study.seeds.length, 'seed')}, ${counted(study.repeats, 'repeat')})`,
    ],
    ['Seeds', escapeHtml(study.seeds.join(', '))],
    ['Measured', duration(study.points[0]?.modelTime ?? 0)],
    ['Warm-up, discarded', duration(study.warmUp)],
    ...(study.sizeParameter === undefined
      ? []
      : [
          ['Grows with the threads', `<code>${escapeHtml(study.sizeParameter)}</code>`] as [
            string,
            string,
          ],
        ]),
  ];
  return [htmlFacts(facts), digestParagraph(study), timesTable(study), throughputTable(study)].join(
    '\n',
  );
}

const numeric = (heading: string) => ({ heading, numeric: true });

function timesTable(study: Study): string {
  const { sizeParameter } = study;
  return htmlTable(
    [
      numeric('Threads'),
      ...(sizeParameter === undefined ? [] : [numeric(sizeParameter)]),
      numeric('Construction (s)'),
      numeric('Propagation (s)'),
      numeric('Real-time factor'),
      numeric('Efficiency'),
      numeric('Load imbalance'),
    ],
    summarise(study).map((summary) => [
      threadsText(summary),
      ...(summary.size === undefined ? [] : [String(summary.size)]),
      spreadText(summary.construction),
      spreadText(summary.simulate),
      spreadText(summary.realTimeFactor),
      spreadText(summary.efficiency),
      spreadText(summary.imbalance),
    ]),
    'Means ± standard deviations over seeds and repeats. Real-time factor: wall time over biological time. Load imbalance: how much more the busiest thread worked than threads on average. * more threads than cores',
  );
}

function throughputTable(study: Study): string {
  return htmlTable(
    [
      numeric('Threads'),
      numeric('Connections'),
      numeric('Spikes per s'),
      numeric('Synaptic events per s'),
      numeric('Memory before'),
      numeric('Network built'),
      numeric('At most'),
    ],
    summarise(study).map((summary) => [
      threadsText(summary),
      grouped(summary.connections),
      magnitude(summary.spikes.mean),
      magnitude(summary.synapticEvents.mean),
      bytesText(summary.memory.base),
      bytesText(summary.memory.network),
      bytesText(summary.memory.peak.mean),
    ]),
    'Spikes of neurons and transmissions over connections per second of wall time, and resident memory of the process; means.',
  );
}

function phasesTable(study: Study): string {
  return htmlTable(
    [numeric('Threads'), ...phases.map((phase) => numeric(phase))],
    summarise(study).map((summary) => [
      threadsText(summary),
      ...phases.map((phase) => `${(100 * summary.fractions[phase]).toFixed(1)}\u00a0%`),
    ]),
    "Fractions of the threads' time.",
  );
}

function threadsText({ threads, oversubscribed }: ThreadCountSummary): string {
  return `${threads}${oversubscribed ? '*' : ''}`;
}

function digestParagraph(study: Study): string {
  const { disagreements } = study;
  if (disagreements.length === 0) {
    const text = agreementText(study);
    return `<p>${escapeHtml(text.charAt(0).toUpperCase() + text.slice(1))}.</p>`;
  }
  const items = disagreements.map((found) => `<li>${escapeHtml(disagreementText(found))}</li>`);
  return `<p class="warning">Results differ where they must be the same (a defect of isospike, or a faulty machine):</p><ul>${items.join('')}</ul>`;
}

function lawBody({ usl }: Study): string {
  if (!usl.fitted) return `<p>Not fitted: ${escapeHtml(usl.reason)}.</p>`;
  const percent = usl.confidence * 100;
  const row = (name: string, meaning: string, { value, low, high }: Estimate) => [
    name,
    meaning,
    value.toPrecision(3),
    `${low.toPrecision(3)} to ${high.toPrecision(3)}`,
  ];
  const table = htmlTable(
    [
      { heading: 'Parameter' },
      { heading: 'Meaning' },
      { heading: 'Estimate', numeric: true },
      { heading: `${percent} % confidence interval`, numeric: true },
    ],
    [
      row('λ', 'throughput of one thread: biological over wall time, mean over seeds', usl.lambda),
      row('σ', 'contention: what only one thread can do at a time', usl.sigma),
      row('κ', 'coherency: what grows with the pairs of threads', usl.kappa),
    ],
    'Throughput X(N) = λN / (1 + σ(N − 1) + κN(N − 1)) of N threads (Gunther 2007), fitted to the points that have a core for each thread. The intervals take it for granted that the law holds and that points err independently. A σ below 0 is speed-up beyond the ideal, as from caches.',
  );
  return `${table}<p>By this fit, ${verdictOf(usl)}.</p>`;
}

function verdictOf({ peak, kappa }: Extract<Study['usl'], { fitted: true }>): string {
  if (peak === undefined) return 'throughput grows with every further thread';
  if (peak === 1) return 'no further thread makes it quicker';
  const greatest = `throughput is greatest at ${threeDigits(peak)} threads`;
  if (kappa.low > 0) return greatest;
  return `${greatest}; but the interval of κ holds 0, with which it would not fall with any number of threads`;
}

function captionOf(name: string, study: Study): string {
  const bars = 'Discs: means, bars: standard deviations over seeds and repeats';
  const rings = 'rings: more threads than cores';
  switch (name) {
    case 'scaling':
      return `<b>a</b> Wall time of propagation, <b>b</b> efficiency, over the number of threads. Dashed: ideal. ${bars}; ${rings}.`;
    case 'phases':
      return "<b>a</b> How the threads' time divides into phases. <b>b</b> Each thread in the runs on most threads: who works more lets the others wait. Waiting is apart from the exchange of spikes, and is drawn in grey.";
    case 'timeline':
      return `From a run of its own after the others, in which every slice was timed. <b>a</b> ${escapeHtml(binsText(study.timeline!))}: a bin is as wide as it took, the phases are its heights. <b>b</b> Slice by slice, by one clock for all threads; those that have done their part wait (grey) until the slowest has come. Within a slice each phase is drawn in one piece: what of the exchange follows the waiting stands before it. Light grey: between two slices, where no phase is timed; the thread may have been without a core. White: before and after these slices.`;
    case 'memory':
      return 'Resident memory of the process: before there was a network, what came with it, and what came after that, at most; means over seeds and repeats. Bars: standard deviations of the whole. *: more threads than cores.';
    default:
      return '';
  }
}

function pointsTable(points: readonly Point[]): string {
  return htmlTable(
    [
      { heading: 'Seed' },
      ...[
        'Repeat',
        'Threads',
        'Create (s)',
        'Connect (s)',
        'Propagation (s)',
        'Spikes',
        'Load',
      ].map(numeric),
      { heading: 'Digest' },
    ],
    points
      .slice(0, MOST_POINTS)
      .map((point) => [
        escapeHtml(String(point.seed)),
        String(point.repeat),
        `${point.threads}${point.oversubscribed ? '*' : ''}`,
        point.wall.create.toFixed(3),
        point.wall.connect.toFixed(3),
        point.wall.simulate.toFixed(3),
        grouped(point.spikes),
        point.load.toFixed(2),
        `<code>${point.digest.slice(0, 16)}</code>`,
      ]),
    `${points.length > MOST_POINTS ? `The first ${MOST_POINTS} of ${points.length} points. ` : ''}Each point in a process of its own, in this order. Load: of the machine when the point began. In scaling.csv digests are whole.`,
  );
}

function machineBody({ machine }: Study): string {
  const caches = machine.caches.map(({ name, bytes, sharedBy }) => {
    const shared = sharedBy > 1 ? `, shared by ${sharedBy}` : '';
    return `${name} ${bytesText(bytes)}${shared}`;
  });
  const facts: [string, string][] = [
    ['Processor', machine.processor],
    ['Cores', String(machine.cores)],
    ['Caches', caches.join('; ') || 'not told by the system'],
    ['Memory', bytesText(machine.memory)],
    ['System', machine.os],
    ['Node', machine.node],
    ['isospike', machine.isospike],
    ['Load at the start (1, 5, 15 min)', machine.load.map((x) => x.toFixed(2)).join(', ')],
  ];
  return htmlFacts(facts.map(([term, value]) => [term, escapeHtml(value)]));
}

function repeatBody({ command, experiment }: Study): string {
  const json = JSON.stringify(experiment, null, 2);
  const shown = escapeHtml(json.slice(0, MOST_CHARACTERS));
  const whole = json.length <= MOST_CHARACTERS;
  const title = whole
    ? 'The experiment, with all parameters'
    : 'The beginning of the experiment; all of it is in study.json';
  return `${htmlCode(command)}\n<details><summary>${title}</summary><pre>${shown}</pre></details>`;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function spreadText({ mean, sd }: Spread): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(mean || 1)));
  const text = mean.toFixed(Math.min(digits, 6));
  return sd === 0 ? text : `${text}\u00a0±\u00a0${sd.toFixed(Math.min(digits, 6))}`;
}

/** Three digits, in thousands or millions. */
function magnitude(value: number): string {
  const [divisor, unit] =
    value >= 1e6 ? [1e6, '\u00a0M'] : value >= 1e3 ? [1e3, '\u00a0k'] : [1, ''];
  return `${Number((value / divisor).toPrecision(3))}${unit}`;
}

/** With thin spaces between groups of three digits. */
function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}
