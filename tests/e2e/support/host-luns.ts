import { HostLuns } from '@leeward/lab/san/host-luns';
import { esxiInitiator } from '@leeward/lab/scenario/addresses';
import type { VcenterConfigInput } from '@leeward/lab/vcenter/config';

const magic = Buffer.from([0x5e, 0xf1, 0xab, 0x2f]);
const stepBytes = 512;
const lookedThroughBytes = 64 * 1024 * 1024;

/**
 * Writes another version into the header of the VMFS on a LUN of the primary, as a host with a newer ESXi would have
 * made it. Returns what undoes that.
 */
export async function setVmfsVersion(
  config: VcenterConfigInput,
  datastore: string,
  version: number,
): Promise<() => Promise<void>> {
  const [scsiName] = config.datastores.find(({ name }) => name === datastore)?.vmfs?.luns ?? [];
  const [door] = config.hosts[0]?.san ?? [];
  if (!scsiName || !door) throw new Error(`${datastore} is on no LUN of the first array`);
  const luns = new HostLuns({ ...door, host: door.address, initiatorName: esxiInitiator });
  try {
    const lun = await luns.open(scsiName);
    const head = Buffer.alloc(lookedThroughBytes);
    await lun.read(0, head);
    const places: number[] = [];
    for (let at = 0; at < head.length; at += stepBytes)
      if (head.subarray(at, at + magic.length).equals(magic)) places.push(at + magic.length);
    if (places.length === 0) throw new Error('the LUN holds no header of VMFS');
    const before = places.map((at) => Buffer.from(head.subarray(at, at + 4)));
    const after = Buffer.alloc(4);
    after.writeUInt32LE(version);
    for (const at of places) await lun.write(at, after);
    return async () => {
      const again = await luns.open(scsiName);
      for (const [index, at] of places.entries()) await again.write(at, before[index] ?? after);
      luns.close();
    };
  } catch (error) {
    luns.close();
    throw error;
  }
}
