import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

export interface PageHeaders {
  /** False: browsers have to be able to come back over another certificate. */
  readonly strictTransport: boolean;
}

const yearSeconds = 31_536_000;

/** What browsers are told: load nothing from elsewhere, run nothing that stands in a page, be in no frame of others. */
export async function pageHeaders(app: FastifyInstance, { strictTransport }: PageHeaders): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'object-src': ["'none'"],
      },
    },
    strictTransportSecurity: strictTransport ? { maxAge: yearSeconds, includeSubDomains: false } : false,
    frameguard: { action: 'deny' },
  });
  app.addHook('onRequest', async ({ url }, reply) => {
    if (isOfApi(url)) reply.header('cache-control', 'no-store');
  });
}

export function isOfApi(url: string): boolean {
  return /^\/api(\/|\?|$)/.test(url);
}
