import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addStageTimes, type Extent, isError, LeewardError, reportOf, type StageTimes } from '@leeward/core';
import { BackupSession, type ChainSource, type DiskBackupResult, deltaAreas } from '@leeward/mover';
import type { DiskFacts } from '@leeward/repository';
import type { FlowContext } from '../flow/flow.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { diskNames } from './disk-names.ts';
import { locateDisk } from './disk-source.ts';
import { FrozenFolders } from './frozen-folders.ts';
import { causeOf, pointDocument, type RecordedDisk } from './point-document.ts';
import type { ProxyDeps } from './proxy-deps.ts';
import { readAreas } from './read-areas.ts';
import { type ReadVmDisk, type ReadVmInput, type ReadVmResult, readVmFlow } from './read-vm.ts';
import { SharedSessions } from './shared-sessions.ts';
import { withStandardFiles } from './standard-files.ts';
import type { StandardGate } from './standard-gate.ts';
import { readConfiguration } from './vm-configuration.ts';

interface ReadDisk extends RecordedDisk {
  readonly facts: DiskFacts;
  /** What lay in deltas above the VM's disk. */
  readonly deltaAreas: readonly Extent[];
}

/**
 * Reads one VM from presented storage snapshots, or through vCenter, into the repository and commits its point. One
 * step: a restart repeats it, and the checkpoints of the data path make the repetition go on where the last one was.
 */
export function readVmDefinition(deps: ProxyDeps): FlowDefinition<ReadVmInput, ReadVmResult> {
  const gates = new SharedSessions<StandardGate>();
  return {
    ...readVmFlow,
    run: (context, input) =>
      context.step('read and commit', { cancellable: true, ...boundOf(deps, input) }, (signal) => {
        const { through } = input;
        if (!through) return readVm(deps, context, input, new FrozenFolders(deps, input), signal);
        return withStandardFiles(deps, gates, input, through, (files) =>
          readVm(deps, context, input, files, signal),
        );
      }),
  };
}

function boundOf({ clock }: ProxyDeps, { readUntil }: ReadVmInput): { readonly timeoutMs?: number } {
  return readUntil === undefined ? {} : { timeoutMs: Math.max(1, Date.parse(readUntil) - clock.now()) };
}

async function readVm(
  deps: ProxyDeps,
  context: FlowContext,
  input: ReadVmInput,
  files: FrozenFolders,
  signal: AbortSignal,
): Promise<ReadVmResult> {
  const { store, clock, randomness } = deps;
  const { path, secretId, resticId: expectedId } = await store.repositories.get(input.repositoryId);
  const password = await store.secrets.reveal(secretId);
  const repository = { path, password, expectedId };
  const names = diskNames(input.disks);
  const checkpoints = checkpointFolder(deps, input);
  // Not bound to this VM's signal: others go on with the session when this one is cancelled.
  const open = () => BackupSession.open({ repository, clock, randomness });
  try {
    return await deps.sessions.use(input.repositoryId, open, (session) =>
      readInto(session, { deps, context, input, names, checkpoints, files, signal }),
    );
  } finally {
    await files.close();
  }
}

async function readInto(session: BackupSession, read: Omit<ReadContext, 'session'>): Promise<ReadVmResult> {
  const { deps, context, input, names, checkpoints, files, signal } = read;
  const { store } = deps;
  signal.throwIfAborted();
  // Damage that does not stop the backup: what the lost part of the index knew is read and stored again.
  for (const damage of session.indexDamage) await store.runLog.event(input.runId, input.vmKey, damage);
  const configuration = await readConfiguration(files, input, names, signal);
  const disks = await store.runLog.step(input.runId, [input.vmKey], 'read', () =>
    readDisks({ ...read, session }),
  );
  const { snapshotId } = await store.runLog.step(input.runId, [input.vmKey], 'commit', async () => {
    await context.ensureOwned();
    return session.commitPoint({
      vmName: input.vmName,
      host: input.vcenterName,
      timeMs: Date.parse(input.frozenAt),
      runId: input.runId,
      vmId: input.vmKey,
      tags: [`job=${input.jobName}`, `source=${input.source}`],
      files: configuration,
      disks: disks.map(({ facts, result }) => ({ descriptor: facts, result })),
      pointJson: pointDocument(input, names, disks),
    });
  });
  await rm(checkpoints, { recursive: true, force: true });
  return resultOf(input, names, disks, snapshotId);
}

interface ReadContext {
  readonly deps: ProxyDeps;
  readonly context: FlowContext;
  readonly input: ReadVmInput;
  readonly names: ReadonlyMap<number, string>;
  readonly checkpoints: string;
  readonly files: FrozenFolders;
  readonly session: BackupSession;
  readonly signal: AbortSignal;
}

