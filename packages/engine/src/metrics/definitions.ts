/** A metric as docs/metrics.md tells of it. Times are Unix seconds, durations seconds, sizes bytes. */
export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

export interface HistogramDefinition extends MetricDefinition {
  /** Upper bounds, ascending. */
  readonly buckets: readonly number[];
}

/** What only grows. Those of runs are folded from the database, so that a restart loses nothing. */
export const counterDefinitions = {
  runs: {
    name: 'leeward_runs_total',
    help: 'Runs that have ended, by how they ended: success, partly, failed or cancelled.',
    labels: ['job', 'kind', 'state'],
  },
  runVms: {
    name: 'leeward_run_vms_total',
    help: 'VMs of backup runs that have ended, by state and by the source that was really read (empty: none).',
    labels: ['job', 'state', 'source'],
  },
  changedBytes: {
    name: 'leeward_changed_bytes_total',
    help: 'Bytes that had changed, of the VMs of backup runs.',
    labels: ['job'],
  },
  readBytes: {
    name: 'leeward_read_bytes_total',
    help: 'Bytes that backup runs have read from storage snapshots or ESXi hosts.',
    labels: ['job'],
  },
  storedBytes: {
    name: 'leeward_stored_bytes_total',
    help: 'Bytes that backup runs have added to repositories, after deduplication and compression.',
    labels: ['job'],
  },
  stageSeconds: {
    name: 'leeward_read_thread_seconds_total',
    help: 'Time of the threads of proxies while they had data of backup runs in hand, by what it went to: source, proxy or repository. The largest is the bottleneck.',
    labels: ['job', 'stage'],
  },
  cpuSeconds: {
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the server process, user and system.',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;

export const histogramDefinitions = {
  runSeconds: {
    name: 'leeward_run_duration_seconds',
    help: 'How long runs took, from their start to their end.',
    labels: ['job', 'kind'],
    buckets: [30, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400],
  },
  vmwareSnapshotSeconds: {
    name: 'leeward_run_longest_vmware_snapshot_seconds',
    help: 'The longest life of a VMware snapshot in each backup run that made one.',
    labels: ['job'],
    buckets: [2, 5, 10, 20, 30, 60, 120, 300, 900, 3_600, 14_400],
  },
  requestSeconds: {
    name: 'leeward_http_request_duration_seconds',
    help: 'How long the HTTP API took to answer, since the server was started.',
    labels: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.3, 1, 3, 10, 60],
  },
} as const satisfies Record<string, HistogramDefinition>;

/** What goes up and down; asked for anew at each scrape. */
export const gaugeDefinitions = {
  build: { name: 'leeward_build_info', help: 'Always 1; the version of the server.', labels: ['version'] },
  activeRuns: {
    name: 'leeward_active_runs',
    help: 'Runs that have not ended: queued or running.',
    labels: ['job', 'kind', 'state'],
  },
  lastSuccess: {
    name: 'leeward_job_last_success_timestamp_seconds',
    help: 'When the last backup run of a job ended in which every VM succeeded.',
    labels: ['job'],
  },
  lastEnd: {
    name: 'leeward_job_last_end_timestamp_seconds',
    help: 'When the last backup run of a job ended, however it did.',
    labels: ['job'],
  },
  jobVms: {
    name: 'leeward_job_vms',
    help: 'VMs of the last backup run of a job, by whether their newest state is young enough: in-time or late.',
    labels: ['job', 'state'],
  },
  provisionedBytes: {
    name: 'leeward_job_provisioned_bytes',
    help: 'Size of the disks of the VMs in the last backup run of a job.',
    labels: ['job'],
  },
  vmwareSnapshots: {
    name: 'leeward_vmware_snapshots',
    help: 'VMware snapshots of Leeward that exist now, or may exist, by its journal.',
    labels: [],
  },
  oldestVmwareSnapshot: {
    name: 'leeward_oldest_vmware_snapshot_seconds',
    help: 'Age of the oldest VMware snapshot of Leeward that exists now; 0 where there is none.',
    labels: [],
  },
  relations: {
    name: 'leeward_relations',
    help: 'Relations to volumes of an array, as last read from it: healthy or unhealthy.',
    labels: ['array', 'kind', 'health'],
  },
  relationLag: {
    name: 'leeward_relation_lag_seconds',
    help: 'The largest lag of the relations to volumes of an array, as last read from it.',
    labels: ['array', 'kind'],
  },
  storageSnapshots: {
    name: 'leeward_storage_snapshots',
    help: 'Storage snapshots of Leeward on an array, by its journal: kept by chains, or in use by runs.',
    labels: ['array', 'state'],
  },
  leftObjects: {
    name: 'leeward_orphans',
    help: 'Objects of runs that are over which the journal still has open, and the janitor tries to remove.',
    labels: ['kind'],
  },
  points: { name: 'leeward_repository_points', help: 'Points in a repository.', labels: ['repository'] },
  systemUp: {
    name: 'leeward_system_up',
    help: '1 where a vCenter or array could be read the last time that it was asked, else 0.',
    labels: ['kind', 'system'],
  },
  inventoryAt: {
    name: 'leeward_system_inventory_timestamp_seconds',
    help: 'When the inventory of a vCenter or array was last read.',
    labels: ['kind', 'system'],
  },
  proxyUp: {
    name: 'leeward_proxy_up',
    help: '1 where a proxy gives signs of life, else 0.',
    labels: ['proxy'],
  },
  serverBackupAt: {
    name: 'leeward_server_backup_timestamp_seconds',
    help: "When the server's own database was last backed up into a repository.",
    labels: [],
  },
  processStart: {
    name: 'process_start_time_seconds',
    help: 'When the server process was started.',
    labels: [],
  },
  residentMemory: {
    name: 'process_resident_memory_bytes',
    help: 'Memory of the server process that lies in RAM.',
    labels: [],
  },
  heap: {
    name: 'leeward_process_heap_bytes',
    help: 'Heap of JavaScript objects in use in the server process.',
    labels: [],
  },
  loopDelay: {
    name: 'leeward_event_loop_delay_seconds',
    help: 'The 99th percentile of the delay of the event loop since the scrape before.',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;

/** Every metric with its type, in the order of docs/metrics.md. */
export const allMetrics: readonly (MetricDefinition & { readonly type: string })[] = [
  ...Object.values(gaugeDefinitions).map((each) => ({ ...each, type: 'gauge' })),
  ...Object.values(counterDefinitions).map((each) => ({ ...each, type: 'counter' })),
  ...Object.values(histogramDefinitions).map((each) => ({ ...each, type: 'histogram' })),
];
