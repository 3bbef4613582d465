/**
 * Defined neurons whose equations are linear with constant coefficients: integrated exactly from
 * one grid step to the next (S. Rotter, M. Diesmann, Biol. Cybern. 81 (1999) 381-402). With
 * x' = A x + B u and inputs u that are constant in a step,
 *
 *     x(t + h) = e^(A h) x(t) + integral of e^(A s) B u over s in 0 ... h,
 *
 * where both factors are blocks of the exponential of [[A, B], [0, 0]] h. While a phase holds
 * variables, A and B are others: there is a propagator for each of these regimes.
 */
import { affineForm, CONSTANT } from '../../kernel/affine.js';
import { type Condition, type Equation, namesIn } from '../../kernel/equation.js';
import { EquationCode } from '../../kernel/equation-code.js';
import { type F64, f64 } from '../../kernel/ir.js';
import { settled } from '../../kernel/settled.js';
import { matrixExpm1 } from '../../math/matrix-exponential.js';
import type { ExactDynamics, ExactScope, ExactStep } from '../exact-neuron.js';
import type { Values } from '../spec.js';
import { boundsOf, durations, Jumps } from './jumps.js';
import type { ParsedNeuron } from './parse.js';

/** Names of what an equation is a sum of multiples of, CONSTANT among them. */
type Terms = ReadonlySet<string>;

/** The dynamics of a model, or undefined if it is not linear whatever its parameters. */
export function linearDynamics(model: ParsedNeuron): ExactDynamics | undefined {
  const terms = new Map<string, Terms>();
  for (const [name, equation] of model.derivatives) {
    const found = termsOf(model, equation);
    if (found === undefined) return undefined;
    terms.set(name, found);
  }
  return new LinearNeuron(model, terms).dynamics();
}

function termsOf(model: ParsedNeuron, equation: Equation): Terms | undefined {
  const counters = model.phases.map(({ counter }) => counter);
  const parameters = model.given.parameters;
  const fixed: Terms = new Set([CONSTANT]);
  const isFixed = (terms: Terms | undefined): boolean =>
    terms !== undefined && [...terms].every((name) => name === CONSTANT);
  const isChoice = (c: Condition): boolean =>
    c.kind === 'compare'
      ? isFixed(visit(c.a)) && isFixed(visit(c.b))
      : isChoice(c.a) && (c.kind === 'not' || isChoice(c.b));
  const visit = (e: Equation): Terms | undefined => {
    switch (e.kind) {
      case 'number':
        return fixed;
      case 'name': {
        if (Object.hasOwn(parameters, e.name) || counters.includes(e.name)) return fixed;
        const definition = model.definitions.get(e.name);
        return definition ? visit(definition) : new Set([e.name]);
      }
      case 'negate':
        return visit(e.a);
      case 'power':
        return isFixed(visit(e.a)) && isFixed(visit(e.b)) ? fixed : undefined;
      case 'call':
        return e.args.every((arg) => isFixed(visit(arg))) ? fixed : undefined;
      case 'if': {
        const [a, b] = [visit(e.then), visit(e.otherwise)];
        return isChoice(e.test) && a && b ? new Set([...a, ...b]) : undefined;
      }
      case 'arithmetic': {
        const [a, b] = [visit(e.a), visit(e.b)];
        if (!a || !b) return undefined;
        if (e.op === '+' || e.op === '-') return new Set([...a, ...b]);
        if (isFixed(b)) return a;
        return e.op === '*' && isFixed(a) ? b : undefined;
      }
    }
  };
  return visit(equation);
}

/** Number of the phase under way, or FREE. */
type Regime = number;
const FREE = -1;

interface Coefficient {
  readonly regime: Regime;
  readonly row: string;
  readonly column: string;
}

const nameOf = ({ regime, row, column }: Coefficient): string =>
  `${row} per ${column} in ${regime}`;

class LinearNeuron {
  /** Integrated variables, then what they depend on that is constant within a step. */
  private readonly variables: readonly string[];
  private readonly inputs: readonly string[];
  /** What the value of each variable after a step depends on. */
  private readonly reach: ReadonlyMap<string, Terms>;
  private readonly coefficients: readonly Coefficient[];

  constructor(
    private readonly model: ParsedNeuron,
    terms: ReadonlyMap<string, Terms>,
  ) {
    this.variables = [...terms.keys()];
    const all = new Set([...terms.values()].flatMap((names) => [...names]));
    this.inputs = [...all].filter((name) => !terms.has(name));
    this.reach = new Map(this.variables.map((name) => [name, reachable(name, terms)]));
    this.coefficients = this.variables.flatMap((row) =>
      this.regimesOf(row).flatMap((regime) =>
        [...this.reach.get(row)!].map((column) => ({ regime, row, column })),
      ),
    );
  }

  dynamics(): ExactDynamics {
    const { model, coefficients } = this;
    const derived = durations(model);
    const parameters = Object.keys(model.given.parameters);
    const inJumps = [
      ...[...model.reset.values(), ...model.definitions.values()],
      ...model.phases.flatMap(({ clamp, after }) => [...clamp.values(), ...after.values()]),
      ...(model.threshold ? [model.threshold] : []),
    ];
    const used = new Set(inJumps.flatMap((e) => [...namesIn(e)]));
    return {
      derived,
      propagators: {
        names: coefficients.map(nameOf),
        from: this.parametersOfEquations(),
        values: (values, h) => this.propagators(values, h),
      },
      reads: [
        ...parameters.filter((name) => used.has(name)),
        ...Object.keys(derived),
        ...coefficients.map(nameOf),
      ],
      step: (scope) => this.step(scope),
      bounds: boundsOf(model),
    };
  }

