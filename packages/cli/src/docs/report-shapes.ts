import type { Fields, JsonShape } from './json-shapes.ts';

/** Who started a run. */
const links = 'list of `{ title, url }`: into the console, where its public address is set';

export const startedByText =
  '`{ kind, name, dueAt?, catchUp? }`: kind is `schedule`, `local`, `user` or `token`; missing in runs of old releases';

const channel: Fields = {
  id: 'id',
  name: 'name',
  enabled: 'boolean',
  rules: '`{ topics, severities, jobs? }`: what it gets; `jobs` are ids, missing: all',
  target:
    '`{ kind, … }`: `email` with `host`, `port`, `security`, `username?`, `from`, `to`; `webhook` with `host`, `signed`; `chat` with `style`, `host`; `syslog` with `host`, `port`, `transport`, `facility`; each with `caPem?`; no secrets',
  'lastDelivery?': 'as in `notification deliveries`',
};

const counts = '`{ total, inTime, late, never }`: VMs by the age of their newest copy';

/** Schedules, notifications and reports. */
export const reportShapes: readonly JsonShape[] = [
  {
    command: 'schedule preview',
    list: false,
    fields: {
      cron: 'five fields',
      words: 'what it means',
      timeZone: 'IANA name',
      times: 'the next times',
    },
  },
  {
    command: 'job times',
    list: true,
    fields: {
      jobId: 'job',
      dueAt: 'time',
      outcome: '`starting`, `started`, `skipped`, `missed` or `failed`',
      times: 'times that passed since the one before, this one included',
      'runId?': 'run that was started, or was still under way',
      'report?': 'why no run was started, as an error',
      at: 'when that was decided',
    },
  },
  { command: 'notification list', list: true, fields: channel },
  { command: 'notification show', list: false, fields: channel },
  {
    command: 'notification test',
    list: false,
    fields: { delivered: 'boolean', durationMs: 'milliseconds', 'problem?': 'why not, as an error' },
  },
  {
    command: 'notification deliveries',
    list: true,
    fields: {
      id: 'id',
      channelId: 'channel',
      channelName: 'its name',
      title: 'of the message',
      severity: '`success`, `warning` or `failure`',
      topics: 'what it is about',
      'runId?': 'run',
      state: '`pending`, `delivered` or `failed`',
      attempts: 'tries so far',
      createdAt: 'time',
      'endedAt?': 'time',
      'problem?': 'why the last try failed, as an error',
    },
  },
  {
    command: 'run report',
    list: false,
    fields: {
      runId: 'run',
      kind: '`backup` or `restore`',
      jobId: 'job',
      jobName: 'its name',
      state: 'as in `run list`',
      startedAt: 'time',
      'endedAt?': 'time',
      'durationMs?': 'milliseconds',
      'startedBy?': startedByText,
      vms: 'list of `{ name, state, source?, kind?, startedAt?, endedAt?, durationMs?, bytes?, stageTimes?, vmwareSnapshotMs?, consistency?, pointId?, warnings, problem? }`',
      counts: '`{ total, success, warning, failed }`',
      bytes: '`{ provisioned, changed, read, stored }`',
      stageTimes:
        '`{ sourceMs, proxyMs, repositoryMs }`: where the time of proxies went, summed over their threads',
      'longestVmwareSnapshotMs?': 'milliseconds',
      sources: '`{ secondary, primary, standard }`: VMs by the source really used',
      storageSnapshots: 'list of `{ name, arrayName, volumeName, role }`: left on arrays for chains',
      open: 'objects on foreign systems that are not removed yet',
      warnings: 'of the run as a whole, as errors',
      'problem?': 'why it failed, as an error',
      'retryOf?': 'run whose failed VMs it backed up',
      'links?': links,
    },
  },
  {
    command: 'report daily',
    list: false,
    fields: {
      date: 'day on which the 24 hours end',
      from: 'time',
      until: 'time',
      runs: 'list of `{ runId, jobName, kind, state, startedAt, endedAt?, startedBy?, vms, bytes, problem?, retryOf?, url? }`',
      moreRuns: 'boolean: there are more than are listed',
      bytes: '`{ provisioned, changed, read, stored }`',
      missedTimes: 'list of `{ jobName, dueAt, outcome, report? }`: times of schedules without a run',
      protection: '`{ withinHours, total, inTime, late, never }`, as of now',
      behind: 'list of `{ name, vcenterName, jobs, newestAt? }`: VMs of jobs that are late or have no copy',
      chains: 'list of `{ jobName, arrayName, count }`: storage snapshots that are kept',
      runsToClean: 'runs that are over and left something on foreign systems',
      repositories:
        'list of `{ name, capacityBytes?, freeBytes?, storedPerDay?, measuredDays?, fullBy?, problem? }`; the last ones where its jobs have run for two days or more',
      'links?': links,
    },
  },
  {
    command: 'report protection',
    list: false,
    fields: {
      at: 'time',
      withinHours: 'a copy that is not older is in time',
      counts,
      vms: 'list of `{ name, path, vcenterName, protection, jobs, points: [{ repositoryName, count, newestAt }], source?, storageSnapshots: [{ arrayName, count, newestAt }] }`',
    },
  },
];
