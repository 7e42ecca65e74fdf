import { Passwords } from '../access/passwords.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { BackupFlows } from '../backup/backup-run.ts';
import type { FlowReference } from '../flow/flow-definition.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import type { JanitorReport, JanitorRound } from '../janitor/janitor.ts';
import type { IdempotencyStore } from '../store/idempotency.ts';
import type { Connections } from '../systems/connections.ts';
import { StorageMaps } from '../topology/storage-map.ts';
import { AuditService } from './audit-service.ts';
import { ChainService } from './chain-service.ts';
import { JobService } from './job-service.ts';
import { MountService } from './mount-service.ts';
import { NotificationService } from './notification-service.ts';
import { OidcService } from './oidc-service.ts';
import { type OperationsDeps, type OperationsServices, operationsServices } from './operations-services.ts';
import { OrphanService } from './orphan-service.ts';
import { PointService } from './point-service.ts';
import { ProxyService } from './proxy-service.ts';
import { ReportService } from './report-service.ts';
import { RepositoryService } from './repository-service.ts';
import { RestoreService } from './restore-service.ts';
import { RetryService } from './retry-service.ts';
import { RunService } from './run-service.ts';
import { ScopeService } from './scope-service.ts';
import { SessionService } from './session-service.ts';
import { SettingsService } from './settings-service.ts';
import { SetupService } from './setup-service.ts';
import { SystemService } from './system-service.ts';
import { TokenService } from './token-service.ts';
import { TopologyService } from './topology-service.ts';
import { UserService } from './user-service.ts';
import { VmService } from './vm-service.ts';

/** Every operation of the product, as the API offers it. */
export interface Services extends OperationsServices {
  readonly systems: SystemService;
  readonly topology: TopologyService;
  readonly vms: VmService;
  /** Of requests that may be repeated. */
  readonly idempotency: Pick<IdempotencyStore, 'begin' | 'keep' | 'release'>;
  readonly proxies: ProxyService;
  readonly repositories: RepositoryService;
  readonly jobs: JobService;
  readonly runs: RunService;
  readonly retries: RetryService;
  readonly points: PointService;
  readonly chains: ChainService;
  readonly restores: RestoreService;
  readonly orphans: OrphanService;
  readonly mounts: MountService;
  readonly reports: ReportService;
  readonly notifications: NotificationService;
  readonly settings: SettingsService;
  readonly users: UserService;
  readonly scopes: ScopeService;
  readonly sessions: SessionService;
  readonly tokens: TokenService;
  readonly oidc: OidcService;
  readonly setup: SetupService;
  readonly audit: AuditService;
}

export interface ServiceDeps {
  readonly backup: BackupDeps;
  readonly operations: Omit<OperationsDeps, keyof BackupDeps>;
  readonly connections: Connections;
  readonly engine: FlowEngine;
  readonly runFlow: BackupFlows['run'];
  readonly janitor: FlowReference<JanitorRound, JanitorReport>;
}

export function createServices({
  backup,
  operations,
  connections,
  engine,
  runFlow,
  janitor,
}: ServiceDeps): Services {
  const points = new PointService(backup);
  const proxies = new ProxyService(backup, engine);
  const repositories = new RepositoryService(backup);
  const maps = new StorageMaps(backup);
  const passwords = new Passwords();
  const users = new UserService(backup, passwords);
  const sessions = new SessionService(backup, passwords);
  const vms = new VmService(backup, maps);
  const runs = new RunService(backup, engine);
  const reports = new ReportService(backup, { runs, vms });
  const services = {
    systems: new SystemService(backup, connections),
    topology: new TopologyService(backup, maps),
    vms,
    reports,
    notifications: new NotificationService(backup, reports),
    idempotency: backup.store.idempotency,
    proxies,
    repositories,
    jobs: new JobService(backup, { engine, runFlow, proxies, repositories }),
    runs,
    retries: new RetryService(backup, { engine, runFlow, proxies, repositories }),
    points,
    chains: new ChainService(backup),
    restores: new RestoreService(backup, engine, points, proxies),
    mounts: new MountService(backup),
    orphans: new OrphanService(backup, engine, janitor),
    settings: new SettingsService(backup),
    users,
    scopes: new ScopeService(backup),
    sessions,
    tokens: new TokenService(backup),
    oidc: new OidcService(backup, sessions),
    setup: new SetupService(backup, users, sessions),
    ...operationsServices({ ...operations, ...backup }),
  };
  return { ...services, audit: new AuditService(backup, services) };
}
