import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import type { Query } from '../../rest/query.ts';
import type { NimbleRest } from './nimble-rest.ts';

/** More rows than any group has of one kind. */
const maxRows = 2_000_000;

/** How often a list that changes while it is paged through is begun again. */
const maxRestarts = 3;

/** All rows of a set, all pages read. A single object in place of a list is a list of one. */
export async function readRows<T>(
  rest: NimbleRest,
  rowSchema: z.ZodType<T>,
  path: string,
  query: Query,
  signal?: AbortSignal,
): Promise<T[]> {
  const pageSchema = z.object({
    data: z.union([z.array(rowSchema), rowSchema.transform((row) => [row]), z.null().transform(() => [])]),
    totalRows: z.int().min(0).optional(),
  });
  const wrong = (reason: string) =>
    new LeewardError('L-ARR-016', { host: rest.host, method: 'GET', path, reason });
  for (let restarts = 0; ; restarts++) {
    const rows: T[] = [];
    let total: number | undefined;
    for (;;) {
      const start = rows.length === 0 ? {} : { startRow: rows.length };
      const page = await rest.get(pageSchema, path, { ...query, ...start }, signal);
      for (const row of page.data) rows.push(row);
      // Rows that came or went in between have moved the others.
      if (total !== undefined && page.totalRows !== total && restarts < maxRestarts) break;
      total = page.totalRows;
      if (total === undefined || rows.length >= total) return rows;
      if (page.data.length === 0 || rows.length > maxRows)
        throw wrong(`${rows.length} of ${total} rows came, and no more`);
    }
  }
}

/** One object by its id. */
export async function readOne<T>(
  rest: NimbleRest,
  rowSchema: z.ZodType<T>,
  path: string,
  signal?: AbortSignal,
): Promise<T> {
  return (await rest.get(z.object({ data: rowSchema }), path, {}, signal)).data;
}
