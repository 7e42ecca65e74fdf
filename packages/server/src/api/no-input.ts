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
