import { describe, expect, it } from 'vitest';
import { collect } from '../testing/collect.ts';
import { CowdImage } from '../testing/cowd-image.ts';
import { descriptorOf, type TestDescriptor } from '../testing/delta-descriptor.ts';
import { codeOf } from '../testing/error-code.ts';
import { MemoryFolder } from '../testing/memory-folder.ts';
import { SparseFile } from '../testing/sparse-file.ts';
import { openDiskChain } from './open-disk-chain.ts';

const capacityBytes = 8192;

function base(folder: MemoryFolder, name = 'vm', cid = '00000001', sizeBytes = capacityBytes): void {
  const extents = [{ type: 'VMFS', fileName: `${name}-flat.vmdk`, lengthBytes: sizeBytes }];
  folder.addText(`${name}.vmdk`, descriptorOf({ createType: 'vmfs', cid, extents }));
  folder.files.set(`${name}-flat.vmdk`, SparseFile.of(new Uint8Array(sizeBytes).fill(7)));
}

function delta(folder: MemoryFolder, name: string, change: Partial<TestDescriptor> = {}): void {
  const fileName = `${name}-delta.vmdk`;
  const extents = [{ type: 'VMFSSPARSE', fileName, lengthBytes: capacityBytes }];
  const disk = { createType: 'vmfsSparse', cid: '00000002', parentCid: '00000001', hint: 'vm.vmdk', extents };
  folder.addText(`${name}.vmdk`, descriptorOf({ ...disk, ...change }));
  folder.files.set(fileName, new CowdImage(capacityBytes).file);
}

/** A chain of `count` deltas; the newest is `d<count>.vmdk`. */
function deltas(folder: MemoryFolder, count: number): string {
  base(folder);
  for (let number = 1; number <= count; number++) {
    const id = (at: number) => (at + 1).toString(16).padStart(8, '0');
    const hint = number === 1 ? 'vm.vmdk' : `d${number - 1}.vmdk`;
    delta(folder, `d${number}`, { cid: id(number), parentCid: id(number - 1), hint });
  }
  return `d${count}.vmdk`;
}

