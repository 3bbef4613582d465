import type { Description } from '../spec.js';
import { type NeuronDefinition, phasesOf } from './definition.js';

/** A definition in words: what its texts say, in the order in which it happens. */
export function describe(given: NeuronDefinition): Description {
  const { definitions = {}, equations, threshold, reset = {} } = given;
  const phases = phasesOf(given).map(({ duration, clamp = {}, then = {} }) => {
    const held = Object.keys(clamp).length > 0 ? `, with ${assignments(clamp)}` : '';
    const end = Object.keys(then).length > 0 ? `; at its end ${assignments(then)}` : '';
    return `For \`${duration}\` the neuron does not fire again${held}${end}.`;
  });
  const jumps = Object.keys(reset).length > 0 ? `, and ${assignments(reset)}` : '';
  return {
    about: '',
    definitions,
    equations,
    step: [
      ...inputOf(given),
      ...(threshold === undefined ? [] : [`\`${threshold}\` means a spike${jumps}.`]),
      ...phases,
    ],
  };
}

function inputOf({ input }: NeuronDefinition): string[] {
  if (!input) return [];
  const when = input.after === 'first sub-step' ? 'After the first sub-step' : 'After the step';
  if ('to' in input) return [`${when}, what arrived is added to ${input.to}.`];
  const { positive, negative } = input;
  return [`${when}, arriving weights > 0 are added to ${positive}, the others to ${negative}.`];
}

function assignments(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `\`${name} = ${value}\``)
    .join(', ');
}
