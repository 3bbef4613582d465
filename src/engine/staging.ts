/** Connections made but not yet used: a connect call counts only if every virtual process can make its part. */

import type { ConnectCall } from '../connectivity/connect-call.js';
import type { SynapseModel } from '../models/spec.js';

/** Steps. */
export interface DelayRange {
  readonly min: number;
  readonly max: number;
}

export interface StagedConnections {
  readonly call: ConnectCall;
  readonly model: SynapseModel;
  /** Of the connections made on this process, undefined if there are none. */
  readonly delays: DelayRange | undefined;
  commit(): void;
  discard(): void;
}
