/** What of a network a page shows, in its words and colours. */
import type { NetworkView, ViewedPopulation } from '../experiment/network-view.js';
import { pageColor } from '../report/colors.js';
import type { NetworkMessage, PopulationMessage } from '../report/page/client/live-messages.js';
import { colorOf } from '../report/spiking.js';
import { populationTitle } from '../report/units.js';

export function networkMessage({ populations, rows, weights }: NetworkView): NetworkMessage {
  const names = [...new Set([...populations, ...rows].map(({ name }) => name))];
  const look = ({ name, model, size }: ViewedPopulation): PopulationMessage => {
    const isNeuron = populations.some((population) => population.name === name);
    const color = isNeuron ? colorOf({ name, model }, names.indexOf(name)) : 'black';
    return { name: populationTitle(name), size, color: pageColor(color) };
  };
  return {
    populations: populations.map(look),
    rows: rows.map(({ first, firstId, every, ...nodes }) => ({
      ...look(nodes),
      first,
      firstId,
      every,
    })),
    ...(weights && {
      weights: {
        ...weights,
        source: titles(weights.source),
        target: titles(weights.target),
      },
    }),
  };
}

/** Of a collection of populations: `exc+inh`. */
function titles(names: string): string {
  return names.split('+').map(populationTitle).join(' and ');
}
