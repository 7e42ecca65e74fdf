import type { ArrayInventory, DataPort } from '@leeward/core';
import type { SystemSettings } from '../store/systems.ts';
import type { ProbeExport, ProbePort } from './probe.ts';

const maxExports = 4;

/** What is to be tried on an array: every data port that is up, once for each protocol that it serves. */
export function portsToProbe(
  inventory: ArrayInventory,
  { nfsPorts, iscsiPorts }: Pick<SystemSettings, 'nfsPorts' | 'iscsiPorts'>,
): readonly ProbePort[] {
  const arraySerial = inventory.identity.serial;
  const up = inventory.dataPorts.filter((port) => port.up);
  const byKey = new Map<string, ProbePort>();
  for (const port of up) {
    const { address } = port;
    if (port.protocols.includes('nfs'))
      byKey.set(`nfs ${address}`, {
        ...{ arraySerial, address, protocol: 'nfs', ...nfsPorts?.[address] },
        exports: [...exportsOf(inventory, port)],
      });
    if (port.protocols.includes('iscsi')) {
      const iscsiPort = iscsiPorts?.[address] ?? port.iscsiPort;
      byKey.set(`iscsi ${address}`, {
        ...{ arraySerial, address, protocol: 'iscsi', ...(iscsiPort === undefined ? {} : { iscsiPort }) },
      });
    }
  }
  return [...byKey.values()];
}

/** Exports behind the port, replicas first: those are what backups read. */
function exportsOf({ volumes }: ArrayInventory, { tenantId }: DataPort): readonly ProbeExport[] {
  return volumes
    .filter((volume) => volume.tenantId === tenantId && volume.online && volume.nfsPath !== undefined)
    .map(({ nfsPath = '', access }) => ({ path: nfsPath, replica: access === 'read-only-replica' }))
    .sort((a, b) => Number(b.replica) - Number(a.replica))
    .slice(0, maxExports);
}
