import { runSummary, vmShapes } from './list-shapes.ts';
import { mountShape } from './mount-shape.ts';
import { reportShapes, startedByText } from './report-shapes.ts';

/** Fields of a result by name; a name with `?` may be missing. */
export type Fields = Readonly<Record<string, string>>;

export interface JsonShape {
  /** The command without `leeward`, as it is documented. */
  readonly command: string;
  readonly list: boolean;
  readonly fields: Fields;
}

const system: Fields = {
  id: 'identity by its serial or instance, not by its name',
  kind: '`vcenter` or `array`',
  name: 'as registered',
  host: 'name or address',
  port: 'HTTPS port',
  username: 'account',
  'chapUsername?': 'what proxies log in with over iSCSI',
  'chapMutualUsername?': 'what the array proves itself with to them in turn (mutual CHAP)',
  certificate:
    'what its certificate is compared with: `{ by: "fingerprint", sha256 }` or `{ by: "authority", own }`',
  'family?': 'driver family of an array',
  'inventoryAt?': 'when it was read last',
  'problem?': 'why it could not be read, as an error',
};

const run: Fields = {
  id: 'run id: time in UTC and a random end',
  jobId: 'job',
  kind: '`backup` or `restore`',
  state: '`queued`, `running`, `success`, `partly`, `failed` or `cancelled`',
  startedAt: 'time',
  'endedAt?': 'time',
  'target?':
    '`{ pointId, vmName, frozenAt, repositoryId, proxy, folder, overwrite }`: what a restore restores, and where',
  'problem?': 'why it failed, as an error',
  'startedBy?': startedByText,
  'retryOf?': 'id of the run whose failed VMs it backs up',
};

const settings: Fields = {
  limits:
    '`{ vmwareSnapshotsPerDatastore, vmwareSnapshotsPerHost, vmwareSnapshotsPerVcenter, standardVmsPerHost, standardVmsPerVcenter }`',
  audit: '`{ keepDays }`: older entries of the audit trail go; null: none ever does',
  dataPath: '`{ giveUpSeconds, standardThrough }`: how data ports of arrays and files of datastores are read',
  console: '`{ publicUrl }`: address at which people reach it; null: nothing links to it',
  reports: '`{ dailyAt, timeZone }`: when the daily report is made',
  monitoring: '`{ vmLateAfterHours, otlpEndpoint }`: what is told to monitoring systems',
  serverBackup: "`{ repository, everyHours, keep }`: backup of the server's own database by itself",
};

const user: Fields = {
  id: 'id',
  name: 'name',
  role: '`viewer`, `operator`, `restore-operator` or `administrator`',
  'scope?': '`{ jobs: [name, pattern or id] }`: limited to these; missing: not limited',
  signsIn: '`password`, or `provider`: by OpenID Connect',
  disabled: 'boolean',
  createdAt: 'time',
  'signedInAt?': 'time of the last sign-in',
};

const token: Fields = {
  id: 'id',
  name: 'name',
  role: 'as of a user',
  readOnly: 'boolean: it may only ask for what changes nothing',
  'scopes?':
    '`[{ jobs: [name, pattern or id] }]`: limited to jobs that are in all of these; missing: not limited',
  'owner?': '`{ id, name, role }`; missing: made by the owner of the data folder',
  createdAt: 'time',
  expiresAt: 'time',
  'usedAt?': 'time of the last use, to a minute',
};

const chainLink: Fields = {
  name: 'of the storage snapshot',
  place: '`primary`, `middle` (of a cascade) or `secondary`',
  'hop?': 'transfers from the primary to here',
  arrayId: 'array',
  arrayName: 'its name',
  volumeName: 'volume',
  state:
    '`there`, `gone` (somebody deleted it) or `unknown` (its array cannot be asked, or no run sees to it)',
  owner: '`this-job`, `other-job`, `by-hand`, `other-installation` or `foreign`',
  'role?': '`long-term`, `auxiliary` or `temporary`',
  'jobId?': 'job',
  'runId?': 'the run that made it; begins with `hand-` where a user did',
  createdAt: 'time',
  'vms?':
    '`[{ vmKey, name, path, vcenterName, frozenAt, consistency, datastores: [{ name, folder, vmfsUuid? }], vmxFile?, disks: [{ label, sizeBytes, files }] }]`: VMs of the job that it holds, with what of them lies on its volume',
  'lockedUntil?': 'time, or `forever`',
  heldBy: 'who holds it against deletion, in the words of the array',
  reasons: 'why it is kept, as codes: `count`, `days`, `minimum`, `base`, `locked` …; empty: it goes',
  why: 'the same in words',
  goes: 'when it goes, in words',
  'goesAt?': 'time, where only time ends all reasons',
};

