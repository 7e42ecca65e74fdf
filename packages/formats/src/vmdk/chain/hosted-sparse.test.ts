import { describe, expect, it } from 'vitest';
import { descriptorOf } from '../testing/delta-descriptor.ts';
import { MemoryFolder } from '../testing/memory-folder.ts';
import { SparseFile } from '../testing/sparse-file.ts';
import { openDiskChain } from './open-disk-chain.ts';

const capacityBytes = 33 * 2 ** 20;

/** Grains of 64 KiB: the first holds data, the second is zeros (entry 1), all others are not there. */
function image(): SparseFile {
  const header = Buffer.alloc(512);
  header.write('KDMV');
  header.writeUInt32LE(1, 4);
  header.writeUInt32LE(1 | 4, 8);
  header.writeBigUInt64LE(BigInt(capacityBytes / 512), 12);
  header.writeBigUInt64LE(128n, 20);
  header.writeUInt32LE(512, 44);
  header.writeBigUInt64LE(2n, 56);
  const file = SparseFile.of(header);
  put(file, 1024, 3);
  put(file, 1536, 128);
  put(file, 1540, 1);
  file.write(65_536, new Uint8Array(65_536).fill(4));
  return file;
}

async function read(file: SparseFile): Promise<Uint8Array> {
  const folder = new MemoryFolder();
  folder.files.set('s.vmdk', file);
  const extents = [{ type: 'SPARSE', fileName: 's.vmdk', lengthBytes: capacityBytes }];
  folder.addText('d.vmdk', descriptorOf({ createType: 'twoGbMaxExtentSparse', cid: '1', extents }));
  const chain = await openDiskChain(folder, 'd.vmdk');
  const content = new Uint8Array(capacityBytes).fill(9);
  await chain.read(0, content);
  return content;
}

function put(file: SparseFile, at: number, value: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  file.write(at, bytes);
}

describe('hosted sparse', () => {
  it('is read; what no grain holds is zeros when there is no parent', async () => {
    const content = await read(image());
    expect(content.subarray(0, 65_536).every((byte) => byte === 4)).toBe(true);
    expect(content.subarray(65_536).every((byte) => byte === 0)).toBe(true);
  });

  it.each<[string, string, (file: SparseFile) => void]>([
    ['another mark', 'L-FMT-217', (file) => put(file, 0, 5)],
    ['a version to come', 'L-FMT-218', (file) => put(file, 4, 9)],
    ['compression', 'L-FMT-218', (file) => put(file, 8, 0x30001)],
    ['no capacity', 'L-FMT-217', (file) => put(file, 12, 0)],
    ['a capacity below the extent', 'L-FMT-206', (file) => put(file, 12, 128)],
    ['odd grains', 'L-FMT-217', (file) => put(file, 20, 100)],
    ['other tables', 'L-FMT-218', (file) => put(file, 44, 511)],
    ['a directory outside', 'L-FMT-217', (file) => put(file, 56, 300)],
    ['a table in sector 1', 'L-FMT-217', (file) => put(file, 1024, 1)],
    ['a table outside', 'L-FMT-217', (file) => put(file, 1024, 2 ** 31)],
    ['a grain outside', 'L-FMT-217', (file) => put(file, 1536, 129)],
  ])('is refused with %s', async (_, code, damage) => {
    const file = image();
    damage(file);
    await expect(read(file)).rejects.toMatchObject({ code });
  });
});
