import { LeewardError } from '@leeward/core';
import { covers } from '@leeward/core/access/role';
import type { Identity } from '@leeward/engine';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Door } from './door.ts';

/** Bytes of input from callers who are not known yet: to read more of it would cost them less than the server. */
const longestOfNobody = 64 * 1024;

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Lets an operation be called only by who may: `L-AUT-101` for nobody, `L-AUT-102` and `L-AUT-110` for others. Nothing
 * of the input is read before. A route that does not say who may call it cannot be added.
 */
export function guard(api: FastifyInstance, door: Door): void {
  api.decorateRequest('caller', undefined);
  api.decorateRequest('session', undefined);
  api.addHook('onRoute', (route) => {
    const { method, url, config } = route;
    if (config?.access === undefined)
      throw new Error(`${String(method)} ${url} does not say who may call it`);
    if (config.access === 'anyone') route.bodyLimit = longestOfNobody;
  });
  api.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    door.requireOwnSite(request);
    if (access === 'anyone') return;
    const caller = await door.identify(request);
    if (!caller) throw new LeewardError('L-AUT-101');
    const { identity, session } = caller;
    request.caller = identity;
    request.session = session;
    if (access === undefined || !covers(identity.role, access))
      throw new LeewardError('L-AUT-102', { who: whoIs(identity), role: identity.role, needed: access });
    if (identity.readOnly && changesSomething(request))
      throw new LeewardError('L-AUT-110', { token: identity.name });
  });
}

/** Whether an operation leaves anything changed. */
export function changesSomething({ method, routeOptions: { config } }: FastifyRequest): boolean {
  return !safeMethods.includes(method) && config.changes !== false;
}

/** As errors name a caller. */
export function whoIs({ kind, name }: Identity): string {
  return `the ${kind} "${name}"`;
}
