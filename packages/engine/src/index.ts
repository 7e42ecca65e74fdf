export { type Identity, localIdentity } from './access/identity.ts';
export { openProxyApplication, type ProxyApplication } from './application/proxy-application.ts';
export {
  openServerApplication,
  type ProxyRegistration,
  type ServerApplication,
} from './application/server-application.ts';
export type { ChainLink } from './chains/explained-chain.ts';
export type { MadeByHand } from './chains/make-by-hand.ts';
export { socketFolder } from './database/socket-folder.ts';
export type { FlowLog } from './flow/flow-log.ts';
export type { FoundOrphans } from './janitor/orphans.ts';
export {
  type SecretKeySource,
  secretKeyEnvironment,
  secretKeySourceOf,
} from './secrets/secret-key-source.ts';
export type { AuditPage, AuditService } from './services/audit-service.ts';
export type { RemovedJob } from './services/job-service.ts';
export type { CleanedOrphans } from './services/orphan-service.ts';
export type { ProxyView } from './services/proxy-service.ts';
export type { RepositoryCheck, RepositoryRepair } from './services/repository-service.ts';
export type { RunView } from './services/run-service.ts';
export type { Services } from './services/services.ts';
export type { SessionView } from './services/session-service.ts';
export type { Settings } from './services/settings-service.ts';
export type { RemovedSystem, SystemSummary } from './services/system-service.ts';
export type { CreatedToken } from './services/token-service.ts';
export type { TopologyPath } from './services/topology-service.ts';
export type { ApiToken } from './store/api-tokens.ts';
export type { AuditEntry } from './store/audit.ts';
export type { Point } from './store/points.ts';
export type { RegisteredRepository } from './store/repositories.ts';
export type { RunStep } from './store/run-log.ts';
export type { RunVm } from './store/run-vms.ts';
export type { RestoreTarget, Run, RunState } from './store/runs.ts';
export type { User } from './store/users.ts';
