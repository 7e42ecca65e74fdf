import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

export const explorerPath = '/api/docs';

/** Of a request that the page is about to send. */
interface ExplorerRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers: Record<string, string>;
}

/**
 * A page that shows the description of the API and calls it, at `/api/docs`. It runs nothing but its own files. Who is
 * signed in to the console calls by that session; others give a token under “Authorize”.
 */
export async function serveExplorer(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: explorerPath,
    staticCSP: {
      'default-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'img-src': "'self' data:",
      'object-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
    },
    theme: { title: 'Leeward API' },
    uiConfig: {
      layout: 'BaseLayout',
      docExpansion: 'none',
      displayOperationId: false,
      filter: true,
      persistAuthorization: false,
      tryItOutEnabled: false,
      requestInterceptor: withCsrfToken as never,
    },
  });
}

/**
 * Runs in the browser, as the text that it is: nothing from outside of it can be used. A session needs its token with
 * everything that changes something; a program's token does not.
 */
async function withCsrfToken(request: ExplorerRequest): Promise<ExplorerRequest> {
  const isSafe = ['GET', 'HEAD'].includes((request.method ?? 'GET').toUpperCase());
  const names = Object.keys(request.headers).map((name) => name.toLowerCase());
  if (isSafe || names.includes('authorization')) return request;
  const answer = await fetch('/api/v1/session');
  const { csrfToken } = answer.ok ? ((await answer.json()) as { csrfToken?: string }) : {};
  if (csrfToken !== undefined) request.headers['x-csrf-token'] = csrfToken;
  return request;
}
