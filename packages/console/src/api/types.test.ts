import type * as server from '@leeward/server';
import { expectTypeOf, it } from 'vitest';
import type { ApiToken, AuditEntry, CreatedToken, User } from './access.ts';
import type { Channel, Delivery, TestedChannel } from './notifications.ts';
import type { OidcSettings, OidcTest } from './oidc.ts';
import type { CleanedOrphans, FoundOrphans } from './orphans.ts';
import type { Run, RunSummary, RunView } from './runs.ts';
import type { ScheduleTime } from './schedules.ts';
import type { ProtectionCounts, ProxyView, SystemSummary, VmSummary } from './systems.ts';
import type {
  ChainLink,
  Point,
  RemovedJob,
  Repository,
  RepositoryCheck,
  RepositoryRepair,
  RepositoryRescan,
  Settings,
} from './work.ts';

/** The console may not import the server; that its own types fit what the server answers is proved here by the compiler. */
it('reads what the server answers with', () => {
  expectTypeOf<server.Run>().toExtend<Run>();
  expectTypeOf<server.RunView>().toExtend<RunView>();
  expectTypeOf<server.SystemSummary>().toExtend<SystemSummary>();
  expectTypeOf<server.ProxyView>().toExtend<ProxyView>();
  expectTypeOf<server.RegisteredRepository>().toExtend<Repository>();
  expectTypeOf<server.RepositoryCheck>().toExtend<RepositoryCheck>();
  expectTypeOf<server.Point>().toExtend<Point>();
  expectTypeOf<server.ChainLink>().toExtend<ChainLink>();
  expectTypeOf<server.RemovedJob>().toExtend<RemovedJob>();
  expectTypeOf<server.Settings>().toExtend<Settings>();
  expectTypeOf<server.FoundOrphans>().toExtend<FoundOrphans>();
  expectTypeOf<server.CleanedOrphans>().toExtend<CleanedOrphans>();
  expectTypeOf<server.RepositoryRepair>().toExtend<RepositoryRepair>();
  expectTypeOf<server.RepositoryRescan>().toExtend<RepositoryRescan>();
  expectTypeOf<server.ScheduleTime>().toExtend<ScheduleTime>();
  expectTypeOf<server.ChannelView>().toExtend<Channel>();
  expectTypeOf<server.DeliveryView>().toExtend<Delivery>();
  expectTypeOf<server.TestedChannel>().toExtend<TestedChannel>();
  expectTypeOf<server.User>().toExtend<User>();
  expectTypeOf<server.ApiToken>().toExtend<ApiToken>();
  expectTypeOf<server.CreatedToken>().toExtend<CreatedToken>();
  expectTypeOf<server.OidcSettings>().toExtend<OidcSettings>();
  expectTypeOf<server.OidcTest>().toExtend<OidcTest>();
  expectTypeOf<server.AuditEntry>().toExtend<AuditEntry>();
  expectTypeOf<server.RunSummary>().toExtend<RunSummary>();
  expectTypeOf<server.VmSummary>().toExtend<VmSummary>();
  expectTypeOf<server.ProtectionCounts>().toExtend<ProtectionCounts>();
});
