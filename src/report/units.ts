/** Units and words that figures, tables and summary share. */
/** 'Weight' and 'mV' to 'Weight (mV)'; a pure number has no bracket. */
export function withUnit(quantity: string, unit: string): string {
  return unit === '' ? quantity : `${quantity} (${unit})`;
}

/** A duration in ms as a reader writes it: '10 s', '4.2 s', '350 ms'. */
export function duration(ms: number): string {
  return ms >= 1000 ? `${Number((ms / 1000).toPrecision(6))} s` : `${Number(ms.toPrecision(6))} ms`;
}

/** Three digits, '0.0150', '1.58', or all those before the point, '1580'; an exponent only from a million on, and for what is tiny. */
export function threeDigits(value: number): string {
  const size = Math.abs(value);
  return size >= 100 && size < 1e6 ? value.toFixed(0) : value.toPrecision(3);
}

/** The remark every figure and table of an interrupted run carries; undefined for a whole run. */
export function incompleteRemark(run: {
  readonly complete: boolean;
  readonly simulatedTime: number;
  readonly requestedTime: number;
}): string | undefined {
  if (run.complete) return undefined;
  return `Incomplete run: ${duration(run.simulatedTime)} of ${duration(run.requestedTime)} simulated`;
}

/** What a run that failed says of itself; undefined for others. */
export function failureRemark({ failure }: { readonly failure?: string }): string | undefined {
  if (failure === undefined) return undefined;
  return `The run failed: ${failure}. Records are whole up to the time simulated; spike counts and weights may be of up to a slice later, and there is no digest.`;
}

const CONVENTIONAL_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(e|ex|exc|excitatory)$/i, 'Excitatory'],
  [/^(i|in|inh|inhibitory)$/i, 'Inhibitory'],
  [/^inputs?$/i, 'Inputs'],
];

/** A population's name for print: conventional abbreviations in full, others as they are. */
export function populationTitle(name: string): string {
  return CONVENTIONAL_NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? name;
}
