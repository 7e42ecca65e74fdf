import { openVmfs } from '@leeward/formats/vmfs/open-vmfs';
import { expect, test } from 'vitest';
import { makeVolume } from './testing.ts';

const mib = 2 ** 20;

test.each([
  { version: 5, format: 'thin', kind: 'hole' },
  { version: 6, format: 'thin', kind: 'hole' },
  { version: 5, format: 'lazy', kind: 'zero' },
  { version: 6, format: 'lazy', kind: 'zero' },
] as const)(
  'a host that lags behind shows a $kind, complete in itself: VMFS-$version, $format',
  async (form) => {
    const { version, format, kind } = form;
    const { host, luns } = await makeVolume({ version, placement: 'scattered' });
    const disk = await host.createDisk('flat', 600 * mib, format);
    const old = Buffer.alloc(2 * mib, 1);
    await disk.write(0, old);
    const before = await (await openVmfs(luns)).extents('flat');
    await host.holdMetadata('flat');
    const data = Buffer.alloc(3 * mib, 2);
    await disk.write(550 * mib, data);
    await disk.write(0, Buffer.alloc(5, 3));
    // Other files are not held back.
    await host.createFile('other');
    const volume = await openVmfs(luns);
    expect(await volume.extents('flat')).toEqual(before);
    expect(
      before.find(({ fileOffsetBytes, lengthBytes }) => fileOffsetBytes + lengthBytes > 551 * mib)?.kind,
    ).toBe(kind);
    expect((await volume.readDirectory('')).map(({ name }) => name)).toContain('other');
    const file = await volume.openFile('flat');
    const seen = Buffer.alloc(data.length, 0xee);
    await file.read(550 * mib, seen);
    expect(seen.every((byte) => byte === 0)).toBe(true);
    const start = Buffer.alloc(8);
    await file.read(0, start);
    expect([...start]).toEqual([3, 3, 3, 3, 3, 1, 1, 1]);
    await host.releaseMetadata('flat');
    await (await (await openVmfs(luns)).openFile('flat')).read(550 * mib, seen);
    expect(seen.equals(data)).toBe(true);
  },
);

test('what was held back and never released goes with its file', async () => {
  const { host, luns } = await makeVolume({ version: 6 });
  const disk = await host.createDisk('flat', 40 * mib, 'thin');
  await host.holdMetadata('flat');
  await disk.write(0, Buffer.alloc(mib, 1));
  await host.remove('flat');
  expect((await (await openVmfs(luns)).readDirectory('')).map(({ name }) => name)).not.toContain('flat');
  await (await host.createDisk('flat', 40 * mib, 'thin')).write(0, Buffer.alloc(mib, 2));
  const seen = Buffer.alloc(mib);
  await (await (await openVmfs(luns)).openFile('flat')).read(0, seen);
  expect(seen.every((byte) => byte === 2)).toBe(true);
});
