import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { BlockLun } from './block-lun.ts';
import { type DeviceFacts, deviceFacts, deviceOfLink, multipathOf, namesIn } from './device-facts.ts';
import { linkNames, nameOfLink, serialLinks } from './device-links.ts';
import { deviceMismatch, type WantedDevice, wantedText } from './device-match.ts';
import { openDevice } from './open-device.ts';

export type { BlockLun } from './block-lun.ts';
export type { WantedDevice } from './device-match.ts';

export interface BlockLunOptions extends WantedDevice {
  /** Names the device in errors; by default its first SCSI name or its serial number. */
  readonly name?: string | undefined;
  /** Where udev links devices by their names. Default `/dev/disk/by-id`. */
  readonly linkFolder?: string | undefined;
  /** Where the kernel describes devices. Default `/sys/class/block`. */
  readonly classFolder?: string | undefined;
}

interface Candidate {
  readonly link: string;
  readonly device: string;
}

/**
 * Opens a device that the kernel of this host presents, found by what it says of itself; its multipath map where
 * there is one. Read-only, past the page cache where the kernel can. Every path is checked before anything is read.
 * Throws `L-BLK-301` when there is no such device, `L-BLK-302` when another one has its name, `L-BLK-303` when it
 * cannot be opened. The caller closes it.
 */
export async function openBlockLun(options: BlockLunOptions): Promise<BlockLun> {
  const { linkFolder = '/dev/disk/by-id', classFolder = '/sys/class/block' } = options;
  const name = options.name ?? options.scsiNames[0] ?? options.serial ?? 'the device';
  const { link, device } = await find(options, name, linkFolder, classFolder);
  const facts = await deviceFacts(device, classFolder);
  check(options, facts, { name, device, link });
  try {
    const open = await openDevice(device);
    return new BlockLun({ open, device, name, sizeBytes: facts.sizeBytes, blockBytes: facts.blockBytes });
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new LeewardError('L-BLK-303', { device, name, reason }, error);
  }
}

async function find(
  wanted: WantedDevice,
  name: string,
  linkFolder: string,
  classFolder: string,
): Promise<Candidate> {
  const links = await namesIn(linkFolder);
  const known = new Set(links);
  const bySerial = wanted.scsiNames.length === 0 ? serialLinks(links, wanted) : [];
  for (const link of [...linkNames(wanted).filter((each) => known.has(each)), ...bySerial]) {
    const device = await deviceOfLink(join(linkFolder, link));
    if (device !== undefined) return { link, device: await multipathOf(device, classFolder) };
  }
  const details = { name, expected: wantedText(wanted), looked: links.length, folder: linkFolder };
  throw new LeewardError('L-BLK-301', details);
}

/** Where the kernel does not tell an identity, the link does: udev made it of the same pages. */
function check(
  wanted: WantedDevice,
  { identities, sizeBytes }: DeviceFacts,
  { name, device, link }: Candidate & { name: string },
): void {
  for (const identity of identities.length > 0 ? identities : [identityOfLink(link, wanted)]) {
    const other = deviceMismatch(wanted, { ...identity, sizeBytes });
    if (other) throw new LeewardError('L-BLK-302', { device, name, ...other });
  }
}

function identityOfLink(link: string, wanted: WantedDevice) {
  const wwn = /^wwn-0x([0-9a-f]+)$/.exec(link)?.[1];
  if (wwn !== undefined) {
    const isEui = wanted.scsiNames.some((each) => each.toLowerCase() === `eui.${wwn}`);
    return isEui ? { eui: wwn } : { naa: wwn };
  }
  if (/^(scsi-S|nvme-)/.test(link) && !link.startsWith('nvme-eui.')) return { serial: wanted.serial };
  return nameOfLink(link);
}
