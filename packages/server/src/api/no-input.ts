import { LeewardError } from '@leeward/core';
import type { FastifyInstance } from 'fastify';

/** An operation that takes no input refuses one: what is sent would have no effect, which nobody expects. */
export function refuseUnexpectedInput(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ body, routeOptions, is404 }) => {
    if (is404) return;
    const takesInput = routeOptions.schema?.body !== undefined;
    if (takesInput || body === undefined || body === null) return;
    throw new LeewardError('L-CFG-103', { problem: 'this operation takes no input' });
  });
}

/** No input has a reason to be deeper; what looks through inputs goes as deep as they are. */
const deepest = 50;

/**
 * No database and no foreign system takes these in a text: zero characters, and halves of characters. What is too deep is
 * refused too, before anything follows it.
 */
export function refuseUnstorableText(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ body, query, params }) => {
    for (const [where, input] of Object.entries({ body, query, params }))
      if (hasUnstorable(input))
        throw new LeewardError('L-CFG-103', {
          problem: `${where} holds a text with a zero character or with half of a character`,
        });
  });
}

function hasUnstorable(value: unknown, depth = 0): boolean {
  if (depth > deepest)
    throw new LeewardError('L-CFG-103', { problem: `the input is nested deeper than ${deepest} levels` });
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (Array.isArray(value)) return value.some((each) => hasUnstorable(each, depth + 1));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) => hasUnstorable(name) || hasUnstorable(inner, depth + 1),
  );
}
