import type { SwaggerTransformObject } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { sessionCookie } from './https-door.ts';

const signIn = {
  token: { type: 'http', scheme: 'bearer', description: 'An API token: `leeward token create`' },
  session: { type: 'apiKey', in: 'cookie', name: sessionCookie, description: 'A session of the console' },
} as const;

interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses?: Readonly<Record<string, object>>;
}

const header = (name: string, description: string) => ({
  ...{ in: 'header', name, required: false, description },
  schema: { type: 'string', minLength: 1, maxLength: 200 },
});
const idempotencyKey = header(
  'Idempotency-Key',
  'A repetition with the same key and input is answered as the first one was, and not done twice, for 24 hours',
);
const ifMatch = header('If-Match', '`ETag` of the GET: done only while what can be edited is as it was then');

/**
 * Completes what the schemas of the routes say by what holds for all of them: how to sign in, and the headers of pages,
 * entity tags and idempotency keys. `routes` is filled while routes are added.
 */
export function describeAll(
  routes: ReadonlyMap<string, { readonly access: string; readonly changes: boolean }>,
) {
  return ((document) => {
    const whole = jsonSchemaTransformObject(document);
    if (!('components' in whole)) return whole;
    const schemas = whole.components?.schemas ?? {};
    // The named schemas are of answers only; their forms as inputs are of no use to anybody.
    for (const id of Object.keys(schemas)) if (id.endsWith('Input')) delete schemas[id];
    Object.assign(whole.components ?? {}, { securitySchemes: signIn });
    for (const [path, item] of Object.entries(whole.paths ?? {}))
      for (const [method, operation] of Object.entries(item ?? {}))
        complete(operation as Described, method, 'get' in (item ?? {}), routes.get(`${method} ${path}`));
    return whole;
  }) satisfies SwaggerTransformObject;
}

function complete(
  operation: Described,
  method: string,
  isReadable: boolean,
  route: { readonly access: string; readonly changes: boolean } | undefined,
): void {
  const { parameters = [], responses } = operation;
  const isPaged = parameters.some((each) => each.in === 'query' && each.name === 'cursor');
  const isKeyed = method === 'post' && route?.changes === true && route.access !== 'anyone';
  const isEdit = isReadable && ['patch', 'put', 'delete'].includes(method);
  const security = route?.access === 'anyone' ? [] : [{ token: [] }, { session: [] }];
  const added = [...(isKeyed ? [idempotencyKey] : []), ...(isEdit ? [ifMatch] : [])];
  Object.assign(operation, {
    security,
    ...(added.length > 0 ? { parameters: [...parameters, ...added] } : {}),
  });
  const text = (description: string) => ({ description, schema: { type: 'string' } });
  Object.assign(responses?.['200'] ?? {}, {
    headers: {
      ...(method === 'get'
        ? { ETag: text('For `If-None-Match`, and of what can be edited for `If-Match`') }
        : {}),
      ...(isPaged ? { Link: text('`<path>; rel="next"`: the next page; missing on the last one') } : {}),
      ...(isKeyed ? { 'Idempotency-Replayed': text('`true`: answered as before, nothing was done') } : {}),
    },
  });
}

/** What `describeAll` has to know of the routes that are added to `api` from here on. */
export function noteRoutes(
  api: FastifyInstance,
  routes: Map<string, { readonly access: string; readonly changes: boolean }>,
): void {
  api.addHook('onRoute', ({ method, url, config }) => {
    const path = url.replace(/:(\w+)/g, '{$1}');
    routes.set(`${String(method).toLowerCase()} ${path}`, {
      access: config?.access ?? '',
      changes: config?.changes !== false,
    });
  });
}
