import { isHonest } from '@leeward/formats/vmfs/testing/honesty';
import { OverlayLun } from '@leeward/formats/vmfs/testing/overlay-lun';
import { type Survey, survey } from '@leeward/formats/vmfs/testing/survey';
import { type MadeVolume, makeVolume } from '@leeward/lab/vmfs/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';

/**
 * Volumes with several damages at once. Whatever the reader makes of them, it finds the truth or names an error of the
 * catalogue (see `isHonest`), ends, and reads a bounded amount, never outside the LUN.
 */
const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const maxReadBytes = 200 * mebibyte;
const maxReads = 5_000;
const paths = [
  '',
  'vm',
  'vm/a.vmx',
  'vm/a.log',
  'vm/thin',
  'vm/lazy',
  'vm/double',
  'vm/link',
  'vm/rdm',
  '.sdd.sf',
  '.sbc.sf',
];

/** Numbers that are at an edge of something, or look like a count, a length or an address. */
const number = fc.oneof(
  fc.constantFrom(
    0,
    1,
    2,
    3,
    7,
    0xff,
    0x1000,
    0xffff,
    0x10000,
    0x7fffffff,
    0x80000000,
    0xffffffff,
    0x10d0,
    0x10d1,
  ),
  fc.nat(64),
  fc.integer({ min: 0, max: 0xffffffff }),
);

interface Change {
  readonly sector: number;
  readonly at: number;
  readonly what:
    | { readonly set: number }
    | { readonly bit: number }
    | { readonly from: number }
    | { readonly fill: number };
}

const change: fc.Arbitrary<Change> = fc.record({
  sector: fc.nat(),
  at: fc.oneof(
    fc.nat(127).map((word) => word * 4),
    fc.nat(508),
  ),
  what: fc.oneof(
    fc.record({ set: number }),
    fc.record({ bit: fc.nat(31) }),
    fc.record({ from: fc.nat() }),
    fc.record({ fill: fc.nat(255) }),
  ),
});

describe.each([5, 6] as const)('VMFS-%i', (version) => {
  let made: MadeVolume;
  let truth: Survey;
  let sectors: { readonly lun: number; readonly offset: number }[] = [];

  beforeAll(async () => {
    made = await makeVolume({ version, placement: 'scattered' }, 2, 2 * gibibyte);
    const { host } = made;
    await host.makeDirectory('vm');
    await (await host.createFile('vm/a.vmx')).write(0, Buffer.alloc(500, 1));
    await (await host.createFile('vm/a.log')).write(0, Buffer.alloc(15_000, 1));
    const thin = await host.createDisk('vm/thin', 20 * gibibyte, 'thin');
    for (const at of [0, 3, 900, 901, 9000]) await thin.write(at * mebibyte, Buffer.alloc(10, 1));
    await host.createDisk('vm/lazy', 520 * mebibyte, 'lazy');
    await (await host.createDisk('vm/double', 4096 * gibibyte, 'thin')).write(
      300 * gibibyte,
      Buffer.alloc(10, 1),
    );
    await host.symlink('vm/link', 'a.vmx');
    const identity = { lun: 1, vendor: 'V', model: 'M', revision: '1', naa: '600a0980' };
    await host.createRawDeviceMapping('vm/rdm', identity, gibibyte);
    const luns = made.luns.map((lun) => new OverlayLun(lun));
    truth = await survey(luns, paths);
    const all = new Map<string, { lun: number; offset: number }>();
    for (const [lun, { reads }] of luns.entries())
      for (const { offset, length } of reads)
        for (let at = offset - (offset % 512); at < offset + length; at += 512)
          all.set(`${lun} ${at}`, { lun, offset: at });
    sectors = [];
    for (const each of all.values())
      if (!(await luns[each.lun]!.peek(each.offset, 512)).every((byte) => byte === 0)) sectors.push(each);
  });

  it('is sound at first', () => {
    expect([...truth.values()].every(({ error }) => error === undefined)).toBe(true);
    expect(sectors.length).toBeGreaterThan(60);
  });

  const expectHonest = (found: Survey) => {
    const wrong = paths.filter((path) => !isHonest(version, truth.get(path) ?? {}, found.get(path) ?? {}));
    expect(wrong.map((path) => ({ path, is: truth.get(path), seems: found.get(path) }))).toEqual([]);
  };

  const apply = async (luns: readonly OverlayLun[], { sector, at, what }: Change): Promise<void> => {
    const place = sectors[sector % sectors.length]!;
    const lun = luns[place.lun]!;
    const bytes = Buffer.alloc(4);
    if ('set' in what) bytes.writeUInt32LE(what.set);
    if ('bit' in what) {
      (await lun.peek(place.offset + at, 4)).copy(bytes);
      bytes[what.bit >>> 3] = (bytes[what.bit >>> 3] ?? 0) ^ (1 << (what.bit & 7));
    }
    if ('fill' in what) {
      lun.patch(place.offset, Buffer.alloc(512, what.fill));
      return;
    }
    if ('from' in what) {
      const other = sectors[what.from % sectors.length]!;
      lun.patch(place.offset, await luns[other.lun]!.peek(other.offset, 512));
      return;
    }
    lun.patch(place.offset + at, bytes);
  };

  it('any damage ends in truth or a named error', async () => {
    const sizes = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 10 });
    await fuzz(
      `VMFS-${version} damage`,
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), sizes, async (changes, size) => {
        const luns = made.luns.map((lun, index) =>
          size !== null && index === 0
            ? new OverlayLun(lun, Math.floor(lun.sizeBytes * size))
            : new OverlayLun(lun),
        );
        for (const each of changes) await apply(luns, each);
        expectHonest(await survey(luns, paths));
        for (const lun of luns) {
          expect(lun.readBytes).toBeLessThan(maxReadBytes);
          expect(lun.reads.length).toBeLessThan(maxReads);
        }
      }),
      120,
    );
  });

  it('noise behind right signatures ends in truth or a named error', async () => {
    const place = fc.record({
      offset: fc.constantFrom(0, 512, 2 * mebibyte, 20 * mebibyte, 26 * mebibyte),
      bytes: fc.uint8Array({ minLength: 512, maxLength: 512 }),
    });
    await fuzz(
      `VMFS-${version} noise`,
      fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 4 }), async (places) => {
        const luns = made.luns.map((lun) => new OverlayLun(lun));
        for (const { offset, bytes } of places) luns[0]!.patch(offset + 8, bytes);
        expectHonest(await survey(luns, paths));
      }),
      60,
    );
  });
});
