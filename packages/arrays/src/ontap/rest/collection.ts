import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import type { Query } from '../../rest/query.ts';
import type { RestClient } from './rest-client.ts';

const pageSize = 500;
/** More pages than any array has objects for: the next links go round in circles. */
const maxPages = 10_000;

/** All records of a collection, all pages read. An empty page in between is not the end. */
export async function readAll<T>(
  rest: RestClient,
  recordSchema: z.ZodType<T>,
  path: string,
  query: Query,
  signal?: AbortSignal,
): Promise<T[]> {
  const pageSchema = z.object({
    records: z.array(recordSchema).default([]),
    _links: z.object({ next: z.object({ href: z.string() }).optional() }).optional(),
  });
  const found: T[] = [];
  const seen = new Set<string>();
  let page = await rest.get(pageSchema, path, { max_records: pageSize, ...query }, signal);
  for (;;) {
    for (const record of page.records) found.push(record);
    const next = page._links?.next?.href;
    if (next === undefined) return found;
    if (!next.startsWith('/api/') || seen.has(next) || seen.size > maxPages) {
      const reason = `the link to the next page leads nowhere: ${next}`;
      throw new LeewardError('L-ARR-016', { host: rest.host, method: 'GET', path, reason });
    }
    seen.add(next);
    page = await rest.get(pageSchema, next.slice('/api'.length), {}, signal);
  }
}
