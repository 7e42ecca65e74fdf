import type * as server from '@leeward/server';
import { expectTypeOf, it } from 'vitest';
import type { Run, RunView } from './runs.ts';
import type { ProxyView, SystemSummary, TopologyPath } from './systems.ts';
import type { ChainLink, Point, RemovedJob, Repository, RepositoryCheck, Settings } from './work.ts';

/** The console may not import the server; that its own types fit what the server answers is proved here by the compiler. */
it('reads what the server answers with', () => {
  expectTypeOf<server.Run>().toExtend<Run>();
  expectTypeOf<server.RunView>().toExtend<RunView>();
  expectTypeOf<server.SystemSummary>().toExtend<SystemSummary>();
  expectTypeOf<server.TopologyPath>().toExtend<TopologyPath>();
  expectTypeOf<server.ProxyView>().toExtend<ProxyView>();
  expectTypeOf<server.RegisteredRepository>().toExtend<Repository>();
  expectTypeOf<server.RepositoryCheck>().toExtend<RepositoryCheck>();
  expectTypeOf<server.Point>().toExtend<Point>();
  expectTypeOf<server.ChainLink>().toExtend<ChainLink>();
  expectTypeOf<server.RemovedJob>().toExtend<RemovedJob>();
  expectTypeOf<server.Settings>().toExtend<Settings>();
});
