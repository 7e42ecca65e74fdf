import { Passwords } from '../access/passwords.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { BackupFlows } from '../backup/backup-run.ts';
import type { FlowReference } from '../flow/flow-definition.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import type { JanitorReport, JanitorRound } from '../janitor/janitor.ts';
import type { Connections } from '../systems/connections.ts';
import { AuditService } from './audit-service.ts';
import { ChainService } from './chain-service.ts';
import { JobService } from './job-service.ts';
import { OrphanService } from './orphan-service.ts';
import { PointService } from './point-service.ts';
import { ProxyService } from './proxy-service.ts';
import { RepositoryService } from './repository-service.ts';
import { RestoreService } from './restore-service.ts';
import { RunService } from './run-service.ts';
import { SessionService } from './session-service.ts';
import { SettingsService } from './settings-service.ts';
import { SetupService } from './setup-service.ts';
import { SystemService } from './system-service.ts';
import { TokenService } from './token-service.ts';
import { TopologyService } from './topology-service.ts';
import { UserService } from './user-service.ts';

/** Every operation of the product, as the API offers it. */
export interface Services {
  readonly systems: SystemService;
  readonly topology: TopologyService;
  readonly proxies: ProxyService;
  readonly repositories: RepositoryService;
  readonly jobs: JobService;
  readonly runs: RunService;
  readonly points: PointService;
  readonly chains: ChainService;
  readonly restores: RestoreService;
  readonly orphans: OrphanService;
  readonly settings: SettingsService;
  readonly users: UserService;
  readonly sessions: SessionService;
  readonly tokens: TokenService;
  readonly setup: SetupService;
  readonly audit: AuditService;
}

export interface ServiceDeps {
  readonly backup: BackupDeps;
  readonly connections: Connections;
  readonly engine: FlowEngine;
  readonly runFlow: BackupFlows['run'];
  readonly janitor: FlowReference<JanitorRound, JanitorReport>;
}

export function createServices({ backup, connections, engine, runFlow, janitor }: ServiceDeps): Services {
  const points = new PointService(backup);
  const proxies = new ProxyService(backup, engine);
  const repositories = new RepositoryService(backup);
  const passwords = new Passwords();
  const users = new UserService(backup, passwords);
  const sessions = new SessionService(backup, passwords);
  const services = {
    systems: new SystemService(backup, connections),
    topology: new TopologyService(backup),
    proxies,
    repositories,
    jobs: new JobService(backup, { engine, runFlow, proxies, repositories }),
    runs: new RunService(backup, engine),
    points,
    chains: new ChainService(backup),
    restores: new RestoreService(backup, engine, points, proxies),
    orphans: new OrphanService(backup, engine, janitor),
    settings: new SettingsService(backup),
    users,
    sessions,
    tokens: new TokenService(backup),
    setup: new SetupService(backup, users, sessions),
  };
  return { ...services, audit: new AuditService(backup, services) };
}
