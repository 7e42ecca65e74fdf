import { LeewardError } from '@leeward/core';
import type { z } from 'zod';

/** A JSON column through its schema: what comes from the database is checked like all that comes from outside. */
export function parseColumn<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LeewardError('L-RUN-103', {
    message: `${what} in the database is not valid: ${parsed.error.message}`,
  });
}
