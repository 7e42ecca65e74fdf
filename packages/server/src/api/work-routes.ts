import type { Services } from '@leeward/engine';
import { job, plan, removedJob, vmExplanation } from './answers/plan-answer.ts';
import { run, runSummary, runView } from './answers/run-answers.ts';
import {
  adopted,
  chainLink,
  madeByHand,
  point,
  proxyView,
  registeredRepository,
  removedRepository,
  repositoryCheck,
  repositoryRepair,
  repositoryRescan,
  repositoryUsage,
} from './answers/work-answers.ts';
import type { Api } from './api.ts';
import {
  addRepository,
  byId,
  byJobAndName,
  chainFilter,
  checkRepository,
  createJob,
  deleteFromChain,
  editJob,
  editProxy,
  editRepository,
  explainJob,
  repairRepository,
  restoreVm,
} from './inputs.ts';
import { listPoints, listRuns } from './list-inputs.ts';
import { answerPage, splitQuery } from './paging.ts';
import { about, changesNothing, listOf } from './route-about.ts';

/** Proxies, repositories, jobs, runs, points and restores. */
export function workRoutes(api: Api, services: Services): void {
  const { proxies, repositories, jobs, runs, retries, points, chains, restores } = services;
  const one = { params: byId };

  api.get('/proxies', about('viewer', 'proxy', 'Proxies and what they reach', listOf(proxyView)), () =>
    proxies.list(),
  );
  api.post(
    '/proxies/:id/probe',
    about('operator', 'proxy', 'Prove which data ports it reaches', proxyView, one),
    ({ params }) => proxies.probe(params.id),
  );
  api.get('/proxies/:id', about('viewer', 'proxy', 'A proxy', proxyView, one), ({ params }) =>
    proxies.find(params.id),
  );
  api.patch(
    '/proxies/:id',
    about('administrator', 'proxy', 'Change where a proxy may restore to', proxyView, {
      params: byId,
      body: editProxy,
    }),
    ({ params, body }) => proxies.edit(params.id, body),
  );
  api.delete(
    '/proxies/:id',
    about('administrator', 'proxy', 'Forget a proxy that runs no more', proxyView, one),
    ({ params }) => proxies.remove(params.id),
  );

  api.get(
    '/repositories',
    about('viewer', 'repository', 'Registered repositories', listOf(registeredRepository)),
    () => repositories.list(),
  );
  api.get(
    '/repositories/usage',
    about('viewer', 'repository', 'Points of each repository, and what they stored', listOf(repositoryUsage)),
    () => repositories.usage(),
  );
  api.get(
    '/repositories/:id',
    about('viewer', 'repository', 'A repository', registeredRepository, one),
    ({ params }) => repositories.find(params.id),
  );
  api.post(
    '/repositories',
    about('administrator', 'repository', 'Make or register a repository', registeredRepository, {
      body: addRepository,
    }),
    ({ body: { init, ...input } }) => (init ? repositories.init(input) : repositories.add(input)),
  );
  api.patch(
    '/repositories/:id',
    about('administrator', 'repository', 'Change path or password of a repository', registeredRepository, {
      params: byId,
      body: editRepository,
    }),
    ({ params, body }) => repositories.edit(params.id, body),
  );
  api.delete(
    '/repositories/:id',
    about(
      'administrator',
      'repository',
      'Forget a repository that nobody needs; what is in it stays',
      removedRepository,
      one,
    ),
    ({ params }) => repositories.remove(params.id),
  );
  api.post(
    '/repositories/:id/rescan',
    about(
      'operator',
      'repository',
      'Take up points that are there and not known, and forget those that are gone',
      repositoryRescan,
      one,
    ),
    ({ params }) => repositories.rescan(params.id),
  );
  api.post(
    '/repositories/:id/repair',
    about(
      'administrator',
      'repository',
      'Take damaged packs out, so that runs store again what was lost',
      repositoryRepair,
      {
        params: byId,
        body: repairRepository,
      },
    ),
    ({ params, body }) => repositories.repair(params.id, body),
  );
  api.post(
    '/repositories/:id/check',
    changesNothing(
      about('operator', 'repository', 'Check the structure, or every byte', repositoryCheck, {
        params: byId,
        body: checkRepository,
      }),
    ),
    ({ params, body }) => repositories.check(params.id, body),
  );

  api.get('/jobs', about('viewer', 'job', 'Jobs', listOf(job)), () => jobs.list());
  api.post('/jobs', about('administrator', 'job', 'Create a job', job, { body: createJob }), ({ body }) =>
    jobs.create(body),
  );
  api.get('/jobs/:id', about('viewer', 'job', 'A job', job, one), ({ params }) => jobs.find(params.id));
  api.patch(
    '/jobs/:id',
    about('administrator', 'job', 'Change a job', job, { params: byId, body: editJob }),
    ({ params, body }) => jobs.edit(params.id, body),
  );
  api.delete(
    '/jobs/:id',
    about('administrator', 'job', 'Forget a job; its points stay', removedJob, one),
    ({ params }) => jobs.remove(params.id),
  );
  api.post(
    '/jobs/:id/plan',
    changesNothing(about('viewer', 'job', 'What a run would do; touches nothing', plan, one)),
    ({ params, visible }) => jobs.plan(params.id, visible !== undefined),
  );
  api.post(
    '/plan',
    changesNothing(
      about(
        'administrator',
        'job',
        'What a run of a job like this would do, before there is one; touches nothing',
        plan,
        {
          body: createJob,
        },
      ),
    ),
    ({ body }) => jobs.planNew(body),
  );
  api.post(
    '/jobs/:id/explain',
    changesNothing(
      about(
        'viewer',
        'job',
        'Every path considered for one VM of the job, and why it is taken or not; touches nothing',
        vmExplanation,
        {
          params: byId,
          body: explainJob,
        },
      ),
    ),
    ({ params, body, visible }) => jobs.explain(params.id, body.vm, visible !== undefined),
  );
  api.post('/jobs/:id/run', about('operator', 'job', 'Start a run', run, one), ({ params, caller }) =>
    jobs.run(params.id, caller),
  );

  api.get(
    '/runs',
    about('viewer', 'run', 'Runs, newest first; without their plans', listOf(runSummary), {
      querystring: listRuns,
    }),
    async (request, reply) => {
      const { filter, request: wanted } = splitQuery(request.query);
      const { state, ...others } = filter;
      const page = await runs.list({ ...others, states: state && [state] }, wanted);
      return answerPage(request, reply, page);
    },
  );
  api.get(
    '/runs/:id',
    about('viewer', 'run', 'A run with its VMs, steps and events', runView, one),
    ({ params, visible }) => runs.show(params.id, visible !== undefined),
  );
  api.post(
    '/runs/:id/cancel',
    about('operator', 'run', 'Ask a run to end and clean up', run, one),
    ({ params, visible }) => runs.cancel(params.id, visible !== undefined),
  );
  api.post(
    '/runs/:id/retry',
    about('operator', 'run', 'Start a run over the VMs alone that this one did not back up', run, one),
    ({ params, caller }) => retries.retry(params.id, caller),
  );

  api.get(
    '/points',
    about('viewer', 'point', 'Points, newest first', listOf(point), { querystring: listPoints }),
    async (request, reply) => {
      const { filter, request: wanted } = splitQuery(request.query);
      return answerPage(request, reply, await points.list(filter, wanted));
    },
  );
  api.get('/points/:id', about('viewer', 'point', 'A point', point, one), ({ params }) =>
    points.find(params.id),
  );
  api.get(
    '/chains',
    about(
      'viewer',
      'chain',
      'Storage snapshots that are kept, why, and when they go; reads the arrays',
      listOf(chainLink),
      {
        querystring: chainFilter,
      },
    ),
    ({ query, visible }) => chains.list(query, visible !== undefined),
  );
  api.get(
    '/jobs/:id/chains',
    about(
      'viewer',
      'chain',
      'Everything on the volumes of the chains of a job, what is not ours too',
      listOf(chainLink),
      one,
    ),
    ({ params, visible }) => chains.show(params.id, visible !== undefined),
  );
  api.post(
    '/jobs/:id/chains',
    about(
      'operator',
      'chain',
      'Make a storage snapshot of every primary volume of a job; it stays until it is deleted',
      madeByHand,
      one,
    ),
    ({ params, visible }) => chains.create(params.id, visible !== undefined),
  );
  api.post(
    '/jobs/:id/chains/adopt',
    about(
      'operator',
      'chain',
      'Take over what removed jobs left on the volumes of the chains of a job',
      adopted,
      one,
    ),
    ({ params }) => chains.adopt(params.id),
  );
  api.delete(
    '/jobs/:id/chains/:name',
    about(
      'administrator',
      'chain',
      'Delete a storage snapshot that Leeward made for a job',
      listOf(chainLink),
      {
        params: byJobAndName,
        querystring: deleteFromChain,
      },
    ),
    ({ params: { id, name }, query }) => chains.delete(id, { name, ...query }),
  );

  api.post(
    '/restores',
    about('restore-operator', 'restore', 'Restore a VM into a folder', run, { body: restoreVm }),
    ({ body, caller }) => restores.restoreVm(body, caller),
  );
}
