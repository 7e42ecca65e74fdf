import type { AnsweredRequest } from '@leeward/engine';
import type { FastifyInstance } from 'fastify';

/** Prometheus asks there unless it is told otherwise. */
export function metricsAddress({ url = '/' }: { readonly url?: string | undefined }): string {
  return /^\/metrics(\?|$)/.test(url) ? `/api/v1${url}` : url;
}

/** Tells of every answer by its route's pattern. Streams of events are followed for minutes and tell nothing. */
export function countAnswers(api: FastifyInstance, tell: (request: AnsweredRequest) => void): void {
  api.addHook('onResponse', async ({ method, routeOptions }, { statusCode: status, elapsedTime }) => {
    const { url: route = '' } = routeOptions;
    if (!route.endsWith('/events')) tell({ method, route, status, durationMs: elapsedTime });
  });
}
