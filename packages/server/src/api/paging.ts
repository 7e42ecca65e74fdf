import type { Page } from '@leeward/engine';
import { pageLimits } from '@leeward/engine/services/page';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

const most = pageLimits.most.toLocaleString('en');

/** Of every list that grows, beside its filters. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(pageLimits.most)
    .optional()
    .describe(`Entries of a page: ${pageLimits.default} where left out, ${most} at most`),
  cursor: z
    .string()
    .regex(/^[\w-]{1,4000}$/, 'must be a cursor of this list')
    .optional()
    .describe('Where the page begins: taken from the `Link` header of the page before, unchanged'),
};

interface PagedQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** What asks for a page, and what filters. */
export function splitQuery<Q extends PagedQuery>({ limit, cursor, ...filter }: Q) {
  return { filter, request: { limit, cursor } };
}

/**
 * Answers with the entries of a page. Where the next one is stands in a `Link` header (RFC 8288), so that a list looks
 * the same whether it has one page or many: an array, of which each element is worth something by itself.
 */
export function answerPage<T>(request: FastifyRequest, reply: FastifyReply, page: Page<T>): readonly T[] {
  if (page.next !== undefined) reply.header('link', `<${nextAddress(request, page.next)}>; rel="next"`);
  return page.items;
}

/** Without host: whoever asks knows best how this server is reached. */
function nextAddress({ url }: FastifyRequest, cursor: string): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `${path}?${parameters}`;
}
