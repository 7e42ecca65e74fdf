import { type MadeVolume, makeVolume } from '@leeward/lab/vmfs/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { openVmfs } from './open-vmfs.ts';
import { OverlayLun } from './testing/overlay-lun.ts';
import type { VmfsVolume } from './vmfs-volume.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const identity = { lun: 7, vendor: 'Nimble', model: 'Server', revision: '1.0', naa: '6000000000000001abcd' };

describe.each([5, 6] as const)('a volume of VMFS-%i', (version) => {
  let made: MadeVolume;
  let volume: VmfsVolume;

  beforeAll(async () => {
    made = await makeVolume({ version });
    const { host } = made;
    await host.makeDirectory('VM [1] ü');
    await host.makeDirectory('VM [1] ü/sub');
    await (await host.createFile('VM [1] ü/a.vmx')).write(0, Buffer.from('name = "a"\n'));
    await host.symlink('VM [1] ü/link', 'sub/target');
    await host.createRawDeviceMapping('VM [1] ü/raw-rdm.vmdk', identity, 5 * gibibyte);
    const disk = await host.createDisk('VM [1] ü/a-flat.vmdk', 40 * mebibyte, 'thin');
    await disk.write(2 * mebibyte, Buffer.alloc(2 * mebibyte, 1));
    await host.setLock('VM [1] ü/a-flat.vmdk', 2);
    volume = await openVmfs(made.luns);
  });

  it('lists folders', async () => {
    expect(await volume.readDirectory('VM [1] ü')).toEqual([
      { name: 'a-flat.vmdk', type: 'file' },
      { name: 'a.vmx', type: 'file' },
      { name: 'link', type: 'symlink' },
      { name: 'raw-rdm.vmdk', type: 'rdm' },
      { name: 'sub', type: 'directory' },
    ]);
    const system = (await volume.readDirectory('')).filter(({ type }) => type === 'system');
    expect(system.map(({ name }) => name)).toContain('.fdc.sf');
    expect(await volume.readDirectory('.sdd.sf')).toEqual([]);
  });

  it('tells what files are', async () => {
    expect(await volume.stat('VM [1] ü/a.vmx')).toMatchObject({ type: 'file', sizeBytes: 11, mode: 0o600 });
    expect(await volume.stat('VM [1] ü/a-flat.vmdk')).toMatchObject({
      sizeBytes: 40 * mebibyte,
      lock: { mode: 2 },
    });
    expect(await volume.stat('')).toMatchObject({ type: 'directory' });
    expect((await volume.readFile('VM [1] ü/a.vmx', 100)).toString()).toBe('name = "a"\n');
    expect(await volume.readLink('VM [1] ü/link')).toBe('sub/target');
    expect(await volume.readRawDevice('VM [1] ü/raw-rdm.vmdk')).toEqual({
      lun: 7,
      vendor: 'Nimble',
      model: 'Server',
      revision: '1.0',
      id: identity.naa,
    });
  });

  it('finds extents that the LUN really holds', async () => {
    const extents = await volume.extents('VM [1] ü/a-flat.vmdk');
    expect(extents).toMatchObject([
      { kind: 'hole', fileOffsetBytes: 0, lengthBytes: 2 * mebibyte },
      { kind: 'data', fileOffsetBytes: 2 * mebibyte, lengthBytes: 2 * mebibyte, lun: 0 },
      { kind: 'hole', fileOffsetBytes: 4 * mebibyte, lengthBytes: 36 * mebibyte },
    ]);
    const data = extents[1];
    const content = Buffer.alloc(2 * mebibyte);
    if (data?.kind === 'data') await made.luns[0]!.read(data.lunOffsetBytes, content);
    expect(content.equals(Buffer.alloc(2 * mebibyte, 1))).toBe(true);
  });

  it.each([
    ['VM [1] ü/no', 'L-FMT-421'],
    ['no/file', 'L-FMT-421'],
    ['VM [1] ü/A.VMX', 'L-FMT-421'],
    ['VM [1] ü/a.vmx/b', 'L-FMT-422'],
    ['VM [1] ü/link/b', 'L-FMT-422'],
    ['VM [1] ü', 'L-FMT-422'],
    ['VM [1] ü/raw-rdm.vmdk', 'L-FMT-423'],
    ['VM [1] ü//a.vmx', 'L-FMT-425'],
    ['VM [1] ü/../a', 'L-FMT-425'],
    ['/VM', 'L-FMT-425'],
    ['./a', 'L-FMT-425'],
  ])('%s: %s', async (path, code) => {
    await expect(volume.extents(path)).rejects.toMatchObject({ code });
  });

  it('keeps to bounds', async () => {
    await expect(volume.readFile('VM [1] ü/a.vmx', 10)).rejects.toMatchObject({ code: 'L-FMT-424' });
    await expect(volume.readLink('VM [1] ü/a.vmx')).rejects.toMatchObject({ code: 'L-FMT-422' });
    const limited = await openVmfs(made.luns, { limits: { extents: 2, directoryEntries: 5 } });
    await expect(limited.extents('VM [1] ü/a-flat.vmdk')).rejects.toMatchObject({ code: 'L-FMT-417' });
    const narrow = await openVmfs(made.luns, { limits: { directoryEntries: 4 } });
    await expect(narrow.stat('VM [1] ü/a.vmx')).rejects.toMatchObject({ code: 'L-FMT-417' });
    const file = await volume.openFile('VM [1] ü/a.vmx');
    await expect(file.read(5, Buffer.alloc(7))).rejects.toThrow(RangeError);
  });
});

