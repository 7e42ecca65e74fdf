import type { Services } from '@leeward/engine';
import type { Api } from './api.ts';
import {
  addRepository,
  byId,
  checkRepository,
  createJob,
  pointFilter,
  restoreVm,
  runFilter,
} from './inputs.ts';
import { about } from './route-about.ts';

/** Proxies, repositories, jobs, runs, points and restores. */
export function workRoutes(api: Api, services: Services): void {
  const { proxies, repositories, jobs, runs, points, chains, restores } = services;
  const one = { params: byId };

  api.get('/proxies', about('proxy', 'Proxies and what they reach'), () => proxies.list());
  api.post('/proxies/:id/probe', about('proxy', 'Prove which data ports it reaches', one), ({ params }) =>
    proxies.probe(params.id),
  );

  api.get('/repositories', about('repository', 'Registered repositories'), () => repositories.list());
  api.post(
    '/repositories',
    about('repository', 'Make or register a repository', { body: addRepository }),
    ({ body: { init, ...input } }) => (init ? repositories.init(input) : repositories.add(input)),
  );
  api.post(
    '/repositories/:id/check',
    about('repository', 'Check the structure, or every byte', { params: byId, body: checkRepository }),
    ({ params, body }) => repositories.check(params.id, body),
  );

  api.get('/jobs', about('job', 'Jobs'), () => jobs.list());
  api.post('/jobs', about('job', 'Create a job', { body: createJob }), ({ body }) => jobs.create(body));
  api.get('/jobs/:id', about('job', 'A job', one), ({ params }) => jobs.find(params.id));
  api.post('/jobs/:id/plan', about('job', 'What a run would do; touches nothing', one), ({ params }) =>
    jobs.plan(params.id),
  );
  api.post('/jobs/:id/run', about('job', 'Start a run', one), ({ params }) => jobs.run(params.id));

  api.get(
    '/runs',
    about('run', 'Runs, newest first', { querystring: runFilter }),
    ({ query: { jobId, limit } }) => runs.list({ ...(jobId ? { jobId } : {}), ...(limit ? { limit } : {}) }),
  );
  api.get('/runs/:id', about('run', 'A run with its VMs, steps and events', one), ({ params }) =>
    runs.show(params.id),
  );
  api.post('/runs/:id/cancel', about('run', 'Ask a run to end and clean up', one), ({ params }) =>
    runs.cancel(params.id),
  );

  api.get('/points', about('point', 'Points, newest first', { querystring: pointFilter }), ({ query }) =>
    points.list(query),
  );
  api.get('/points/:id', about('point', 'A point', one), ({ params }) => points.find(params.id));
  api.get('/chains', about('chain', 'Storage snapshots that the chains keep'), () => chains.list());

  api.post('/restores', about('restore', 'Restore a VM into a folder', { body: restoreVm }), ({ body }) =>
    restores.restoreVm(body),
  );
}
