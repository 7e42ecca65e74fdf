import { makeVolume } from '@leeward/lab/vmfs/testing';
import { describe, expect, it } from 'vitest';
import { descriptorField } from './layout.ts';
import { openVmfs } from './open-vmfs.ts';
import { OverlayLun } from './testing/overlay-lun.ts';

const mib = 2 ** 20;
const gib = 2 ** 30;
const alignment = 4096;

/** Two disks of large blocks: all zeroed at once, and one with a large block that was never written. */
async function volumeOf(largeForm: 'repeated' | 'single' | 'sized') {
  const made = await makeVolume({ version: 6, largeForm }, 1, 8 * gib);
  const eager = await made.host.createDisk('eager', 1.5 * gib + 5 * mib, 'eager');
  for (const at of [0, 700 * mib + 9, 1.5 * gib + mib]) await eager.write(at, Buffer.alloc(3 * mib, 7));
  const lazy = await made.host.createDisk('lazy', gib, 'lazy');
  await lazy.write(600 * mib, Buffer.alloc(mib, 8));
  return made;
}

/** Where the descriptor of a file lies on the LUN. */
async function descriptorAt(lun: OverlayLun, path: string): Promise<number> {
  await (await openVmfs([lun])).stat(path);
  const found = lun.reads.filter(({ length }) => length === 2 * alignment).at(-1);
  if (!found) throw new Error('no descriptor was read');
  return found.offset;
}

describe.each(['repeated', 'single', 'sized'] as const)('large blocks named in the form "%s"', (form) => {
  it('hold what was written, and their number is right', async () => {
    const { luns } = await volumeOf(form);
    const volume = await openVmfs(luns);
    const file = await volume.openFile('eager', { expectedBytes: 1.5 * gib + 5 * mib });
    const places = [
      [0, 7],
      [3 * mib, 0],
      [700 * mib + 8, 0],
      [700 * mib + 9, 7],
      [512 * mib, 0],
      [1.5 * gib + mib, 7],
      [1.5 * gib + 4 * mib, 0],
    ] as const;
    for (const [at, byte] of places) {
      const target = Buffer.alloc(1);
      await file.read(at, target);
      expect([at, target[0]]).toEqual([at, byte]);
    }
    expect(file.extents().every(({ kind }) => kind === 'data')).toBe(true);
    const lazy = await volume.extents('lazy');
    const bytesOf = (kind: string) =>
      lazy.reduce((sum, each) => sum + (each.kind === kind ? each.lengthBytes : 0), 0);
    expect([bytesOf('data'), bytesOf('zero'), bytesOf('hole')]).toEqual([512 * mib, 512 * mib, 0]);
  });

  it.each([
    ['counts one large block less', descriptorField.largeBlocks, 'L-FMT-415'],
    ['counts a block less', descriptorField.blocks, 'L-FMT-415'],
    ['has another block size', descriptorField.blockShift, 'L-FMT-412'],
  ])('are refused when the descriptor %s', async (_, field, code) => {
    const { luns } = await volumeOf(form);
    const lun = new OverlayLun(luns[0]!);
    const at = (await descriptorAt(lun, 'eager')) + alignment + field;
    const [value = 0] = await lun.peek(at, 1);
    lun.patch(at, Buffer.of(value - 1));
    await expect((await openVmfs([lun])).extents('eager')).rejects.toMatchObject({ code });
  });
});

it('an address behind a large block that is named once is refused, and so is one that is missing', async () => {
  const made = await makeVolume({ version: 6, largeForm: 'single' }, 1, 8 * gib);
  await made.host.createDisk('flat', 512 * mib, 'eager');
  const lun = new OverlayLun(made.luns[0]!);
  await (await openVmfs([lun])).extents('flat');
  // Its addresses lie in the last pointer block that was read.
  const pointers = lun.reads.filter(({ length }) => length === 65_536).at(-1);
  if (!pointers) throw new Error('no pointer block was read');
  const first = await lun.peek(pointers.offset, 8);
  const tried = async (patches: readonly [number, Buffer][]) => {
    const changed = new OverlayLun(made.luns[0]!);
    for (const [index, bytes] of patches) changed.patch(pointers.offset + index * 8, bytes);
    return (await openVmfs([changed])).extents('flat').then(
      () => 'read',
      (error: { code: string }) => error.code,
    );
  };
  expect(await tried([])).toBe('read');
  expect(await tried([[5, first]])).toBe('L-FMT-414');
  expect(await tried([[0, Buffer.alloc(8)]])).toBe('L-FMT-415');
  expect(
    await tried([
      [0, Buffer.alloc(8)],
      [5, first],
    ]),
  ).toBe('L-FMT-415');
});
