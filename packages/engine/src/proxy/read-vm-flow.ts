import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { BackupSession, type DiskBackupResult } from '@leeward/mover';
import type { DiskFacts } from '@leeward/repository';
import type { FlowContext } from '../flow/flow.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { diskNames } from './disk-names.ts';
import { locateDisk } from './disk-source.ts';
import { FrozenFolders } from './frozen-folders.ts';
import type { ProxyDeps } from './proxy-deps.ts';
import { type ReadVmInput, type ReadVmResult, readVmFlow } from './read-vm.ts';
import { readConfiguration } from './vm-configuration.ts';

interface ReadDisk {
  readonly facts: DiskFacts;
  readonly result: DiskBackupResult;
}

/**
 * Reads one VM from presented storage snapshots into the repository and commits its point. One step: a restart
 * repeats it, and the checkpoints of the data path make the repetition go on where the last one was.
 */
export function readVmDefinition(deps: ProxyDeps): FlowDefinition<ReadVmInput, ReadVmResult> {
  return {
    ...readVmFlow,
    run: (context, input) =>
      context.step('read and commit', { cancellable: true }, (signal) =>
        readVm(deps, context, input, signal),
      ),
  };
}

async function readVm(
  deps: ProxyDeps,
  context: FlowContext,
  input: ReadVmInput,
  signal: AbortSignal,
): Promise<ReadVmResult> {
  const { store, clock, randomness } = deps;
  const { path, secretId, resticId: expectedId } = await store.repositories.get(input.repositoryId);
  const password = await store.secrets.reveal(secretId);
  const repository = { path, password, expectedId };
  const names = diskNames(input.disks);
  const checkpoints = checkpointFolder(deps, input);
  const files = new FrozenFolders(deps, input);
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
    const place = { runId: input.runId, vmKey: input.vmKey, diskKey: disk.key };
    // Of a disk that is read in full: what CBT says was ever written.
    const areas = await deps.store.changeLists.get(place);
    const changed = disk.parent ? areas : undefined;
    const checkpoint = join(checkpoints, String(disk.key));
    await mkdir(checkpoint, { recursive: true, mode: 0o700 });
    const before = sumOf(disks);
    const result = await session.backupDisk({
      diskName: names.get(disk.key) ?? String(disk.key),
      source,
      changed: changed ?? 'all',
      ...(areas && !disk.parent ? { allocatedAreas: areas } : {}),
      ...(changed && disk.parent
        ? { parent: { snapshotId: disk.parent.pointId, diskName: disk.parent.diskName } }
        : {}),
      checkpointFolder: checkpoint,
      signal,
      onProgress: ({ bytesRead, bytesToRead }) =>
        context.progress({
          phase: 'read',
          vm: input.vmName,
          bytesRead: before + bytesRead,
          bytesToRead: before + bytesToRead,
        }),
    });
    for (const { code, details } of result.warnings)
      await deps.store.runLog.event(input.runId, input.vmKey, new LeewardError(code, details));
    disks.push({ facts, result });
  }
  return disks;
}

function sumOf(disks: readonly ReadDisk[]): number {
  return disks.reduce((sum, { result }) => sum + result.bytesRead, 0);
}

function checkpointFolder({ dataFolder }: ProxyDeps, { runId, vmKey }: ReadVmInput): string {
  const vm = createHash('sha256').update(vmKey).digest('hex').slice(0, 16);
  return join(dataFolder, 'checkpoints', runId, vm);
}

/** What `point.json` holds: enough to understand and use the point without this server. */
function pointDocument(
  input: ReadVmInput,
  names: ReadonlyMap<number, string>,
  disks: readonly ReadDisk[],
): Readonly<Record<string, unknown>> {
  const { runId, jobName, vmKey, vmName, vmPath, vcenterName, source, frozenAt, storageSnapshotName } = input;
  return {
    ...{ vmName, vmPath, vmId: vmKey, vcenterName, jobName, runId, source, frozenAt, storageSnapshotName },
    devices: input.disks.map(({ key, label, node, fileName, sizeBytes, changeId }) => ({
      ...{ key, label, node, fileName, sizeBytes, changeId },
      diskName: names.get(key),
    })),
    figures: disks.map(({ result }) => ({
      diskName: result.diskName,
      bytesRead: result.bytesRead,
      bytesChanged: result.bytesChanged,
      bytesStored: result.bytesStored,
    })),
  };
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
    kind: input.disks.every(({ parent }) => parent !== undefined) ? 'incremental' : 'full',
    bytes: {
      provisioned: sum(({ sizeBytes }) => sizeBytes),
      changed: sum(({ bytesChanged }) => bytesChanged),
      read: sum(({ bytesRead }) => bytesRead),
      stored: sum(({ bytesStored }) => bytesStored),
    },
    resumedBytes: sum(({ bytesResumed }) => bytesResumed),
    diskNames: Object.fromEntries([...names].map(([key, name]) => [String(key), name])),
  };
}