describe('the way from a disk to its base', () => {
  it('is as long as VMware allows', async () => {
    const folder = new MemoryFolder();
    const chain = await openDiskChain(folder, deltas(folder, 32));
    expect(chain.layers).toHaveLength(33);
    const byte = new Uint8Array(1);
    await chain.read(capacityBytes - 1, byte);
    expect(byte).toEqual(Uint8Array.of(7));
    await expect(openDiskChain(folder, deltas(folder, 33))).rejects.toThrowError(/L-FMT-215.*more than 32/);
  });

  it.each<[string, string, RegExp, (folder: MemoryFolder) => void]>([
    ['no parent file', 'L-FMT-211', /there is no "ds\/vm\.vmdk"/, (folder) => folder.files.delete('vm.vmdk')],
    ['a foreign parent', 'L-FMT-213', /00000001, but ds\/vm\.vmdk has 000000ff/, (f) => base(f, 'vm', 'ff')],
    ['no hint', 'L-FMT-211', /does not name it/, (f) => delta(f, 'd1', { hint: undefined })],
    ['no parent id', 'L-FMT-211', /no "parentCID"/, (f) => delta(f, 'd1', { parentCid: 'ffffffff' })],
    [
      'no parent at all',
      'L-FMT-211',
      /not name/,
      (f) => delta(f, 'd1', { parentCid: 'ffffffff', hint: undefined }),
    ],
    [
      'a way out of the folder',
      'L-FMT-211',
      /not a plain path/,
      (f) => delta(f, 'd1', { hint: '../vm.vmdk' }),
    ],
    [
      'a parent out of reach',
      'L-FMT-212',
      /"\/vmfs\/volumes\/b\/vm\.vmdk"/,
      (f) => delta(f, 'd1', { hint: '/vmfs/volumes/b/vm.vmdk' }),
    ],
    [
      'itself as parent',
      'L-FMT-214',
      /ds\/d1\.vmdk is there twice/,
      (f) => delta(f, 'd1', { cid: '00000001', hint: 'd1.vmdk' }),
    ],
    [
      'a circle of two',
      'L-FMT-214',
      /ds\/d1\.vmdk is there twice/,
      (f) => {
        delta(f, 'd1', { hint: 'd2.vmdk' });
        delta(f, 'd2', { cid: '00000001', parentCid: '00000002', hint: 'd1.vmdk' });
      },
    ],
    [
      'a data file as parent',
      'L-FMT-101',
      /data of a delta disk/,
      (f) => delta(f, 'd1', { hint: 'd1-delta.vmdk' }),
    ],
    [
      'a large data file as parent',
      'L-FMT-102',
      /100000 bytes/,
      (f) => {
        f.files.set('vm.vmdk', SparseFile.of(new Uint8Array(100_000)));
      },
    ],
    [
      'a smaller parent',
      'L-FMT-216',
      /8192 bytes and its parent ds\/vm.vmdk has 4096/,
      (f) => base(f, 'vm', '1', 4096),
    ],
    ['a larger parent', 'L-FMT-216', /has 16384/, (f) => base(f, 'vm', '1', 16384)],
    ['no such disk', 'L-FMT-101', /no such file/, (f) => f.files.delete('d1.vmdk')],
    ['no data file', 'L-FMT-210', /ds\/d1-delta.vmdk/, (f) => f.files.delete('d1-delta.vmdk')],
    ['no base data file', 'L-FMT-210', /ds\/vm-flat.vmdk/, (f) => f.files.delete('vm-flat.vmdk')],
    ['a base cut off', 'L-FMT-209', /8191 bytes/, (f) => f.files.get('vm-flat.vmdk')?.truncate(8191)],
    [
      'a data file of two disks',
      'L-FMT-206',
      /belongs to ds\/d1.vmdk already/,
      (f) => {
        const extents = [{ type: 'VMFS', fileName: 'd1-delta.vmdk', lengthBytes: capacityBytes }];
        f.addText('vm.vmdk', descriptorOf({ createType: 'vmfs', cid: '00000001', extents }));
        f.files.get('d1-delta.vmdk')?.truncate(capacityBytes * 4);
      },
    ],
    [
      'a delta longer than its data',
      'L-FMT-206',
      /8192 of 8704 bytes/,
      (f) =>
        delta(f, 'd1', {
          extents: [{ type: 'VMFSSPARSE', fileName: 'd1-delta.vmdk', lengthBytes: 8704 }],
        }),
    ],
    [
      'a flat disk with a parent',
      'L-FMT-201',
      /cannot be read as a base/,
      (f) => delta(f, 'd1', { createType: 'vmfs' }),
    ],
    [
      'another extent type',
      'L-FMT-208',
      /type SESPARSE in a disk whose/,
      (f) =>
        delta(f, 'd1', {
          extents: [{ type: 'SESPARSE', fileName: 'd1-delta.vmdk', lengthBytes: capacityBytes }],
        }),
    ],
    [
      'an extent out of the folder',
      'L-FMT-207',
      /"\.\.\/x"/,
      (f) => {
        const text = descriptorOf({
          createType: 'vmfsSparse',
          cid: '2',
          parentCid: '1',
          hint: 'vm.vmdk',
          extents: [],
        });
        f.addText('d1.vmdk', `${text}RW 16 VMFSSPARSE "../x"\n`);
      },
    ],
    [
      'an unknown version',
      'L-FMT-218',
      /descriptor.*version 5/,
      (f) =>
        f.addText(
          'd1.vmdk',
          'version=5\nCID=2\nparentCID=1\nparentFileNameHint="vm.vmdk"\ncreateType="vmfsSparse"',
        ),
    ],
  ])('refuses %s', async (_, code, text, change) => {
    const folder = new MemoryFolder('ds');
    base(folder);
    delta(folder, 'd1');
    expect(await codeOf(() => openDiskChain(folder, 'd1.vmdk'))).toBe('none');
    change(folder);
    expect(await codeOf(() => openDiskChain(folder, 'd1.vmdk'))).toBe(code);
    await expect(openDiskChain(folder, 'd1.vmdk')).rejects.toThrowError(text);
  });

  it('goes to another datastore by the resolver', async () => {
    const [mine, other] = [new MemoryFolder('ds1'), new MemoryFolder('ds2')];
    const hint = '/vmfs/volumes/5f1-a/gold/base/vm.vmdk';
    delta(mine, 'd1', { hint });
    for (const name of ['base/vm']) base(other, name);
    other.addText(
      'base/vm.vmdk',
      descriptorOf({
        createType: 'vmfs',
        cid: '00000001',
        extents: [{ type: 'VMFS', fileName: 'vm-flat.vmdk', lengthBytes: capacityBytes }],
      }),
    );
    const asked: string[] = [];
    const chain = await openDiskChain(mine, 'd1.vmdk', {
      capacityBytes,
      resolveParent: async (path) => {
        asked.push(path);
        return { folder: other, path: 'base/vm.vmdk' };
      },
    });
    expect(asked).toEqual([hint]);
    const runs = await collect(chain.mapping(0, capacityBytes));
    expect(runs).toMatchObject([{ layer: 1, file: { place: { folder: other, path: 'base/vm-flat.vmdk' } } }]);
  });

  it('ends for a disk of another size than the inventory shows', async () => {
    const folder = new MemoryFolder();
    const path = deltas(folder, 1);
    expect(await codeOf(() => openDiskChain(folder, path, { capacityBytes: 4096 }))).toBe('L-FMT-206');
  });

  it('stops when it is told to', async () => {
    const folder = new MemoryFolder();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(openDiskChain(folder, deltas(folder, 1), { signal })).rejects.toThrowError('enough');
  });
});
