/** What the report of a run tells of populations and plastic connections. */
import type { RunResults } from '../../experiment/results.js';
import { sideOf } from '../sides.js';
import { changeStatistics } from '../summary.js';
import { threeDigits } from '../units.js';
import { escapeHtml, htmlTable } from './html.js';
import type { PageSection } from './page.js';

const number = (heading: string) => ({ heading, numeric: true });

export function networkSection(results: RunResults): PageSection {
  const tables = [populationTable(results), weightTable(results)].filter((table) => table !== '');
  return { id: 'network', title: 'Network', body: tables.join('\n') };
}

function populationTable({ populations }: RunResults): string {
  return htmlTable(
    [
      { heading: 'population' },
      { heading: 'model' },
      number('nodes'),
      number('ids'),
      number('spikes'),
      number('rate (spikes/s)'),
    ],
    populations.map((p) => [
      escapeHtml(p.name),
      `<code>${escapeHtml(p.model)}</code>`,
      String(p.size),
      p.size === 1 ? String(p.firstId) : `${p.firstId}\u2013${p.firstId + p.size - 1}`,
      p.spiking ? String(p.spikeCount) : '',
      p.spiking ? p.rate.toFixed(2) : '',
    ]),
    'Figures number the neurons of a population from 1, files have ids.',
  );
}

function weightTable(results: RunResults): string {
  const plastic = results.weights.filter((w) => w.plastic && w.source.length > 0);
  if (plastic.length === 0) return '';
  return htmlTable(
    [
      { heading: 'plastic connection' },
      { heading: 'synapse model' },
      number('synapses'),
      number('mean change'),
      number('s.d.'),
      number('least'),
      number('greatest'),
      { heading: 'unit' },
    ],
    plastic.map((columns) => {
      const { mean, sd, min, max } = changeStatistics(columns);
      return [
        escapeHtml(columns.connection),
        `<code>${escapeHtml(columns.synapseModel)}</code>`,
        String(columns.source.length),
        ...[mean, sd, min, max].map((value) => threeDigits(value).replace('-', '\u2212')),
        sideOf(results, columns.targetPopulation).weightUnit,
      ];
    }),
  );
}
