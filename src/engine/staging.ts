/** Connections made but not yet used: a connect call counts only if every worker can make its part. */

/** Steps. */
export interface DelayRange {
  readonly min: number;
  readonly max: number;
}

export interface StagedConnections {
  /** Of the connections made on this worker, undefined if there are none. */
  readonly delays: DelayRange | undefined;
  commit(): void;
  discard(): void;
}
