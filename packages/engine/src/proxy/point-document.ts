import type { DiskBackupResult } from '@leeward/mover';
import type { OpenPoint } from '@leeward/repository';
import { z } from 'zod';
import { importedJobId, type Point } from '../store/points.ts';
import { fullBecauseSchema, skewSchema } from '../store/run-vms.ts';
import type { ReadVmInput } from './read-vm.ts';

/** A disk as far as its description in a point goes. */
export interface RecordedDisk {
  readonly key: number;
  readonly result: DiskBackupResult;
}

/** What `point.json` holds: enough to understand and use the point without this server. */
export function pointDocument(
  input: ReadVmInput,
  names: ReadonlyMap<number, string>,
  disks: readonly RecordedDisk[],
): Readonly<Record<string, unknown>> {
  const { runId, jobName, vmKey, vmName, vmPath, vcenterName, source, frozenAt, storageSnapshotName } = input;
  return {
    ...{ vmName, vmPath, vmId: vmKey, vcenterName, jobName, runId, source, frozenAt, storageSnapshotName },
    ...(input.skew ? { storageSnapshotSkew: input.skew } : {}),
    devices: input.disks.map(({ key, label, node, fileName, sizeBytes, changeId, deltas, fullBecause }) => ({
      ...{ key, label, node, fileName, sizeBytes, changeId },
      fullBecause: causeOf(disks, key) ?? fullBecause,
      ...(deltas.length > 0
        ? { deltas: deltas.map(({ datastore, path: file }) => `[${datastore}] ${file}`) }
        : {}),
      diskName: names.get(key),
    })),
    figures: disks.map(({ result }) => ({
      diskName: result.diskName,
      bytesRead: result.bytesRead,
      bytesChanged: result.bytesChanged,
      bytesStored: result.bytesStored,
      blocksSampled: result.blocksSampled,
    })),
  };
}

/** Why a disk that has a parent was read in full. */
export function causeOf(disks: readonly RecordedDisk[], key: number) {
  const reason = disks.find((each) => each.key === key)?.result.fullBecause;
  return reason && { code: reason.code, what: reason.what };
}

const bytes = z.number().nonnegative();

/** Of documents of all releases. */
const documentSchema = z.looseObject({
  vmName: z.string(),
  vmPath: z.string(),
  vmId: z.string(),
  vcenterName: z.string(),
  jobName: z.string(),
  runId: z.string(),
  source: z.enum(['secondary', 'primary', 'standard']),
  frozenAt: z.iso.datetime(),
  storageSnapshotSkew: skewSchema.optional(),
  devices: z.array(
    z.object({
      key: z.number().int(),
      label: z.string(),
      node: z.string(),
      fileName: z.string(),
      sizeBytes: bytes,
      fullBecause: fullBecauseSchema.optional(),
      diskName: z.string().optional(),
    }),
  ),
  figures: z.array(z.object({ bytesRead: bytes, bytesChanged: bytes, bytesStored: bytes })),
});

/**
 * A point as a point of this server, from what it tells of itself; of no job that is known here. No later backup goes
 * by what changed since: whether change tracking can still be relied upon from there is not written in it. Throws
 * `ZodError` where it does not tell what it must.
 */
export function recordedPoint({ point, document }: OpenPoint, repositoryId: string): Point {
  const { vmId, vmName, vcenterName, jobName, runId, source, frozenAt, ...recorded } =
    documentSchema.parse(document);
  const { vmPath, storageSnapshotSkew: skew, devices, figures } = recorded;
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  return {
    ...{ id: point.id, vmKey: vmId, vmName, vcenterName, runId, repositoryId, source },
    jobId: importedJobId(jobName),
    createdAt: frozenAt,
    facts: {
      ...{ vmPath, frozenAt, kind: devices.some(({ fullBecause }) => fullBecause) ? 'full' : 'incremental' },
      ...(skew ? { skew } : {}),
      bytes: {
        provisioned: sum(devices.map(({ sizeBytes }) => sizeBytes)),
        changed: sum(figures.map(({ bytesChanged }) => bytesChanged)),
        read: sum(figures.map(({ bytesRead }) => bytesRead)),
        stored: sum(figures.map(({ bytesStored }) => bytesStored)),
      },
      disks: devices.map(({ diskName, fullBecause, ...disk }) => ({
        ...disk,
        name: diskName ?? disk.label,
        ...(fullBecause ? { fullBecause } : {}),
      })),
    },
  };
}
