/** Reading the texts of a definition, and telling what is wrong with them. */
import {
  EquationError,
  UnknownNameError,
  UnknownQuantityError,
  ValueError,
} from '../../errors/index.js';
import {
  type Condition,
  type Equation,
  EquationSyntaxError,
  isReserved,
  namesIn,
  parseCondition,
  parseEquation,
  valueBefore,
} from '../../kernel/equation.js';
import { conditionHolds } from '../../kernel/equation-value.js';
import { commonParameterNames } from '../common-parameters.js';
import { type Check, NOT_NEGATIVE, POSITIVE } from '../spec.js';
import { checkForm, DEFAULT_COUNTER, type NeuronDefinition, phasesOf } from './definition.js';

/** Current from devices. */
export const STIMULUS = 'I_stim';
/** State variable in which the step control remembers its sub-step. */
export const SUGGESTION = 'suggested_substep';

export type Equations = ReadonlyMap<string, Equation>;

export interface Phase {
  readonly counter: string;
  readonly duration: string;
  readonly clamp: Equations;
  readonly after: Equations;
}

/** Where weights go. */
export type Receives = ReadonlyMap<string, 'input' | 'inhibitoryInput'>;

export interface ParsedNeuron {
  readonly given: NeuronDefinition;
  readonly definitions: Equations;
  /** As given, but 0 in phases that clamp the variable. */
  readonly derivatives: Equations;
  readonly threshold: Condition | undefined;
  /** State variables whose values before the step the threshold asks for. */
  readonly remembered: readonly string[];
  readonly reset: Equations;
  readonly phases: readonly Phase[];
  readonly receives: Receives;
  readonly checks: readonly Check[];
  readonly takesCurrent: boolean;
}

const NAME = /^[A-Za-z]\w*$/;
const RESERVED = [STIMULUS, SUGGESTION, ...commonParameterNames];

/**
 * @throws EquationError, UnknownQuantityError, UnknownNameError, ValueError, MissingKeyError,
 *   UnknownKeyError
 */
export function parseNeuron(given: unknown): ParsedNeuron {
  checkForm(given);
  return new NeuronParser(given).parse();
}

class NeuronParser {
  private readonly counters: readonly string[];
  private readonly known: readonly string[];
  private readonly definitions = new Map<string, Equation>();

  constructor(private readonly given: NeuronDefinition) {
    const { parameters, state, definitions = {} } = given;
    this.counters = phasesOf(given).map(({ counter }) => counter ?? DEFAULT_COUNTER);
    const own = [parameters, state, definitions].flatMap((names) => Object.keys(names));
    this.checkNames([...own, ...this.counters]);
    this.known = [...own, ...this.counters, STIMULUS];
  }

  parse(): ParsedNeuron {
    const { given } = this;
    for (const [name, text] of Object.entries(given.definitions ?? {})) {
      this.definitions.set(name, this.equation(`definitions.${name}`, text));
    }
    this.checkCircles();
    const phases = this.phases();
    const equations = this.assignments('equations', given.equations);
    const derivatives = new Map(
      [...equations].map(([name, e]) => [name, heldIn(phases, name, e)] as const),
    );
    const { threshold } = given;
    if (threshold === undefined && (given.reset ?? given.refractory) !== undefined) {
      throw new ValueError(`${given.name}.threshold`, threshold, 'the condition of a spike');
    }
    this.checkOthers();
    const fires = threshold === undefined ? undefined : this.threshold(threshold);
    const reset = this.assignments('reset', given.reset ?? {});
    const jumps = phases.flatMap(({ clamp, after }) => [...clamp.values(), ...after.values()]);
    const all = [...equations.values(), ...this.definitions.values(), ...reset.values(), ...jumps];
    return {
      given,
      definitions: this.definitions,
      derivatives,
      threshold: fires,
      remembered: Object.keys(given.state).filter(
        (name) => fires && namesIn(fires).has(valueBefore(name)),
      ),
      reset,
      phases,
      receives: this.receives(),
      checks: this.checks(),
      takesCurrent: [...all, ...(fires ? [fires] : [])].some((e) => namesIn(e).has(STIMULUS)),
    };
  }

  private checkNames(names: readonly string[]): void {
    const { name: model } = this.given;
    names.forEach((name, i) => {
      if (!NAME.test(name) || isReserved(name) || RESERVED.includes(name)) {
        const expected = `a name of letters, digits and _, beginning with a letter, other than those of functions, ${RESERVED.join(', ')}`;
        throw new ValueError(`a name in ${model}`, name, expected);
      }
      if (names.indexOf(name) < i)
        throw new ValueError(`a name in ${model}`, name, 'a name that nothing else in it has');
    });
  }

