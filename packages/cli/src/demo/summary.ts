import { bytes, duration } from '../output/format.ts';
import { table } from '../output/table.ts';
import type { DemoReport } from './demo-report.ts';

/** The last screen of the demo: what was done, by which path, and whether all of it held. */
export function summaryText(report: DemoReport): string {
  const rows = report.runs.flatMap(({ kind, vms }) => vms.map((vm) => ({ kind, ...vm })));
  const figures = table(rows, {
    BACKUP: ({ kind }) => kind,
    VM: ({ name }) => name,
    'READ FROM': ({ source, transport, relation }) => `${source}, ${transport} (${relation.policy})`,
    PROVISIONED: ({ bytesProvisioned }) => bytes(bytesProvisioned),
    CHANGED: ({ bytesChanged }) => bytes(bytesChanged),
    READ: ({ bytesRead }) => bytes(bytesRead),
    STORED: ({ bytesStored }) => bytes(bytesStored),
    'VMWARE SNAPSHOT': ({ vmwareSnapshotMs }) => duration(vmwareSnapshotMs),
    'RESTORED DISKS EQUAL': ({ disks }) =>
      `${disks.filter((disk) => disk.sha256AtSnapshot === disk.sha256Restored).length} of ${disks.length}`,
  });
  const { leftovers, dataPortBytesRead } = report;
  return [
    figures,
    'READ is more than CHANGED in an incremental: whole blocks of the repository are read, and samples of what did not change.',
    '',
    ...Object.entries(dataPortBytesRead).map(
      ([name, count]) => `read from the data ports of ${name}: ${bytes(count)}`,
    ),
    `left on vCenter: ${leftovers.vmwareSnapshots} VMware snapshots`,
    `left on the arrays: ${leftovers.clones} clones, ${leftovers.exports} export rules or policies, ${leftovers.mappings} mappings, ` +
      `${leftovers.storageSnapshots.length} storage snapshots that the chains keep`,
    ...report.problems.map((problem) => `NOT AS IT SHOULD BE: ${problem}`),
    report.ok
      ? 'Everything held: every restored disk is what it was at its VMware snapshot.'
      : 'The demo FAILED.',
  ].join('\n');
}
