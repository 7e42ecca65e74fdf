export type {
  ChainLink,
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
  Settings,
  SystemSummary,
  TopologyPath,
} from '@leeward/engine';
export { type Problem, problemOf } from './api/problem.ts';
export { apiSocketPath, dataFolder } from './process/data-folder.ts';
export { createLogger } from './process/logger.ts';
export { type RunningServer, startServer } from './process/server.ts';
