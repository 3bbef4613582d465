/** Errors across threads: structured cloning keeps neither classes nor fields of errors. */
import * as errors from '../errors/index.js';

export interface TransferredError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function packError(error: unknown): TransferredError {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: String(error), stack: undefined, fields: {} };
  }
  const { name, message, stack } = error;
  const fields = Object.fromEntries(Object.entries(error).filter(([key]) => key !== 'name'));
  return { name, message, stack, fields };
}

/** The error again, as an instance of its class if that is one of isospike's. */
export function unpackError(packed: TransferredError): Error {
  const known = Object.values(errors).find(
    (value) =>
      typeof value === 'function' && value.name === packed.name && value.prototype instanceof Error,
  );
  const error = new Error(packed.message);
  if (known) Object.setPrototypeOf(error, known.prototype as object);
  Object.assign(error, packed.fields, { name: packed.name });
  if (packed.stack !== undefined) error.stack = packed.stack;
  return error;
}
