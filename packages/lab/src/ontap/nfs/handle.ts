import { NfsStatusError } from '@leeward/transports/nfs/nfs-status';

/** What a file handle says: 24 bytes, stable as long as the object exists. */
export interface HandleFacts {
  readonly volume: number;
  /** 0: live files; `snapshotDirectory`: the `.snapshot` folder itself; else the storage snapshot's number. */
  readonly snapshot: number;
  readonly inode: number;
}

const magic = 0x4f4e5450;
export const live = 0;
export const snapshotDirectory = 0xffffffff;
/** Inode number shown for `.snapshot`. */
export const snapshotDirectoryInode = 67;

export function encodeHandle({ volume, snapshot, inode }: HandleFacts): Uint8Array {
  const handle = Buffer.alloc(24);
  handle.writeUInt32BE(magic, 0);
  handle.writeUInt32BE(volume, 4);
  handle.writeUInt32BE(snapshot, 8);
  handle.writeBigUInt64BE(BigInt(inode), 16);
  return handle;
}

export function decodeHandle(handle: Uint8Array): HandleFacts {
  const view = Buffer.from(handle.buffer, handle.byteOffset, handle.byteLength);
  if (view.length !== 24 || view.readUInt32BE(0) !== magic) throw new NfsStatusError('BADHANDLE');
  return {
    volume: view.readUInt32BE(4),
    snapshot: view.readUInt32BE(8),
    inode: Number(view.readBigUInt64BE(16)),
  };
}
