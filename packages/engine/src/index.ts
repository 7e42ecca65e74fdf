export type { Mount } from '@leeward/core';
export type { JobView, SchedulePreview } from '@leeward/core/schedule/job-view';
export type { SeenRelation, TopologyPath } from '@leeward/core/words/topology';
export { type Identity, localIdentity } from './access/identity.ts';
export { registerProxy } from './application/register-proxy.ts';
export { openServerApplication, type ServerApplication } from './application/server-application.ts';
export type { ChainLink } from './chains/explained-chain.ts';
export type { MadeByHand } from './chains/make-by-hand.ts';
export type {
  ConfigurationDocument,
  ConfigurationPlan,
  ConfigurationStep,
} from './configuration/document.ts';
export { socketFolder } from './database/socket-folder.ts';
export type { FlowLog } from './flow/flow-log.ts';
export type { FoundOrphans } from './janitor/orphans.ts';
export { localProxyId } from './proxy/proxy-registration.ts';
export type { DailyReport } from './reports/daily-report.ts';
export type { ProtectionReport } from './reports/protection-report.ts';
export type { RunReport } from './reports/run-report.ts';
export {
  type SecretKeySource,
  secretKeyEnvironment,
  secretKeySourceOf,
} from './secrets/secret-key-source.ts';
export type { MadeServerBackup } from './server-backup/last-backup.ts';
export {
  type RestoredServer,
  type RestoreServer,
  restoreServer,
} from './server-backup/restore-server.ts';
export type { AuditService } from './services/audit-service.ts';
export type { RemovedJob } from './services/job-service.ts';
export type { AnsweredRequest } from './services/metrics-service.ts';
export type { ChannelView, DeliveryView, TestedChannel } from './services/notification-service.ts';
export type { OidcService, OidcTest } from './services/oidc-service.ts';
export type { CleanedOrphans } from './services/orphan-service.ts';
export type { Page, PageRequest } from './services/page.ts';
export type { ProxyView } from './services/proxy-service.ts';
export type { Readiness, ReadyPart } from './services/readiness-service.ts';
export type { RemovedRepository } from './services/remove-repository.ts';
export type { RepositoryCheck, RepositoryRepair } from './services/repository-service.ts';
export type { RepositoryRescan } from './services/rescan-repository.ts';
export type { RunView } from './services/run-service.ts';
export type { ScopeService, VisibleJobs } from './services/scope-service.ts';
export type { Services } from './services/services.ts';
export type { SessionView } from './services/session-service.ts';
export type { Settings } from './services/settings-service.ts';
export type { RemovedSystem, SystemSummary } from './services/system-service.ts';
export type { CreatedToken } from './services/token-service.ts';
export type { ProtectionCounts, VmSummary } from './services/vm-service.ts';
export type { ApiToken } from './store/api-tokens.ts';
export type { AuditEntry } from './store/audit.ts';
export type { KeyedRequest } from './store/idempotency.ts';
export type { OidcSettings } from './store/oidc.ts';
export type { Point, RepositoryUsage } from './store/points.ts';
export type { RegisteredRepository } from './store/repositories.ts';
export type { RunStep } from './store/run-log.ts';
export type { RunVm } from './store/run-vms.ts';
export type { RestoreTarget, Run, RunState, RunSummary } from './store/runs.ts';
export type { ScheduleTime } from './store/schedule-times.ts';
export type { User } from './store/users.ts';
