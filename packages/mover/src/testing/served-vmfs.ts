import type { LunReader } from '@leeward/formats/vmfs/lun-reader';
import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { createIscsiTarget, MappedTarget } from '@leeward/transports/iscsi/target/iscsi-target';
import { onTestFinished } from 'vitest';
import type { ChainSource } from '../disk/disk-source.ts';
import type { IscsiLunAccess, VmfsFolderAccess } from '../disk/folder-access.ts';
import { flatDescriptor } from './chain-files.ts';

/** Real ones. */
export const tools = { clock, randomness };
const initiatorName = 'iqn.2024-01.org.leeward:proxy';
export const targetName = 'iqn.2024-01.org.leeward:array';
export const chap = {
  ...{ username: 'proxy', password: 'a secret of CHAP' },
  mutual: { username: 'array', password: 'its own secret' },
};

interface WrittenFile {
  write(offsetBytes: number, data: Uint8Array): Promise<void>;
}

/** What the lab's simulated hosts can do; the mover stands below the lab. */
export interface TestHost {
  createFile(path: string): Promise<WrittenFile>;
  createDisk(path: string, sizeBytes: number, format: 'thin' | 'lazy' | 'eager'): Promise<WrittenFile>;
}

/** A VMFS volume on LUNs, shown behind two portals. */
export async function servedVmfs(uuid: string, luns: readonly LunReader[]) {
  const mapped = new MappedTarget(targetName);
  mapped.setChap(initiatorName, {
    ...{ user: chap.username, secret: chap.password },
    mutual: { user: chap.mutual.username, secret: chap.mutual.password },
  });
  const identities = luns.map((_, lun) => ({
    ...{ vendor: 'LEEWARD', product: 'TEST', revision: '1' },
    serial: `serial-${lun}`,
    naa: `600a09800000000000000000000000${lun}0`,
  }));
  for (const [lun, store] of luns.entries()) {
    const { sizeBytes } = store;
    const identity = identities[lun];
    if (!identity) throw new Error(`no LUN ${lun}`);
    mapped.map(initiatorName, lun, {
      ...{ sizeBytes, blockBytes: 512, identity },
      read: (offsetBytes, target) => store.read(offsetBytes, target),
    });
  }
  const server = await createIscsiTarget({
    portals: [0, 0].map((port) => ({ address: '127.0.0.1', port })),
    targets: () => [mapped],
    ...tools,
  });
  onTestFinished(() => server.close());
  const access: VmfsFolderAccess = {
    protocol: 'vmfs',
    uuid,
    // Extents come in any order.
    luns: luns
      .map(
        ({ sizeBytes }, lun): IscsiLunAccess => ({
          kind: 'iscsi',
          portals: server.ports.map((port) => ({ host: '127.0.0.1', port })),
          ...{ targetName, lun, initiatorName, chap, sizeBytes, name: `lun ${lun}` },
          serial: `serial-${lun}`,
          scsiNames: [`naa.600A09800000000000000000000000${lun}0`],
        }),
      )
      .reverse(),
  };
  const bytesServed = () => server.counters.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  return { server, access, bytesServed };
}

/** A disk of that volume. */
export function sourceOf(access: VmfsFolderAccess, path: string, sizeBytes: number): ChainSource {
  return { kind: 'chain', folders: [{ name: 'ds 1', hints: [], access }], folder: 0, path, sizeBytes };
}

export async function writeFile(host: TestHost, path: string, content: Uint8Array): Promise<void> {
  await (await host.createFile(path)).write(0, content);
}

/** A disk of one extent: its data file with these parts, and its descriptor. */
export async function writeDisk(
  host: TestHost,
  name: string,
  sizeBytes: number,
  format: 'thin' | 'lazy' | 'eager',
  parts: readonly (readonly [number, Uint8Array])[],
): Promise<void> {
  const file = await host.createDisk(`vm/${name}-flat.vmdk`, sizeBytes, format);
  for (const [at, bytes] of parts) await file.write(at, bytes);
  const descriptor = flatDescriptor([{ fileName: `${name}-flat.vmdk`, lengthBytes: sizeBytes }]);
  await writeFile(host, `vm/${name}.vmdk`, descriptor);
}
