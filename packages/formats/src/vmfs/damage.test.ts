import type { MadeVolume } from '@leeward/lab/vmfs/testing';
import { makeVolume } from '@leeward/lab/vmfs/testing';
import { SeededRandomness } from '@leeward/platform';
import { beforeAll, describe, expect, it } from 'vitest';
import { openVmfs } from './open-vmfs.ts';
import { isHonest } from './testing/honesty.ts';
import { OverlayLun, type Piece } from './testing/overlay-lun.ts';
import { type Survey, survey } from './testing/survey.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const paths = [
  '',
  '.fdc.sf',
  '.sdd.sf',
  'vm',
  'vm/a.vmx',
  'vm/a.log',
  'vm/direct',
  'vm/thin',
  'vm/lazy',
  'vm/double',
  'vm/link',
  'vm/rdm',
];

async function volumeOf(version: 5 | 6): Promise<MadeVolume> {
  const made = await makeVolume({ version }, version === 6 ? 2 : 1);
  const { host } = made;
  const bytes = (length: number) => Buffer.alloc(length, 0xa7);
  await host.makeDirectory('vm');
  for (let index = 0; index < 40; index++) await host.createFile(`vm/other-${index}`);
  await (await host.createFile('vm/a.vmx')).write(0, bytes(900));
  await (await host.createFile('vm/a.log')).write(0, bytes(20_000));
  await (await host.createDisk('vm/direct', 40 * mebibyte, 'thin')).write(3 * mebibyte, bytes(7 * mebibyte));
  const thin = await host.createDisk('vm/thin', 30 * gibibyte, 'thin');
  for (const at of [0, 900 * mebibyte, 9 * gibibyte]) await thin.write(at, bytes(5 * mebibyte));
  await (await host.createDisk('vm/lazy', 600 * mebibyte, 'lazy')).write(580 * mebibyte, bytes(mebibyte));
  const double = await host.createDisk('vm/double', (version === 6 ? 3 * 1024 : 400) * gibibyte, 'thin');
  await double.write(300 * gibibyte, bytes(4 * mebibyte));
  await host.symlink('vm/link', 'a.vmx');
  const identity = { lun: 3, vendor: 'V', model: 'M', revision: '1', naa: '600a098038303030' };
  await host.createRawDeviceMapping('vm/rdm', identity, gibibyte);
  return made;
}

describe.each([5, 6] as const)('damage of VMFS-%i', (version) => {
  let made: MadeVolume;
  let uuid: string;
  let truth: Survey;
  /** The sectors that a reader needs, but for the content of files: all with something in them, some empty ones. */
  let sectors: { readonly lun: number; readonly offset: number }[];

  const open = (change?: { readonly lun: number; readonly apply: (lun: OverlayLun) => unknown }) =>
    made.luns.map((lun, index) => {
      const overlay = new OverlayLun(lun);
      if (change?.lun === index) change.apply(overlay);
      return overlay;
    });

  beforeAll(async () => {
    made = await volumeOf(version);
    uuid = made.host.uuid;
    const luns = open();
    truth = await survey(luns, paths, { uuid });
    const empty: typeof sectors = [];
    sectors = [];
    for (const [lun, { reads }] of luns.entries())
      for (const offset of sectorsOf(reads)) {
        const isEmpty = (await luns[lun]!.peek(offset, 512)).every((byte) => byte === 0);
        (isEmpty ? empty : sectors).push({ lun, offset });
      }
    sectors.push(...sample(empty, 100, new SeededRandomness(1)));
  });

  const check = async (luns: readonly OverlayLun[], what: string): Promise<number> => {
    const after = await survey(luns, paths, { uuid });
    const wrong = paths.filter((path) => !isHonest(version, truth.get(path) ?? {}, after.get(path) ?? {}));
    const shown = wrong.map((path) => ({ path, before: truth.get(path), after: after.get(path) }));
    expect({ what, shown }).toEqual({ what, shown: [] });
    return paths.filter((path) => after.get(path)?.error !== undefined).length;
  };

  it('is none at first', () => {
    expect([...truth.values()].filter(({ error }) => error !== undefined)).toEqual([]);
    expect(sectors.length).toBeGreaterThan(190);
  });

  it.each([
    ['zeroed', () => Buffer.alloc(512)],
    ['all ones', () => Buffer.alloc(512, 0xff)],
    ['noise', (random: SeededRandomness) => Buffer.from(random.bytes(512))],
  ])('sectors %s are named or do not matter', async (what, bytes) => {
    const random = new SeededRandomness(version);
    let named = 0;
    for (const { lun, offset } of sample(sectors, 400, random)) {
      const luns = open({ lun, apply: (each) => each.patch(offset, bytes(random)) });
      named += await check(luns, `${what}: sector at ${offset} of LUN ${lun}`);
    }
    expect(named).toBeGreaterThan(200);
  });

  it('single bits are named or do not matter', async () => {
    const random = new SeededRandomness(version + 10);
    for (const { lun, offset } of sample(sectors, 1000, random)) {
      const written = await new OverlayLun(made.luns[lun]!).peek(offset, 512);
      // Where there is something: most of a sector is empty.
      const used = [...written.keys()].filter((at) => written[at] !== 0);
      const at =
        used.length > 0 && random.fraction() < 0.8
          ? used[Math.floor(random.fraction() * used.length)]!
          : Math.floor(random.fraction() * 512);
      const bit = 1 << Math.floor(random.fraction() * 8);
      const luns = open({ lun, apply: (each) => each.patch(offset + at, Uint8Array.of(written[at]! ^ bit)) });
      await check(luns, `bit ${bit} of byte ${offset + at} of LUN ${lun}`);
    }
  });

  it('a LUN that is cut off is named', async () => {
    const random = new SeededRandomness(version + 20);
    for (let round = 0; round < 60; round++) {
      const lun = Math.floor(random.fraction() * made.luns.length);
      const sizeBytes = Math.floor((made.luns[lun]!.sizeBytes - 40_000) * random.fraction());
      const luns = made.luns.map(
        (each, index) => new OverlayLun(each, index === lun ? sizeBytes : each.sizeBytes),
      );
      const after = await survey(luns, paths, { uuid });
      for (const path of paths) expect(after.get(path)?.error).toMatch(/^L-FMT-40[1357]$/);
    }
  });

  it('a file whose length is known is not read with another', async () => {
    const volume = await openVmfs(made.luns);
    await expect(volume.extents('vm/thin', { expectedBytes: 30 * gibibyte - 512 })).rejects.toMatchObject({
      code: 'L-FMT-426',
    });
  });
});

function sectorsOf(reads: readonly Piece[]): Set<number> {
  const sectors = new Set<number>();
  for (const { offset, length } of reads)
    for (let at = offset - (offset % 512); at < offset + length; at += 512) sectors.add(at);
  return sectors;
}

/** Some of the list, all when it is short enough. */
function sample<T>(list: readonly T[], count: number, random: SeededRandomness): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, () => list[Math.floor(random.fraction() * list.length)]!);
}
