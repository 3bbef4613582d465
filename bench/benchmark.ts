/** What a benchmark is: a question, and a measurement that answers it and checks its own output. */

/** Bounds that a figure is meant to keep. */
export type Target = { readonly most: number } | { readonly least: number };

/** One number that a benchmark measures. */
export interface Figure {
  readonly unit: string;
  readonly target?: Target;
  /** What NEST 3.10 needs for the same on this kind of machine, in the unit. */
  readonly nest?: string;
}

/** What a benchmark can ask of the process that runs it. */
export interface Outside {
  /** Physical memory of the measuring process as its parent sees it, now and at the highest. */
  memory(): Promise<{ readonly residentBytes: number; readonly peakBytes: number }>;
}

export interface Benchmark<Plan, Names extends string = string> {
  readonly name: string;
  readonly question: string;
  readonly seed: number;
  readonly figures: Readonly<Record<Names, Figure>>;
  /** Sizes: `short` is the same work, as small as its assertions allow. */
  readonly plans: { readonly full: Plan; readonly short: Plan };
  /** At full size it runs only if it is asked for by name. */
  readonly takesLong?: boolean;
  /** One run, alone in a fresh process. Throws AssertionError if the output is not what it must be. */
  measure(plan: Plan, outside: Outside): Promise<Readonly<Record<Names, number>>>;
}

/** A benchmark without its plan's type, as the runner sees it. */
export interface AnyBenchmark extends Omit<Benchmark<unknown>, 'measure'> {
  measureAs(form: Form, outside: Outside): Promise<Readonly<Record<string, number>>>;
}

export type Form = 'full' | 'short';

export function benchmark<Plan, Names extends string>(given: Benchmark<Plan, Names>): AnyBenchmark {
  return { ...given, measureAs: (form, outside) => given.measure(given.plans[form], outside) };
}
