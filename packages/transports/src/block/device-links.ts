import type { WantedDevice } from './device-match.ts';

/**
 * Under which names udev may link a device in `/dev/disk/by-id`, best first: the multipath map before single paths.
 * The digit before a number is the type of the designator of VPD page 0x83 (1 T10, 2 EUI-64, 3 NAA).
 */
export function linkNames({ scsiNames }: WantedDevice): string[] {
  const bare = scsiNames.map((name) => {
    const at = name.indexOf('.');
    return { kind: name.slice(0, at).toLowerCase(), id: name.slice(at + 1) };
  });
  return [...bare.flatMap(multipathNames), ...bare.flatMap(pathNames)];
}

interface BareName {
  readonly kind: string;
  readonly id: string;
}

function multipathNames({ kind, id }: BareName): string[] {
  const number = id.toLowerCase();
  if (kind === 'naa') return [`dm-uuid-mpath-3${number}`];
  if (kind === 'eui') return [`dm-uuid-mpath-2${number}`, `dm-uuid-mpath-eui.${number}`];
  return kind === 't10' ? [`dm-uuid-mpath-1${asLinked(id)}`] : [];
}

function pathNames({ kind, id }: BareName): string[] {
  const number = id.toLowerCase();
  if (kind === 'naa') return [`wwn-0x${number}`, `scsi-3${number}`];
  if (kind === 'eui') return [`nvme-eui.${number}`, `wwn-0x${number}`, `scsi-2${number}`];
  return kind === 't10' ? [`scsi-1${asLinked(id)}`] : [];
}

/** Links that end with the serial number; what lies behind them is checked like all others. Without partitions. */
export function serialLinks(names: readonly string[], { serial }: WantedDevice): string[] {
  const wanted = asLinked(serial?.trim() ?? '');
  if (wanted === '') return [];
  return names.filter((name) => /^(scsi-S|nvme-)/.test(name) && name.endsWith(`_${wanted}`)).sort();
}

/** The name that a link itself tells; udev made it of what the device said. */
export function nameOfLink(link: string): { naa?: string; eui?: string; t10?: string } {
  const [, type, id = ''] = /^(?:dm-uuid-mpath-|scsi-)([123])(.+)$/.exec(link) ?? [];
  if (type === '3') return { naa: id };
  if (type === '2') return { eui: id };
  if (type === '1') return { t10: id };
  const eui = /^(?:dm-uuid-mpath-|nvme-)eui\.([0-9a-f]+)$/.exec(link)?.[1];
  return eui ? { eui } : {};
}

/** As udev writes what a device says into a name: blanks become one underscore, odd characters one each. */
function asLinked(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, '_')
    .replace(/[^\w#+\-.:=@]/g, '_');
}
