export type {
  ApiToken,
  AuditEntry,
  AuditPage,
  ChainLink,
  CleanedOrphans,
  CreatedToken,
  FoundOrphans,
  MadeByHand,
  Point,
  ProxyView,
  RegisteredRepository,
  RemovedJob,
  RemovedSystem,
  RepositoryCheck,
  RepositoryRepair,
  RestoreTarget,
  Run,
  RunState,
  RunStep,
  RunView,
  RunVm,
  SessionView,
  Settings,
  SystemSummary,
  TopologyPath,
  User,
} from '@leeward/engine';
export { type Problem, problemOf } from './api/problem.ts';
export { apiSocketPath, dataFolder } from './process/data-folder.ts';
export type { ListenAddress } from './process/https-listener.ts';
export { createLogger } from './process/logger.ts';
export {
  type HttpsSettings,
  type RunningHttps,
  type RunningServer,
  startServer,
} from './process/server.ts';
