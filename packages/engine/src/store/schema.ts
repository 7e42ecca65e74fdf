import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** A JSON column whose content is checked where it is read. */
type Json = JSONColumnType<object, string, string>;
type Time = ColumnType<Date, Date | string, Date | string>;

/** Tables of the server's database. Times are UTC; ids are text; sizes are bytes. */
export interface StoreSchema {
  setting: SettingTable;
  secret: SecretTable;
  system: SystemTable;
  proxy: ProxyTable;
  repository: RepositoryTable;
  job: JobTable;
  run: RunTable;
  run_vm: RunVmTable;
  schedule_time: ScheduleTimeTable;
  notification_channel: NotificationChannelTable;
  notification_delivery: NotificationDeliveryTable;
  run_step: RunStepTable;
  run_event: RunEventTable;
  change_list: ChangeListTable;
  ledger: LedgerTable;
  point: PointTable;
  place_request: PlaceRequestTable;
  app_user: UserTable;
  session: SessionTable;
  sign_in: SignInTable;
  api_token: ApiTokenTable;
  audit: AuditTable;
  vm: VmTable;
  idempotency: IdempotencyTable;
}

interface SettingTable {
  name: string;
  value: string;
}

/** Encrypted under the installation's key; see `secrets/`. */
interface SecretTable {
  id: string;
  sealed: Buffer;
}

/** vCenters and arrays: foreign systems with an address, an account and a cached inventory. */
interface SystemTable {
  id: string;
  kind: 'vcenter' | 'array';
  name: string;
  settings: Json;
  secret_id: string;
  inventory: JSONColumnType<object, string | null, string | null> | null;
  inventory_at: Time | null;
  problem: JSONColumnType<object, string | null, string | null> | null;
}

interface ProxyTable {
  id: string;
  name: string;
  settings: Json;
  reach: Json;
  seen_at: Time | null;
}

interface RepositoryTable {
  id: string;
  name: string;
  path: string;
  restic_id: string;
  secret_id: string;
}

interface JobTable {
  id: string;
  name: string;
  spec: Json;
}

interface RunTable {
  id: string;
  job_id: string;
  kind: 'backup' | 'restore';
  state: string;
  target: JSONColumnType<object, string | null, string | null> | null;
  plan: JSONColumnType<object, string | null, string | null> | null;
  started_at: Time;
  ended_at: Time | null;
  problem: JSONColumnType<object, string | null, string | null> | null;
  started_by: JSONColumnType<object, string | null, string | null> | null;
  /** The run that it makes up for. */
  retry_of: string | null;
  /** The part of the job that it is about; null: all of it. */
  scope: JSONColumnType<object, string | null, string | null> | null;
  /** Sums over its VMs, once it has ended; null also for runs of earlier versions. */
  totals: JSONColumnType<object, string | null, string | null> | null;
  /** Whether notifications of its end were made. */
  told: Generated<boolean>;
}

interface NotificationChannelTable {
  id: string;
  name: string;
  enabled: boolean;
  rules: Json;
  target: Json;
}

interface NotificationDeliveryTable {
  id: string;
  channel_id: string;
  message: Json;
  state: string;
  attempts: number;
  created_at: Time;
  ended_at: Time | null;
  problem: JSONColumnType<object, string | null, string | null> | null;
}

interface ScheduleTimeTable {
  job_id: string;
  due_at: Time;
  outcome: string;
  times: number;
  run_id: string | null;
  report: JSONColumnType<object, string | null, string | null> | null;
  at: Time;
  told: boolean;
}

interface RunVmTable {
  run_id: string;
  vm_key: string;
  name: string;
  state: string;
  facts: Json;
  problem: JSONColumnType<object, string | null, string | null> | null;
}

interface RunStepTable {
  run_id: string;
  /** VM key, or empty for a step of the whole run. */
  scope: string;
  name: string;
  position: Generated<number>;
  started_at: Time;
  ended_at: Time | null;
  detail: Json;
}

interface RunEventTable {
  id: Generated<number>;
  run_id: string;
  vm_key: string;
  at: Time;
  code: string;
  severity: string;
  report: Json;
}

interface ChangeListTable {
  run_id: string;
  vm_key: string;
  disk_key: number;
  kind: 'changed' | 'allocated';
  areas: Json;
}

interface LedgerTable {
  id: string;
  run_id: string;
  job_id: string;
  kind: string;
  system_id: string;
  name: string;
  state: string;
  detail: Json;
  created_at: Time;
  updated_at: Time;
}

interface PointTable {
  id: string;
  vm_key: string;
  vm_name: string;
  vcenter_name: string;
  job_id: string;
  run_id: string;
  repository_id: string;
  created_at: Time;
  source: string;
  facts: Json;
}

interface PlaceRequestTable {
  id: string;
  run_id: string;
  position: Generated<number>;
  /** Places by VM key. */
  holds: Json;
  granted: boolean;
}

interface UserTable {
  id: string;
  name: string;
  role: string;
  /** Null: signs in at a provider. */
  password_hash: string | null;
  /** Of who signs in at a provider: issuer and subject there. */
  subject: string | null;
  /** Null: all jobs. */
  scope: JSONColumnType<object, string | null, string | null> | null;
  disabled: boolean;
  created_at: Time;
  signed_in_at: Time | null;
}

interface SessionTable {
  hash: string;
  user_id: string;
  created_at: Time;
  seen_at: Time;
  expires_at: Time;
  /** How it ends at the provider where it began, encrypted under the installation's key. */
  provider: Buffer | null;
}

/** Sign-ins at a provider that were begun. */
interface SignInTable {
  /** Of the secret that the browser has. */
  hash: string;
  /** Where it was begun from. */
  network: string;
  /** Encrypted under the installation's key. */
  sealed: Buffer;
  created_at: Time;
  expires_at: Time;
}

interface ApiTokenTable {
  id: string;
  hash: string;
  name: string;
  /** Null: made by the owner of the data folder. */
  user_id: string | null;
  role: string;
  read_only: boolean;
  /** All of them hold. Null: all jobs. */
  scopes: JSONColumnType<object, string | null, string | null> | null;
  created_at: Time;
  expires_at: Time;
  used_at: Time | null;
}

interface IdempotencyTable {
  principal: string;
  key: string;
  operation: string;
  /** Keyed hash of what was asked. */
  request: string;
  /** Null: not answered yet. */
  status: number | null;
  body: string | null;
  created_at: Time;
}

/** VMs as last read; the whole of what was read stands in the inventory of their vCenter. */
interface VmTable {
  /** As `vm_key` elsewhere. */
  key: string;
  vcenter_id: string;
  mo_id: string;
  name: string;
  path: string;
  powered_on: boolean;
  is_template: boolean;
  encrypted: boolean;
  provisioned_bytes: number;
  disks: number;
  /** Managed object ids, sorted. */
  datastores: string[];
  /** Sorted. */
  datastore_names: string[];
}

interface AuditTable {
  id: Generated<number>;
  at: Time;
  caller_kind: string;
  caller: string;
  address: string;
  operation: string;
  kind: string;
  object: string | null;
  fields: Json;
  before: JSONColumnType<object, string | null, string | null> | null;
  after: JSONColumnType<object, string | null, string | null> | null;
  /** Null: begun, and how it ended is not known. */
  outcome: string | null;
  code: string | null;
}
