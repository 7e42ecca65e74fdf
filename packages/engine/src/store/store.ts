import type { Clock, Randomness } from '@leeward/core';
import type { Kysely } from 'kysely';
import { type FlowLog, silentLog } from '../flow/flow-log.ts';
import { SecretStore } from '../secrets/secret-store.ts';
import { ApiTokenStore } from './api-tokens.ts';
import { AuditStore } from './audit.ts';
import { ChangeListStore } from './change-lists.ts';
import { ChannelStore } from './channels.ts';
import { CopyStore } from './copies.ts';
import { DeliveryStore } from './deliveries.ts';
import { IdempotencyStore } from './idempotency.ts';
import { JobStore } from './jobs.ts';
import { Ledger } from './ledger.ts';
import { OidcStore } from './oidc.ts';
import { PlaceStore } from './places.ts';
import { PointStore } from './points.ts';
import { ProxyStore } from './proxies.ts';
import { RegistrationStore } from './registrations.ts';
import { RepositoryStore } from './repositories.ts';
import { RunLog } from './run-log.ts';
import { RunMarks } from './run-marks.ts';
import { RunVmStore } from './run-vms.ts';
import { RunStore } from './runs.ts';
import { ScheduleTimes } from './schedule-times.ts';
import type { StoreSchema } from './schema.ts';
import { SessionStore } from './sessions.ts';
import { installationId, SettingsStore } from './settings.ts';
import { SignInStore } from './sign-ins.ts';
import { SystemStore } from './systems.ts';
import { UserStore } from './users.ts';
import { VmStore } from './vms.ts';

/** Everything the server remembers, over one database. */
export interface Store {
  readonly installationId: string;
  readonly secrets: SecretStore;
  readonly systems: SystemStore;
  readonly proxies: ProxyStore;
  readonly repositories: RepositoryStore;
  readonly registrations: RegistrationStore;
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly scheduleTimes: ScheduleTimes;
  readonly channels: ChannelStore;
  readonly deliveries: DeliveryStore;
  readonly copies: CopyStore;
  readonly runVms: RunVmStore;
  readonly runLog: RunLog;
  readonly runMarks: RunMarks;
  readonly changeLists: ChangeListStore;
  readonly ledger: Ledger;
  readonly points: PointStore;
  readonly places: PlaceStore;
  readonly settings: SettingsStore;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly signIns: SignInStore;
  readonly apiTokens: ApiTokenStore;
  readonly oidc: OidcStore;
  readonly audit: AuditStore;
  readonly vms: VmStore;
  readonly idempotency: IdempotencyStore;
}

export interface StoreDeps {
  readonly db: Kysely<StoreSchema>;
  readonly secretKey: Buffer;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Is told what becomes of runs; default: nobody. */
  readonly log?: FlowLog | undefined;
}

/** The database MUST have been migrated before. */
export async function createStore({
  db,
  secretKey,
  clock,
  randomness,
  log = silentLog,
}: StoreDeps): Promise<Store> {
  return {
    installationId: await installationId(db, randomness),
    secrets: new SecretStore(db, secretKey),
    systems: new SystemStore(db),
    proxies: new ProxyStore(db),
    repositories: new RepositoryStore(db),
    registrations: new RegistrationStore(db, secretKey),
    jobs: new JobStore(db),
    runs: new RunStore(db, log),
    scheduleTimes: new ScheduleTimes(db),
    channels: new ChannelStore(db),
    deliveries: new DeliveryStore(db),
    copies: new CopyStore(db),
    runVms: new RunVmStore(db),
    runLog: new RunLog(db, clock, log),
    runMarks: new RunMarks(db),
    changeLists: new ChangeListStore(db),
    ledger: new Ledger(db, clock),
    points: new PointStore(db),
    places: new PlaceStore(db),
    settings: new SettingsStore(db),
    users: new UserStore(db),
    sessions: new SessionStore(db, secretKey),
    signIns: new SignInStore(db, secretKey),
    apiTokens: new ApiTokenStore(db),
    oidc: new OidcStore(db),
    audit: new AuditStore(db, clock),
    vms: new VmStore(db),
    idempotency: new IdempotencyStore(db, secretKey, clock),
  };
}
