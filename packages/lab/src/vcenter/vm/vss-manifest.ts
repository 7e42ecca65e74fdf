import { crc32 } from 'node:zlib';
import type { Quiescing } from './quiesce.ts';
import type { SimulatedVm } from './simulated-vm.ts';

/** Names of the writers that the lab's Windows guests have. */
const writers = ['System Writer', 'Registry Writer', 'SqlServerWriter'];

/** Name of the file that a host keeps with a VMware snapshot for which VSS quiesced the guest. */
export function manifestName(vm: SimulatedVm, number: number): string {
  return `${vm.fileBase}-vss_manifests${number}.zip`;
}

/**
 * A ZIP file with the backup components document, and those of the writers when they took part. The names and texts
 * inside are the lab's own.
 */
export function manifestBytes(vm: SimulatedVm, quiescing: Quiescing): Buffer {
  const xml = (root: string, name: string) =>
    Buffer.from(`<?xml version="1.0"?>\n<${root} name="${name}" machine="${vm.biosUuid}"/>\n`);
  const documents: [string, Buffer][] = [['backup.xml', xml('BACKUP_COMPONENTS', 'lab')]];
  if (quiescing === 'vss-application')
    for (const [at, name] of writers.entries())
      documents.push([`writer${at}.xml`, xml('WRITER_METADATA', name)]);
  return zipped(documents);
}

/** Stored, not compressed. */
function zipped(files: readonly (readonly [string, Buffer])[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of files) {
    const nameBytes = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 0, 'latin1');
    entry.writeUInt16LE(20, 4);
    common.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, nameBytes);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, bytes]);
    parts.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}
