import { inflateSync } from 'node:zlib';

export interface ReadStream {
  readonly capacityBytes: number;
  readonly descriptor: string;
  readonly content: Buffer;
  /** Grain numbers in stream order. */
  readonly grains: readonly number[];
}

/**
 * Reads a stream-optimised disk as a forward-only importer does, by its markers, and checks that the directory
 * and the tables say the same. Throws an `Error` that names what is wrong.
 */
export function readStream(stream: Buffer): ReadStream {
  const must = (isTrue: boolean, what: string) => {
    if (!isTrue) throw new Error(what);
  };
  const sector = (at: number) => stream.subarray(at * 512, at * 512 + 512);
  const long = (bytes: Buffer, at: number) => Number(bytes.readBigUInt64LE(at));
  const header = sector(0);
  must(header.toString('ascii', 0, 4) === 'KDMV' && header.readUInt32LE(8) === 0x30001, 'header');
  must(header.readBigInt64LE(56) === -1n, 'the directory is at the end');
  const capacityBytes = long(header, 12) * 512;
  const content = Buffer.alloc(capacityBytes);
  const grains: number[] = [];
  const places = new Map<number, number>();
  const tables: number[] = [];
  let directoryAt = 0;
  let at = long(header, 64);
  for (;;) {
    const record = sector(at);
    const size = record.readUInt32LE(8);
    if (size > 0) {
      const lba = long(record, 0);
      const bytes = inflateSync(stream.subarray(at * 512 + 12, at * 512 + 12 + size));
      must(lba % 128 === 0 && (grains.at(-1) ?? -1) < lba / 128, `grain ${lba} in order`);
      must(lba * 512 + bytes.length <= capacityBytes, `grain ${lba} in the disk`);
      content.set(bytes, lba * 512);
      grains.push(lba / 128);
      places.set(lba / 128, at);
      at += Math.ceil((12 + size) / 512);
      continue;
    }
    const type = record.readUInt32LE(12);
    if (type === 1) tables.push(at + 1);
    if (type === 2) directoryAt = at + 1;
    if (type === 3) must(long(sector(at + 1), 56) === directoryAt, 'the footer knows the directory');
    at += 1 + long(record, 0);
    if (type === 0) break;
  }
  must(at * 512 === stream.length, 'the end of the stream is the end');
  let found = 0;
  for (let table = 0; table < Math.ceil(capacityBytes / 2 ** 25); table++) {
    const tableAt = stream.readUInt32LE(directoryAt * 512 + table * 4);
    if (tableAt === 0) continue;
    must(tables.includes(tableAt), `the directory names table ${table}`);
    for (let entry = 0; entry < 512; entry++) {
      const place = stream.readUInt32LE(tableAt * 512 + entry * 4);
      if (place === 0) continue;
      found++;
      must(places.get(table * 512 + entry) === place, `the table knows grain ${table * 512 + entry}`);
    }
  }
  must(found === grains.length, 'all grains are in tables');
  const descriptor = stream.toString('utf8', 512, 512 * 21).replace(/\0+$/, '');
  return { capacityBytes, descriptor, content, grains };
}