/** One disk after the other: all workers of the proxy share the work on each. */
async function readDisks(read: ReadContext): Promise<readonly ReadDisk[]> {
  const { deps, context, input, names, checkpoints, files, session, signal } = read;
  const disks: ReadDisk[] = [];
  for (const disk of input.disks) {
    const { source, facts } = await locateDisk(files, disk, signal);
    const areas = await readAreas(deps.store.changeLists, input, disk);
    const own = await ownAreas(deps, disk, source, signal);
    const checkpoint = join(checkpoints, String(disk.key));
    await mkdir(checkpoint, { recursive: true, mode: 0o700 });
    const before = sumOf(disks);
    const timesBefore = timesOf(disks);
    const result = await session.backupDisk({
      diskName: names.get(disk.key) ?? String(disk.key),
      source,
      ...areas,
      // Whether change tracking knows what VSS writers did is not documented, so it is not relied upon.
      alsoRead: [...own, ...(disk.parent?.deltaAreas ?? [])],
      checkpointFolder: checkpoint,
      frozenAt: input.frozenAt,
      ...(disk.parent && disk.sample ? { sample: disk.sample } : {}),
      onFull: (reason) => onFull(deps, input, disk, reason),
      signal,
      onProgress: ({ bytesRead, bytesToRead, stageTimes }) =>
        context.progress({
          phase: 'read',
          vm: input.vmName,
          bytesRead: before + bytesRead,
          bytesToRead: before + bytesToRead,
          source: input.source,
          stageTimes: wholeMs(addStageTimes([timesBefore, stageTimes])),
        }),
    });
    for (const { code, details } of result.warnings.filter(({ code }) => code !== 'L-SRC-115'))
      await deps.store.runLog.event(input.runId, input.vmKey, new LeewardError(code, details));
    disks.push({ key: disk.key, facts, result, deltaAreas: own });
  }
  return disks;
}

/**
 * A disk with a parent has to be read in full. When change tracking is to blame, an alarm tells it, and the parent is
 * never compared with again, whatever becomes of this run. Throws `L-SRC-103` where the job allows no downgrade.
 */
async function onFull(
  { store }: Pick<ProxyDeps, 'store'>,
  { runId, vmKey, vmName, failOnDowngrade }: ReadVmInput,
  { key, label, parent }: ReadVmDisk,
  reason: LeewardError,
): Promise<void> {
  const isDistrust = isError(reason, 'L-SRC-115');
  const told = isDistrust ? new LeewardError('L-SRC-115', { ...reason.details, disk: label }) : reason;
  if (isDistrust && parent) {
    await store.points.distrust(parent.pointId, key, runId);
    await store.runLog.event(runId, vmKey, told);
  }
  if (failOnDowngrade) throw new LeewardError('L-SRC-103', { vm: vmName, reason: reportOf(told).what });
}

/** What lies in the deltas that the VMware snapshot put on top of the VM's disk. */
async function ownAreas(
  { clock, randomness }: ProxyDeps,
  { deltas, located }: ReadVmDisk,
  source: ChainSource,
  signal: AbortSignal,
): Promise<readonly Extent[]> {
  if (deltas.length === 0) return [];
  const base = { depth: deltas.length, folder: located.datastore, path: located.path };
  return deltaAreas(source, base, { clock, randomness }, signal);
}

function sumOf(disks: readonly ReadDisk[]): number {
  return disks.reduce((sum, { result }) => sum + result.bytesRead, 0);
}

function timesOf(disks: readonly ReadDisk[]): StageTimes {
  return addStageTimes(disks.map(({ result }) => result.stageTimes));
}

function wholeMs({ sourceMs, proxyMs, repositoryMs }: StageTimes): StageTimes {
  return {
    sourceMs: Math.round(sourceMs),
    proxyMs: Math.round(proxyMs),
    repositoryMs: Math.round(repositoryMs),
  };
}

function checkpointFolder({ dataFolder }: ProxyDeps, { runId, vmKey }: ReadVmInput): string {
  const vm = createHash('sha256').update(vmKey).digest('hex').slice(0, 16);
  return join(dataFolder, 'checkpoints', runId, vm);
}

function resultOf(
  input: ReadVmInput,
  names: ReadonlyMap<number, string>,
  disks: readonly ReadDisk[],
  pointId: string,
): ReadVmResult {
  const sum = (pick: (result: DiskBackupResult) => number) =>
    disks.reduce((total, { result }) => total + pick(result), 0);
  return {
    pointId,
    kind: input.disks.every(({ key, parent }) => parent !== undefined && !causeOf(disks, key))
      ? 'incremental'
      : 'full',
    bytes: {
      provisioned: sum(({ sizeBytes }) => sizeBytes),
      changed: sum(({ bytesChanged }) => bytesChanged),
      read: sum(({ bytesRead }) => bytesRead),
      stored: sum(({ bytesStored }) => bytesStored),
    },
    resumedBytes: sum(({ bytesResumed }) => bytesResumed),
    stageTimes: wholeMs(timesOf(disks)),
    disks: Object.fromEntries(
      disks.map(({ key, result }) => {
        const fullBecause = causeOf(disks, key);
        const sampledBlocks = result.blocksSampled;
        return [String(key), { ...(fullBecause ? { fullBecause } : {}), sampledBlocks }];
      }),
    ),
    diskNames: Object.fromEntries([...names].map(([key, name]) => [String(key), name])),
    deltaAreas: Object.fromEntries(
      disks.flatMap(({ key, deltaAreas: areas }) => (areas.length > 0 ? [[String(key), [...areas]]] : [])),
    ),
  };
}