it('descriptors that an upgrade to VMFS-5 left without a block shift are read (as on a volume made by ESX 4)', async () => {
  const { host, luns } = await makeVolume({ version: 5 });
  const disk = await host.createDisk('disk', 3 * mebibyte, 'thin');
  await disk.write(mebibyte, Buffer.alloc(mebibyte, 1));
  const lun = new OverlayLun(luns[0]!);
  await (await openVmfs([lun])).stat('disk');
  for (const { offset, length } of [...lun.reads])
    if (length === 2048) lun.patch(offset + 512 + 0x89, Buffer.alloc(1));
  expect(await (await openVmfs([lun])).extents('disk')).toMatchObject([
    { kind: 'hole' },
    { kind: 'data' },
    { kind: 'hole' },
  ]);
  const before = await lun.peek(lun.reads.findLast(({ length }) => length === 2048)!.offset, 2048);
  expect(before[512 + 0x89]).toBe(20);
});

describe('block addresses of VMFS-6', () => {
  /** A disk of 600 MiB, the LUN, and where its descriptor's addresses are on it. */
  async function diskAt(kind: 'thin' | 'lazy') {
    const { host, luns } = await makeVolume({ version: 6, partitionTable: 'none' });
    const disk = await host.createDisk('disk', 600 * mebibyte, kind);
    if (kind === 'thin') await disk.write(0, Buffer.alloc(3 * mebibyte, 1));
    const lun = new OverlayLun(luns[0]!);
    const volume = await openVmfs([lun]);
    lun.reads.length = 0;
    await volume.stat('disk');
    const descriptor = lun.reads.findLast(({ length }) => length === 8192)!.offset;
    const open = async () => (await openVmfs([lun])).extents('disk');
    // 600 blocks need a pointer block: what it says is behind the address in the descriptor.
    const first = await lun.peek(descriptor + 0x1600, 8);
    lun.reads.length = 0;
    await volume.extents('disk');
    const pointers = lun.reads.findLast(({ length }) => length === 65536)!.offset;
    return { lun, descriptor, pointers, first, open };
  }

  it.each([
    ['a hole where a block was', 8, Buffer.alloc(8), 'L-FMT-415'],
    ['a block named twice', 8, 'copy', 'L-FMT-414'],
    ['an unknown kind', 0, Buffer.from([0, 1]), 'L-FMT-414'],
    ['a block of a system file', 0, Buffer.from([1, 0, 0, 0, 0, 0, 0x38, 0x01]), 'L-FMT-414'],
    ['a block behind the end', 0, Buffer.from([1, 0, 0, 0x40, 0, 0, 0, 0]), 'L-FMT-414'],
    ['a block partly written', 0, Buffer.from([0x81, 0x78]), 'L-FMT-416'],
    ['a pointer block instead', 0, Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]), 'L-FMT-414'],
  ])('%s', async (_, at, bytes, code) => {
    const { lun, pointers, open } = await diskAt('thin');
    const patch = typeof bytes === 'string' ? await lun.peek(pointers, 8) : bytes;
    lun.patch(pointers + at, patch);
    await expect(open()).rejects.toMatchObject({ code });
  });

  it('a large block that is named only in parts is suspicious, whatever the counters say', async () => {
    const { lun, descriptor, pointers, open } = await diskAt('lazy');
    lun.patch(pointers + 5 * 8, Buffer.alloc(8));
    await expect(open()).rejects.toMatchObject({ code: 'L-FMT-415' });
    // Both counters corrected: 599 blocks.
    for (const field of [0x24, 0x48]) lun.patch(descriptor + 4096 + field, Buffer.from([0x57, 0x02]));
    await expect(open()).rejects.toMatchObject({
      code: 'L-FMT-415',
      details: { reason: expect.stringContaining('in parts') },
    });
  });

  it('a pointer block named twice ends the walk', async () => {
    const { lun, descriptor, first, open } = await diskAt('thin');
    lun.patch(descriptor + 0x1600 + 8, first);
    await expect(open()).rejects.toMatchObject({ code: 'L-FMT-414' });
  });
});
