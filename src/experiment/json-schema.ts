/** The format of experiment files as a JSON Schema, for editors. */
import { z } from 'zod';
import { fileSchema } from './schema.js';

/** The schema in draft 7, which editors support best. */
export function experimentJsonSchema(): Record<string, unknown> {
  return {
    title: 'isospike experiment',
    ...z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-7', reused: 'ref' }),
  };
}
