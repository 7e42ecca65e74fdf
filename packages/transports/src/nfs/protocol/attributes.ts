import type { XdrReader } from '../../xdr/xdr-reader.ts';
import type { XdrWriter } from '../../xdr/xdr-writer.ts';
import type { NfsAttributes } from '../server/file-system.ts';

/** Attributes as a foreign server tells them: also of devices, sockets and pipes (`other`). */
export interface RemoteAttributes extends Omit<NfsAttributes, 'type'> {
  readonly type: NfsAttributes['type'] | 'other';
}

/** Size of `fattr3` on the wire. */
export const attributesBytes = 84;

const typeNumber = { file: 1, directory: 2, symlink: 5 } as const;

export function writeAttributes(writer: XdrWriter, attributes: NfsAttributes): void {
  writer
    .uint32(typeNumber[attributes.type])
    .uint32(attributes.mode & 0o7777)
    .uint32(attributes.links);
  writer.uint32(attributes.uid).uint32(attributes.gid);
  writer.uint64(attributes.sizeBytes).uint64(attributes.usedBytes);
  writer.uint64(0).uint64(attributes.fileSystemId).uint64(attributes.fileId);
  writeTime(writer, attributes.accessedMs);
  writeTime(writer, attributes.modifiedMs);
  writeTime(writer, attributes.changedMs);
}

/** `post_op_attr`. */
export function writeOptionalAttributes(writer: XdrWriter, attributes: NfsAttributes | undefined): void {
  writer.optional(attributes, (present) => writeAttributes(writer, present));
}

export function readAttributes(reader: XdrReader): RemoteAttributes {
  const type = fileType(reader.uint32());
  const mode = reader.uint32() & 0o7777;
  const links = reader.uint32();
  const uid = reader.uint32();
  const gid = reader.uint32();
  const sizeBytes = reader.size();
  const usedBytes = Number(reader.uint64());
  reader.skip(8);
  const fileSystemId = reader.uint64();
  const fileId = reader.uint64();
  const accessedMs = readTime(reader);
  const modifiedMs = readTime(reader);
  const changedMs = readTime(reader);
  return {
    type,
    mode,
    links,
    uid,
    gid,
    sizeBytes,
    usedBytes,
    fileSystemId,
    fileId,
    accessedMs,
    modifiedMs,
    changedMs,
  };
}

/** `post_op_attr`. */
export function readOptionalAttributes(reader: XdrReader): RemoteAttributes | undefined {
  return reader.optional(() => readAttributes(reader));
}

/** `wcc_data`: what was before is of no use to us, what is after is returned. */
export function readChange(reader: XdrReader): RemoteAttributes | undefined {
  reader.optional(() => reader.skip(24));
  return readOptionalAttributes(reader);
}

function fileType(number: number): RemoteAttributes['type'] {
  if (number === typeNumber.file) return 'file';
  if (number === typeNumber.directory) return 'directory';
  return number === typeNumber.symlink ? 'symlink' : 'other';
}

function writeTime(writer: XdrWriter, epochMs: number): void {
  const whole = Math.max(0, Math.floor(epochMs * 1000));
  const seconds = Math.floor(whole / 1_000_000);
  writer.uint32(seconds % 2 ** 32).uint32((whole % 1_000_000) * 1000);
}

function readTime(reader: XdrReader): number {
  return reader.uint32() * 1000 + reader.uint32() / 1_000_000;
}
