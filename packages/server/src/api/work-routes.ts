import type { Services } from '@leeward/engine';
import { z } from 'zod';
import type { Api } from './api.ts';
import { addRepository, byId, checkRepository, createJob, restoreVm } from './inputs.ts';

/** Proxies, repositories, jobs, runs, points and restores. */
export function workRoutes(api: Api, services: Services): void {
  const { proxies, repositories, jobs, runs, points, chains, restores } = services;

  api.get('/proxies', () => proxies.list());
  api.post('/proxies/:id/probe', { schema: { params: byId } }, ({ params }) => proxies.probe(params.id));

  api.get('/repositories', () => repositories.list());
  api.post('/repositories', { schema: { body: addRepository } }, ({ body: { init, ...input } }) =>
    init ? repositories.init(input) : repositories.add(input),
  );
  api.post(
    '/repositories/:id/check',
    { schema: { params: byId, body: checkRepository } },
    ({ params, body }) => repositories.check(params.id, body),
  );

  api.get('/jobs', () => jobs.list());
  api.post('/jobs', { schema: { body: createJob } }, ({ body }) => jobs.create(body));
  api.get('/jobs/:id', { schema: { params: byId } }, ({ params }) => jobs.find(params.id));
  api.post('/jobs/:id/plan', { schema: { params: byId } }, ({ params }) => jobs.plan(params.id));
  api.post('/jobs/:id/run', { schema: { params: byId } }, ({ params }) => jobs.run(params.id));

  const runFilter = z.object({ jobId: z.string().optional(), limit: z.coerce.number().int().optional() });
  api.get('/runs', { schema: { querystring: runFilter } }, ({ query: { jobId, limit } }) =>
    runs.list({ ...(jobId ? { jobId } : {}), ...(limit ? { limit } : {}) }),
  );
  api.get('/runs/:id', { schema: { params: byId } }, ({ params }) => runs.show(params.id));
  api.post('/runs/:id/cancel', { schema: { params: byId } }, ({ params }) => runs.cancel(params.id));

  const pointFilter = z.object({ vm: z.string().optional(), runId: z.string().optional() });
  api.get('/points', { schema: { querystring: pointFilter } }, ({ query }) => points.list(query));
  api.get('/points/:id', { schema: { params: byId } }, ({ params }) => points.find(params.id));
  api.get('/chains', () => chains.list());

  api.post('/restores', { schema: { body: restoreVm } }, ({ body }) => restores.restoreVm(body));
}