const runView: Fields = {
  run: 'the run, as in `run list` but for `vms` and `bytes`, and `plan`: what it executes, as `job plan` shows it',
  jobName: 'name of the job',
  'retriedBy?': 'id of the run that backed up what failed here, or tries to',
  vms: 'list of `{ vmKey, name, state, facts, problem? }`; `facts` has `source`, `transport`, `kind`, `relation`, `vmwareSnapshot` (`createdAt`, `removedAt`), `skew` (`instants`, `atLeastMs`, `atMostMs`: how far apart its storage snapshots were taken), `bytes` (`provisioned`, `changed`, `read`, `stored`), `stageTimes` (`sourceMs`, `proxyMs`, `repositoryMs`: where the time of the threads of its proxy went), `disks` (list of `{ key, label, kind, fullBecause?, sampledBlocks? }`; `fullBecause` is `{ code, what }`) and `pointId`, as far as known; of snapshot-only jobs `frozenAt`, `consistency` and `storageSnapshots` (list of `{ name, place, arrayName, volumeName }`) that hold the VM',
  steps:
    'list of `{ scope, name, startedAt, endedAt?, detail }`; `scope` is a `vmKey`, or empty for the run; `detail.failed` is the code of a failed step',
  events: 'list of `{ vmKey, at, report }`: warnings and downgrades, as errors',
  progress: 'live figures by flow; empty once the run has ended',
  openObjects: 'list of `{ kind, systemId, name, state }`: what the run has on vCenter and arrays now',
};