  /** Regimes in which a row is of its own: free, and phases that hold what the variable depends on. */
  private regimesOf(row: string): Regime[] {
    const { phases, definitions, derivatives } = this.model;
    const reach = [...this.reach.get(row)!, row].filter((name) => derivatives.has(name));
    const names = new Set<string>();
    const visit = (name: string): void => {
      if (names.has(name)) return;
      names.add(name);
      const equation = definitions.get(name) ?? derivatives.get(name);
      if (equation) for (const other of namesIn(equation)) visit(other);
    };
    for (const name of reach) visit(name);
    const own = phases.map((_, i) => i).filter((i) => names.has(phases[i].counter));
    return [FREE, ...own.filter((i) => !phases[i].clamp.has(row))];
  }

  private parametersOfEquations(): string[] {
    const { definitions, derivatives, given } = this.model;
    const used = [...definitions.values(), ...derivatives.values()].flatMap((e) => [...namesIn(e)]);
    return Object.keys(given.parameters).filter((name) => used.includes(name));
  }

  /** Values of the coefficients, in their order. */
  private propagators(parameters: Values, h: number): number[] {
    const matrices = new Map<Regime, Float64Array>();
    const names = [...this.variables, ...this.inputs];
    return this.coefficients.map(({ regime, row, column }) => {
      const known = matrices.get(regime) ?? this.propagator(parameters, regime, h);
      matrices.set(regime, known);
      const [i, j] = [names.indexOf(row), names.indexOf(column)];
      return known[i * names.length + j] + (i === j ? 1 : 0);
    });
  }

  /** The exponential, less the unit matrix. */
  private propagator(parameters: Values, regime: Regime, h: number): Float64Array {
    const { model, variables, inputs } = this;
    const names = [...variables, ...inputs];
    const size = names.length;
    const counters = model.phases.map(({ counter }, i) => [counter, i === regime ? 1 : 0] as const);
    const values = new Map([...Object.entries(parameters), ...counters]);
    const matrix = new Float64Array(size * size);
    variables.forEach((name, i) => {
      const { row } = affineForm(model.derivatives.get(name)!, values, model.definitions);
      for (const [column, value] of row) {
        // Constants are absent from some rows that name them, and the other way round when they are 0.
        const j = names.indexOf(column);
        if (j >= 0) matrix[i * size + j] = value * h;
      }
    });
    return matrixExpm1(matrix, size, variables.length);
  }

  private step({ k, state, parameters, ...arriving }: ExactScope): ExactStep {
    const { model } = this;
    const before = new Map(Object.entries(state));
    const jumps = new Jumps(model, k, state, parameters);
    const clamps = new EquationCode(k, model.definitions, new Map(Object.entries(parameters)));
    for (const row of this.variables) {
      let value = this.row(FREE, row, state, parameters);
      const own = this.regimesOf(row);
      model.phases.forEach(({ counter, clamp }, i) => {
        const held = clamp.get(row);
        if (!held && !own.includes(i)) return;
        const other = held ? clamps.value(held, before) : this.row(i, row, state, parameters);
        value = state[counter].gt(0).select(other, value);
      });
      const decays = !this.reach.get(row)!.has(CONSTANT);
      jumps.state.set(row, decays ? settled(k.let(value)) : k.let(value));
    }
    jumps.receive(arriving, before);
    return this.jump(jumps, before, k);
  }

  private jump(jumps: Jumps, before: ReadonlyMap<string, F64>, k: ExactScope['k']): ExactStep {
    const { phases } = this.model;
    // Counters are still those of the beginning.
    const fired = k.let(jumps.reachesThreshold((name) => before.get(name)!).select(1, 0)).gt(0);
    for (const { counter } of phases) {
      jumps.state.set(counter, k.let(before.get(counter)!.sub(1).max(0)));
    }
    const handsOver = (i: number): boolean => phases[i].after.size > 0 || i < phases.length - 1;
    const ended = phases.map(({ counter }, i) =>
      handsOver(i) ? before.get(counter)!.eq(1) : undefined,
    );
    jumps.follow(fired, ended, 0);
    const changed = [...jumps.state].filter(([name, value]) => before.get(name) !== value);
    return { state: Object.fromEntries(changed), fired };
  }

  private row(
    regime: Regime,
    row: string,
    state: Readonly<Record<string, F64>>,
    parameters: Readonly<Record<string, F64>>,
  ): F64 {
    const terms = [...this.reach.get(row)!].map((column) => {
      const coefficient = parameters[nameOf({ regime, row, column })];
      return column === CONSTANT ? coefficient : state[column].mul(coefficient);
    });
    return terms.length === 0 ? f64(0) : terms.reduce((sum, term) => sum.add(term));
  }
}

/** A variable, and all that it depends on, directly or not. */
function reachable(name: string, terms: ReadonlyMap<string, Terms>): Terms {
  const found = new Set([name]);
  for (const one of found) for (const other of terms.get(one) ?? []) found.add(other);
  return found;
}
