import { makeVolume } from '@leeward/lab/vmfs/testing';
import { describe, expect, it } from 'vitest';
import { openVmfs } from './open-vmfs.ts';
import { OverlayLun } from './testing/overlay-lun.ts';

const mebibyte = 2 ** 20;
const partition = mebibyte;
const lvmHeader = partition + mebibyte;
const fsHeader = partition + 17 * mebibyte + 2 * mebibyte;
const empty = {
  sizeBytes: 64 * mebibyte,
  read: async (_: number, target: Uint8Array) => void target.fill(0),
};

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

describe('partition tables', () => {
  it.each(['gpt', 'mbr', 'none'] as const)('%s', async (partitionTable) => {
    const { host, luns } = await makeVolume({ version: 6, partitionTable });
    expect(await openVmfs(luns)).toMatchObject({
      uuid: host.uuid,
      label: 'store',
      version: '6.82',
      fileBlockBytes: mebibyte,
    });
  });

  it('a damaged GPT is replaced by its backup, and a lost first sector does not matter', async () => {
    const { host, luns } = await makeVolume({ version: 6 });
    const damaged = new OverlayLun(luns[0]!).patch(1024, Buffer.from('noise'));
    expect((await openVmfs([damaged])).uuid).toBe(host.uuid);
    const headless = new OverlayLun(luns[0]!).patch(0, Buffer.alloc(512));
    expect((await openVmfs([headless])).uuid).toBe(host.uuid);
    damaged.patch(luns[0]!.sizeBytes - 512, Buffer.alloc(512));
    await expect(openVmfs([damaged])).rejects.toMatchObject({ code: 'L-FMT-401' });
  });

  it('LUNs of any size without VMFS are named', async () => {
    for (const sizeBytes of [0, 1, 511, 512, 4096, mebibyte, 2 * mebibyte])
      await expect(openVmfs([{ ...empty, sizeBytes }], { names: ['naa.6'] })).rejects.toMatchObject({
        code: 'L-FMT-401',
        details: { luns: 'naa.6' },
      });
    await expect(openVmfs([])).rejects.toMatchObject({ code: 'L-FMT-401' });
  });
});

describe('volumes of several LUNs', () => {
  it('are opened in any order, among others', async () => {
    const { host, luns } = await makeVolume({ version: 5 }, 3);
    const volume = await openVmfs([luns[2]!, empty, luns[0]!, luns[1]!]);
    expect(volume.uuid).toBe(host.uuid);
    await host.createDisk('end', 2 ** 33, 'lazy');
    await (await host.open('end')).write(2 ** 33 - 5, Buffer.from('after'));
    const extents = await (await openVmfs([luns[2]!, empty, luns[0]!, luns[1]!])).extents('end');
    expect(extents.at(-1)).toMatchObject({ kind: 'data', lun: 0 });
  });

  it.each([[[0, 1]], [[1, 2]], [[0, 2]], [[0]]])('are refused when only %j are there', async (some) => {
    const { luns } = await makeVolume({ version: 6 }, 3);
    await expect(openVmfs(some.map((index) => luns[index]!))).rejects.toMatchObject({ code: 'L-FMT-403' });
  });

  it('are refused when copied at different instants, or when one LUN is there twice', async () => {
    const { luns } = await makeVolume({ version: 6 }, 2);
    const later = new OverlayLun(luns[1]!).patch(lvmHeader + 0x1008, u32(4));
    await expect(openVmfs([luns[0]!, later])).rejects.toMatchObject({ code: 'L-FMT-403' });
    await expect(openVmfs([luns[0]!, luns[1]!, luns[1]!])).rejects.toMatchObject({ code: 'L-FMT-403' });
  });

  it('are told apart by UUID', async () => {
    const six = await makeVolume({ version: 6 });
    const five = await makeVolume({ version: 5 });
    const luns = [...six.luns, ...five.luns];
    expect((await openVmfs(luns, { uuid: five.host.uuid })).version).toBe('5.81');
    await expect(openVmfs(luns)).rejects.toMatchObject({ code: 'L-FMT-404' });
    await expect(openVmfs(six.luns, { uuid: five.host.uuid })).rejects.toMatchObject({ code: 'L-FMT-404' });
    // One volume that cannot be opened does not keep from the other.
    const broken = new OverlayLun(six.luns[0]!).patch(fsHeader, u32(0));
    expect((await openVmfs([broken, ...five.luns], { uuid: five.host.uuid })).uuid).toBe(five.host.uuid);
  });
});

describe('what is not read', () => {
  it.each([
    ['VMFS-L', fsHeader, u32(0x2fabf15f), 'L-FMT-402'],
    ['VMFS-3', fsHeader + 4, u32(4), 'L-FMT-402'],
    ['a later VMFS', fsHeader + 4, u32(25), 'L-FMT-402'],
    ['another volume manager', lvmHeader + 4, u32(7), 'L-FMT-402'],
    ['a volume manager flagged as local', lvmHeader + 0xd2, u32(1), 'L-FMT-402'],
    ['a file system of another volume', fsHeader + 0xb1, u32(1), 'L-FMT-406'],
    ['a resignature under way', lvmHeader + 0x1010, u32(2), 'L-FMT-405'],
  ])('%s', async (_, offset, bytes, code) => {
    const { luns } = await makeVolume({ version: 6 });
    await expect(openVmfs([new OverlayLun(luns[0]!).patch(offset, bytes)])).rejects.toMatchObject({ code });
  });

  it('a failing LUN fails as it does, and an abort aborts', async () => {
    const { luns } = await makeVolume({ version: 6 });
    const failure = new Error('portal lost');
    const failing = { sizeBytes: luns[0]!.sizeBytes, read: () => Promise.reject(failure) };
    await expect(openVmfs([failing])).rejects.toBe(failure);
    const aborted = AbortSignal.abort(new Error('cancelled'));
    const obeying = {
      sizeBytes: luns[0]!.sizeBytes,
      read: async (offset: number, target: Uint8Array, signal?: AbortSignal) => {
        signal?.throwIfAborted();
        await luns[0]!.read(offset, target);
      },
    };
    await expect(openVmfs([obeying], { signal: aborted })).rejects.toThrow('cancelled');
  });
});