  /** Definitions may use each other, but not in a circle. */
  private checkCircles(): void {
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
      const equation = this.definitions.get(name);
      if (equation === undefined || done.has(name)) return;
      if (path.includes(name)) {
        const circle = [...path.slice(path.indexOf(name)), name].join(' -> ');
        this.fail(
          `definitions.${name}`,
          this.given.definitions![name],
          `it needs itself: ${circle}`,
        );
      }
      for (const other of namesIn(equation)) visit(other, [...path, name]);
      done.add(name);
    };
    for (const name of this.definitions.keys()) visit(name, []);
  }

  private phases(): Phase[] {
    return phasesOf(this.given).map(({ duration, clamp = {}, then = {} }, i) => {
      const where = Array.isArray(this.given.refractory) ? `refractory.${i}` : 'refractory';
      this.checkName(
        `parameter in ${where}.duration`,
        duration,
        Object.keys(this.given.parameters),
      );
      return {
        counter: this.counters[i],
        duration,
        clamp: this.assignments(`${where}.clamp`, clamp),
        after: this.assignments(`${where}.then`, then),
      };
    });
  }

  private receives(): Receives {
    const { input } = this.given;
    if (input === undefined) return new Map();
    const to = (name: string): string => {
      this.checkName('state variable in input', name, Object.keys(this.given.state));
      return name;
    };
    if ('to' in input) return new Map([[to(input.to), 'input']]);
    if (input.positive === input.negative) {
      const expected = `another variable than 'positive'; for the sum of all weights, input is { to: '${input.positive}' }`;
      throw new ValueError(`${this.given.name}.input.negative`, input.negative, expected);
    }
    return new Map([
      [to(input.positive), 'input'],
      [to(input.negative), 'inhibitoryInput'],
    ]);
  }

  private checkOthers(): void {
    const { bounds = {}, tolerance, parameters, state } = this.given;
    for (const [name, bound] of Object.entries(bounds)) {
      this.checkName('state variable in bounds', name, Object.keys(state));
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = bound;
      if (min > max) throw new ValueError(`${this.given.name}.bounds.${name}`, bound, 'min <= max');
    }
    if (typeof tolerance === 'string') {
      this.checkName('parameter in tolerance', tolerance, Object.keys(parameters));
    } else if (tolerance !== undefined && !(tolerance > 0)) {
      throw new ValueError(`${this.given.name}.tolerance`, tolerance, 'a number > 0');
    }
  }

  private checks(): Check[] {
    const { parameters, tolerance } = this.given;
    const names = Object.keys(parameters);
    const given = Object.entries(parameters).flatMap(([name, { check = [] }]) =>
      [check].flat().map((text: string): Check => {
        const condition = this.condition(`parameters.${name}.check`, text, names);
        return {
          requires: text,
          names: [...namesIn(condition)],
          holds: (values) => conditionHolds(condition, (used) => values[used]),
        };
      }),
    );
    const durations = new Set(phasesOf(this.given).map(({ duration }) => duration));
    return [
      ...given,
      ...[...durations].map(NOT_NEGATIVE),
      ...(typeof tolerance === 'string' ? [POSITIVE(tolerance)] : []),
    ];
  }

  /** Equations by state variable. */
  private assignments(section: string, texts: Readonly<Record<string, string>>): Equations {
    const state = Object.keys(this.given.state);
    return new Map(
      Object.entries(texts).map(([name, text]) => {
        this.checkName(`state variable in ${section}`, name, state);
        return [name, this.equation(`${section}.${name}`, text)] as const;
      }),
    );
  }

  private equation(place: string, text: string): Equation {
    return this.checked(place, text, () => parseEquation(text), this.known);
  }

  private threshold(text: string): Condition {
    const before = Object.keys(this.given.state).map(valueBefore);
    return this.condition('threshold', text, [...this.known, ...before]);
  }

  private condition(place: string, text: string, known = this.known): Condition {
    return this.checked(place, text, () => parseCondition(text), known);
  }

  private checked<E extends Equation | Condition>(
    place: string,
    text: string,
    parse: () => E,
    known: readonly string[],
  ): E {
    let parsed: E;
    try {
      parsed = parse();
    } catch (error) {
      if (!(error instanceof EquationSyntaxError)) throw error;
      return this.fail(place, text, error.reason);
    }
    for (const name of namesIn(parsed)) {
      if (!known.includes(name))
        throw new UnknownQuantityError(this.given.name, place, text, name, known);
    }
    for (const counter of this.counters) {
      if (usedAsNumber(parsed, counter))
        this.fail(place, text, `${counter} can only be compared with 0`);
    }
    return parsed;
  }

  private checkName(kind: string, name: string, known: readonly string[]): void {
    if (!known.includes(name))
      throw new UnknownNameError(`${kind} of ${this.given.name}`, name, known);
  }

  private fail(place: string, text: string, problem: string): never {
    throw new EquationError(this.given.name, place, text, problem);
  }
}

/** A derivative that is 0 while a phase holds its variable. */
function heldIn(phases: readonly Phase[], name: string, equation: Equation): Equation {
  const tests = phases
    .filter(({ clamp }) => clamp.has(name))
    .map(({ counter }) => inPhase(counter));
  if (tests.length === 0) return equation;
  const test = tests.reduce((a, b) => ({ kind: 'or', a, b }));
  return { kind: 'if', test, then: { kind: 'number', value: 0 }, otherwise: equation };
}

function inPhase(counter: string): Condition {
  return {
    kind: 'compare',
    op: '>',
    a: { kind: 'name', name: counter },
    b: { kind: 'number', value: 0 },
  };
}

/** Whether a name occurs other than in `name > 0` and the like. */
function usedAsNumber(e: Equation | Condition, name: string): boolean {
  if (e.kind === 'name') return e.name === name;
  if (e.kind === 'compare' && e.a.kind === 'name' && e.b.kind === 'number' && e.b.value === 0)
    return false;
  const parts = Object.values(e).flat() as unknown[];
  return parts.some(
    (part) => typeof part === 'object' && usedAsNumber(part as Equation | Condition, name),
  );
}