/** What `--json` gives for the main commands. Tested against the real answers. */
export const jsonShapes: readonly JsonShape[] = [
  { command: 'vcenter list', list: true, fields: system },
  { command: 'array list', list: true, fields: system },
  mountShape,
  {
    command: 'array test',
    list: true,
    fields: {
      name: 'what was checked',
      ok: 'boolean',
      required: 'false: only some functions need it',
      text: 'what was seen',
    },
  },
  {
    command: 'topology show',
    list: true,
    fields: {
      vm: 'name',
      vmPath: 'inventory path',
      datastore: 'name',
      'primary?': '`{ array, tenant, volume }`; missing: no registered array has the datastore',
      'relation?':
        '`{ kind, policy, policyName, state, healthy, lagMs?, sync? }`; `sync` is `{ state, primarySide, secondarySide, decidedBy, … }`',
      'via?':
        'list of `{ array, tenant, volume }`: of a cascade, the volumes in between; `relation` is then its last hop',
      'secondary?': '`{ array, tenant, volume }`',
      proxies: 'names of the proxies that are online',
      'problem?': 'why the path cannot be used, as an error',
    },
  },
  {
    command: 'proxy list',
    list: true,
    fields: {
      id: 'id',
      name: 'name',
      online: 'boolean',
      addresses: 'addresses of its host',
      slots: 'VMs that it reads at the same time',
      initiatorName: 'name under which it logs in over iSCSI, as arrays show it',
      'seenAt?': 'time of its last sign of life',
      'restoreFolders?':
        'paths on its host: in these and below restores are written; missing: anywhere, by administrators alone',
      reach:
        'list of `{ arraySerial, address, protocol, reached, proved?, refused?, sourceAddress?, checkedAt, text }`: what probes proved; `proved` is `connected`, `login`, `mount` or `read`, `refused` the code of a refusal',
    },
  },
  {
    command: 'repository list',
    list: true,
    fields: {
      id: 'id',
      name: 'name',
      path: 'folder',
      resticId: 'id of the restic repository',
      secretId: 'under which its password is sealed',
    },
  },
  {
    command: 'repository check',
    list: false,
    fields: {
      ok: 'boolean; false with exit code 15',
      problems: 'list of errors',
      damagedPacks: 'ids of packs with damage, which `repository repair` takes out',
      points: 'list of `{ id, time, host, tags, damagedPaths }`',
      packs: 'number',
      blobs: 'number',
      bytesRead: 'bytes read and verified, with `--read-data`',
      unusedPacks: 'number of packs that no index names',
    },
  },
  {
    command: 'repository repair',
    list: false,
    fields: {
      packs:
        'list of `{ packId, problem, rescuedBlobs, lostBlobs, setAsideAt? }`: packs that were damaged and are taken out',
      indexFilesRemoved: 'number',
      indexFilesWritten: 'number',
    },
  },
  {
    command: 'job show',
    list: false,
    fields: {
      id: 'id',
      name: 'name',
      vms: 'VMs as they were given',
      'repositoryId?': 'repository; missing where the job is snapshot-only',
      snapshotOnly: 'boolean: keeps storage snapshots on the arrays and reads nothing',
      'relation?': 'secondary array, or array/volume',
      relationRule: '`healthiest` or `least-lag`',
      'preferredArrays?': 'secondary arrays that go before others, best first',
      failoverToPrimary: 'boolean',
      finishOnPrimary: 'boolean',
      failoverToStandard: 'boolean',
      failOnDowngrade: 'boolean',
      quiesce: '`off`, `fall-back` or `require`',
      cbtSampleFraction:
        'part of the unchanged blocks that an incremental compares with the last point, 0 to 1',
      'preScript?': 'path on the server',
      'postScript?': 'path on the server',
      scriptTimeoutMs: 'milliseconds',
      'vmsPerStorageSnapshot?': 'number',
      secondaryKeep: 'length of each chain on the secondary; 0: none, of snapshot-only jobs',
      'secondaryKeepDays?': 'what is not older stays there besides',
      'primaryKeep?': 'length of each chain on the primary',
      'primaryKeepDays?': 'what is not older stays there besides',
      'secondaryLockDays?': 'how long a link there is locked',
      'primaryLockDays?': 'how long a link there is locked',
      'vmwareSnapshotBudgetMs?':
        'groups are formed so that VMware snapshots are expected to exist no longer, milliseconds',
      standardMaxSnapshotMs: 'longest life of a VMware snapshot on the standard way, milliseconds',
      'keepPoints?': 'points of each VM that stay in the repository',
      'maxRelationLagMs?': 'milliseconds',
      settlePauseMs: 'between VMware and storage snapshot of VMs on VMFS, milliseconds',
      transferTimeoutMs: 'milliseconds',
      'schedule?':
        '`{ cron, timeZone, enabled, catchUpMs, retries?, retryWaitMs?, since }`; missing: only by hand',
      'scheduleWords?': 'the schedule in words',
      'nextRunAt?': 'time',
    },
  },
  {
    command: 'job remove',
    list: false,
    fields: {
      id: 'id',
      name: 'name',
      storageSnapshots: 'names of what its chains keep on arrays; they stay there',
    },
  },
  {
    command: 'job plan',
    list: false,
    fields: {
      job: 'the job, as in `job show`',
      madeAt: 'time',
      vms: 'list of VMs with `source` or `problem`, `disks`, `notTaken`, `considered`, `consideredFiles` and `warnings`',
      groups: 'list of `{ id, lane, vmKeys, volumes }`: VMs that share storage snapshots',
      unresolved: 'list of `{ member, problem }`: names that fit no VM, or several',
      effects: 'list of `{ system, action, what, volume? }`: what a run will do to foreign systems',
    },
  },
  {
    command: 'job plan --explain',
    list: false,
    fields: {
      vm: 'identity of the VM',
      name: 'its name',
      path: 'its inventory path',
      vcenterName: 'vCenter',
      'source?': 'the path that a run takes: `secondary`, `primary` or `standard`',
      'problem?': 'why it cannot be backed up, as an error',
      'groupId?': 'the group that it is in',
      'proxyId?': 'the proxy that reads it',
      'vmxFile?': 'where its configuration file lies',
      disks: 'what is read from storage snapshots, and for each disk `since` or `fullBecause`',
      'standardDisks?': 'what is read through vCenter and the ESXi host',
      'places?': 'list of `{ limit, id, name }`: what its VMware snapshot takes one place of each',
      skippedDisks: 'list of `{ label, reason }`: what is left out',
      notTaken: 'list of `{ path, reason }`',
      considered:
        'list of `{ path, verdict, reason? }` for secondary, primary and standard; `verdict` is `chosen`, `possible` (another one is taken) or `not`',
      consideredFiles:
        'list of `{ label, key?, fileName, state, reason?, volumes, considered }` for the configuration file and every disk; `state` is `read`, `left-out` or `unreadable`; `volumes` is a list of `{ arrayName, volumeName, relations }`, and each relation has `verdict`, `reason?` and, of a cascade, `via?` (list of `{ arrayName, volumeName, policyName }`)',
      warnings: 'list of errors',
      enableCbt: 'whether a run switches CBT on',
      'freezeOnly?': 'of snapshot-only jobs: no VMware snapshot, as its storage snapshot alone is enough',
    },
  },
  { command: 'run list', list: true, fields: runSummary(run) },
  ...vmShapes,
  ...reportShapes,
  { command: 'run show', list: false, fields: runView },
  {
    command: 'point list',
    list: true,
    fields: {
      id: 'the id of the restic snapshot',
      vmKey: 'identity of the VM',
      vmName: 'name of the VM',
      vcenterName: 'vCenter',
      jobId: 'job',
      runId: 'run',
      repositoryId: 'repository',
      createdAt: 'the moment that the point stands for',
      source: '`secondary`, `primary` or `standard`',
      facts:
        '`{ vmPath, kind, frozenAt, skew?, bytes, disks }`; `skew` as in `run show`; a disk that was read in full has `fullBecause`',
    },
  },
  { command: 'chain list', list: true, fields: chainLink },
  { command: 'chain show', list: true, fields: chainLink },
  { command: 'settings show', list: false, fields: settings },
  { command: 'settings edit', list: false, fields: settings },
  { command: 'user list', list: true, fields: user },
  {
    command: 'token create',
    list: false,
    fields: { ...token, token: 'the token itself, shown this once' },
  },
  { command: 'token list', list: true, fields: token },
  {
    command: 'audit list',
    list: true,
    fields: {
      id: 'number, larger for later ones',
      at: 'time',
      caller: '`{ kind, name }`; `kind` is `local`, `user`, `token` or `nobody`',
      address: 'where the caller was; `socket`: on the server itself',
      operation: 'method and path of the API',
      kind: 'what was changed: `job`, `array`, `user` …',
      'object?': 'its name',
      fields: 'names of what was given',
      'before?': 'how it was, without secrets',
      'after?': 'how it is, without secrets',
      outcome: '`done`, `refused`, `failed` or `unknown` (the server ended meanwhile)',
      'code?': 'of the error',
    },
  },
  {
    command: 'restore vm',
    list: false,
    fields: { ...runView, restored: '`{ point, vm, folder, disks }`: what was restored where' },
  },
  {
    command: 'lab status',
    list: false,
    fields: {
      folder: 'folder of the lab',
      startedAt: 'time',
      processes: 'list of `{ name, address, pid, running }`',
      commands: 'list of commands that register its systems',
    },
  },
  {
    command: 'lab fault list',
    list: true,
    fields: {
      system: 'name of the simulator',
      id: 'its number there',
      at: 'where it waits: `rest`, `soap`, `job`, `task`, `step`, `file`, `port`, or `now`',
      'method?': 'only calls of this method',
      'path?': 'only this path; `*` stands for anything',
      'step?': 'name of the step',
      'port?': 'address of the data port',
      'protocol?': '`nfs` or `iscsi`',
      'origin?': 'only at this door for files',
      'vm?': 'only calls for this VM',
      nth: 'acts from this call on',
      'times?': 'how many calls it hits; missing: all',
      action: '`{ kind, … }`: what it does',
      calls: 'calls that fitted so far',
      hits: 'calls that it hit',
      'downForMs?': 'what it cut off stays away that long yet, milliseconds',
    },
  },
  {
    command: 'lab clock',
    list: true,
    fields: {
      system: 'name of the simulator',
      now: 'time that it has',
      speed: 'how many times as fast as outside its time passes',
    },
  },
  {
    command: 'server status',
    list: false,
    fields: {
      running: 'boolean; false with exit code 13',
      dataFolder: 'path',
      'version?': 'version of the server',
      'pid?': 'its process',
      'socket?': 'path of the Unix socket of its API',
      'url?': 'of its API and console over HTTPS',
    },
  },
];
