import { isoTime } from '@leeward/core';
import type { Vim } from '../schema/values.ts';

/** One VMware snapshot of a VM, with those made on top of it. */
export interface VmwareSnapshot {
  readonly moId: string;
  readonly name: string;
  readonly description: string;
  /** ISO 8601, UTC. */
  readonly createTime: string;
  /** False also when quiescing was asked for, but the VM was off or had no running Tools. */
  readonly quiesced: boolean;
  readonly children: readonly VmwareSnapshot[];
}

export function describeSnapshots(info: Vim<'VirtualMachineSnapshotInfo'> | undefined): VmwareSnapshot[] {
  return (info?.rootSnapshotList ?? []).map(describe);
}

/** The tree as a list, parents before children. */
export function flattenSnapshots(roots: readonly VmwareSnapshot[]): VmwareSnapshot[] {
  return roots.flatMap((root) => [root, ...flattenSnapshots(root.children)]);
}

function describe(node: Vim<'VirtualMachineSnapshotTree'>): VmwareSnapshot {
  return {
    moId: node.snapshot.moId,
    name: node.name,
    description: node.description ?? '',
    createTime: normalTime(node.createTime),
    quiesced: node.quiesced,
    children: node.childSnapshotList.map(describe),
  };
}

/** Servers send up to nine digits of fraction and any offset; what cannot be read stays as it is. */
function normalTime(text: string): string {
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? text : isoTime(epochMs);
}
