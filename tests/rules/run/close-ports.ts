import { readFile } from 'node:fs/promises';
import type { Site } from '../../e2e/support/site.ts';
import { both } from './plant-anywhere.ts';
import type { Planted } from './planted.ts';

/** Nothing listens there. */
const closed = { nfs: { nfsPort: 1, mountPort: 1 }, iscsi: 1 };

/**
 * As a firewall between the proxy and the data ports of arrays: nothing listens where they are looked for, and the proxy
 * has noticed.
 */
export async function closePorts(site: Site, sides: readonly ('primary' | 'secondary')[]): Promise<Planted> {
  const probe = async () => {
    await site.api.post('/proxies/local/probe');
  };
  const heals: (() => Promise<void>)[] = [];
  for (const { role, name, nfsPortsFile, iscsiPortsFile } of site.lab.arrays) {
    if (!sides.includes(role)) continue;
    const nfsPorts = nfsPortsFile === undefined ? {} : await readPorts(nfsPortsFile);
    const iscsiPorts = iscsiPortsFile === undefined ? undefined : await readPorts(iscsiPortsFile);
    const change = async (ports: object) => {
      await site.api.patch(`/arrays/${name}`, ports);
    };
    await change({
      nfsPorts: everywhere(nfsPorts, closed.nfs),
      ...(iscsiPorts ? { iscsiPorts: everywhere(iscsiPorts, closed.iscsi) } : {}),
    });
    heals.push(() => change({ nfsPorts, ...(iscsiPorts ? { iscsiPorts } : {}) }));
  }
  await probe();
  return { heal: both(...heals, probe) };
}

async function readPorts(path: string): Promise<object> {
  const ports: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (typeof ports !== 'object' || ports === null) throw new Error(`${path} has no ports`);
  return ports;
}

function everywhere(ports: object, port: unknown): object {
  return Object.fromEntries(Object.keys(ports).map((address) => [address, port]));
}
