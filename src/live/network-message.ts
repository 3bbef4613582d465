/** What of a network a page shows, in its words and colours. */
import type { NetworkView } from '../experiment/network-view.js';
import type { NetworkMessage, PopulationMessage } from '../report/page/client/live-messages.js';
import { populationTitle, weightUnit } from '../report/units.js';

/** As in figures: what drives is black, excitatory neurons are blue, inhibitory ones vermillion. */
const COLORS: Readonly<Record<string, string>> = {
  Excitatory: 'var(--blue)',
  Inhibitory: 'var(--vermillion)',
};
const OTHER_COLORS = ['green', 'purple', 'orange', 'sky-blue'].map((name) => `var(--${name})`);

export function networkMessage({ populations, rows, weights }: NetworkView): NetworkMessage {
  const shown = new Map<string, PopulationMessage>();
  const look = (name: string, model: string, size: number): PopulationMessage => {
    const title = populationTitle(name);
    const drives = !populations.some((p) => p.name === name) || model === 'parrot_neuron';
    const other = OTHER_COLORS[shown.size % OTHER_COLORS.length]!;
    const color = drives ? 'var(--black)' : (COLORS[title] ?? other);
    const message = shown.get(name) ?? { name: title, size, color };
    shown.set(name, message);
    return { ...message, size };
  };
  return {
    populations: populations.map(({ name, model, size }) => look(name, model, size)),
    rows: rows.map(({ population, model, size, ...rest }) => ({
      ...look(population, model, size),
      ...rest,
    })),
    ...(weights && {
      weights: {
        ...weights,
        source: titles(weights.source),
        target: titles(weights.target),
        unit: weightUnit(weights.targetModel),
      },
    }),
  };
}

/** Of a collection of populations: `exc+inh`. */
function titles(names: string): string {
  return names.split('+').map(populationTitle).join(' and ');
}
