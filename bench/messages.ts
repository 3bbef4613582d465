/** Between a measuring process and the one that started it. */
export interface Memory {
  readonly residentBytes: number;
  readonly peakBytes: number;
}

export interface RunOutcome {
  readonly figures: Readonly<Record<string, number>>;
  /** The calibration loop, mean of before and after. */
  readonly nsPerExp: number;
  /** Resident memory of the measuring process at the highest. */
  readonly peakBytes: number;
}

export type FromChild =
  | { readonly kind: 'memory' }
  | { readonly kind: 'outcome'; readonly outcome: RunOutcome }
  | { readonly kind: 'failure'; readonly message: string };

export type ToChild = { readonly memory: Memory } | { readonly error: string };
