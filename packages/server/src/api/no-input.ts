import { LeewardError } from '@leeward/core';
import type { FastifyInstance } from 'fastify';

/** An operation that takes no input refuses one: what is sent would have no effect, which nobody expects. */
export function refuseUnexpectedInput(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ body, routeOptions }) => {
    const takesInput = routeOptions.schema?.body !== undefined;
    if (takesInput || body === undefined || body === null) return;
    throw new LeewardError('L-CFG-103', { problem: 'this operation takes no input' });
  });
}

/** No database and no foreign system takes these in a text: zero characters, and halves of characters. */
export function refuseUnstorableText(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ body, query, params }) => {
    for (const [where, input] of Object.entries({ body, query, params }))
      if (hasUnstorable(input))
        throw new LeewardError('L-CFG-103', {
          problem: `${where} holds a text with a zero character or with half of a character`,
        });
  });
}

function hasUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (Array.isArray(value)) return value.some(hasUnstorable);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => hasUnstorable(name) || hasUnstorable(inner));
}
