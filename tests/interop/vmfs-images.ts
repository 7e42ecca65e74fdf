import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LunReader } from '@leeward/formats/vmfs/lun-reader';
import { FileStore } from '@leeward/lab/vmfs/file-store';
import type { FormatOptions } from '@leeward/lab/vmfs/format-volume';
import { VmfsHostVolume } from '@leeward/lab/vmfs/host-volume';
import { ManualClock, SeededRandomness } from '@leeward/platform';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** What a judge may be known to read wrongly (the limits of each are in its test). */
export type Trait = 'inline' | 'zeroed' | 'hole' | 'leading-hole' | 'double' | 'large';

/** Bytes that every reader must find. */
export interface ExpectedRange {
  readonly path: string;
  readonly sizeBytes: number;
  readonly offset: number;
  readonly length: number;
  readonly sha256: string;
  readonly traits: readonly Trait[];
}

export interface Image {
  readonly paths: readonly string[];
  readonly luns: readonly (LunReader & { close(): Promise<void> })[];
  readonly uuid: string;
  readonly ranges: readonly ExpectedRange[];
  readonly link: { readonly path: string; readonly target: string };
  readonly names: readonly string[];
}

export interface ImageOptions extends Partial<FormatOptions> {
  readonly version: 5 | 6;
  readonly folder: string;
  readonly name: string;
  readonly lunCount?: number;
  /** Takes the volume up anew, as after a restart, before the last files are made. */
  readonly remount?: boolean;
  /** Traits of files to leave out. */
  readonly without?: readonly Trait[];
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** An image with files of all kinds; the expected content is what was written, not what any reader says. */
export async function makeImage(options: ImageOptions): Promise<Image> {
  const { version, folder, name, lunCount = 1, without = [], remount = false, ...format } = options;
  const random = new SeededRandomness(version * 100 + lunCount);
  const paths = Array.from({ length: lunCount }, (_, lun) => join(folder, `${name}-${lun}.img`));
  const luns = await Promise.all(paths.map((path) => FileStore.create(path, 16 * gibibyte)));
  let host = await VmfsHostVolume.format(luns, {
    label: 'Lee ward [1]',
    clock: new ManualClock(),
    random,
    partitionTable: 'none',
    ...format,
    version,
  });
  const ranges: ExpectedRange[] = [];
  const bytes = (length: number) => Buffer.from(random.bytes(length));
  const expected = (path: string, sizeBytes: number, offset: number, data: Uint8Array, traits: Trait[]) => {
    ranges.push({ path, sizeBytes, offset, length: data.length, sha256: sha256(data), traits });
  };
  const wanted = (...traits: Trait[]) => !traits.some((trait) => without.includes(trait));
  await host.makeDirectory('vm ü [1]');
  const plain = async (fileName: string, length: number, traits: Trait[]) => {
    const path = `vm ü [1]/${fileName}`;
    const data = bytes(length);
    await (await host.createFile(path)).write(0, data);
    expected(path, length, 0, data, traits);
  };
  if (wanted('inline')) {
    await plain('tiny.vmx', 100, ['inline']);
    await plain('full-inline.nvram', version === 6 ? 3584 : 1024, ['inline']);
  }
  await plain('sub.log', version === 6 ? 100_000 : 20_000, []);
  await plain('direct.log', 3 * mebibyte + 5, []);
  const disk = async (
    fileName: string,
    sizeBytes: number,
    kind: 'thin' | 'lazy' | 'eager',
    offsets: readonly number[],
    traits: Trait[],
  ) => {
    if (!wanted(...traits)) return;
    const path = `vm ü [1]/${fileName}`;
    const file = await host.createDisk(path, sizeBytes, kind);
    for (const offset of offsets) {
      const data = bytes(Math.min(2 * mebibyte + 777, sizeBytes - offset));
      await file.write(offset, data);
      expected(path, sizeBytes, offset, data, traits);
      const after = offset + data.length;
      const zeros = Buffer.alloc(Math.max(0, Math.min(100_000, sizeBytes - after)));
      if (zeros.length > 0) expected(path, sizeBytes, after, zeros, traits);
    }
  };
  const double = version === 6 ? 2.75 * 2 ** 40 : 300 * gibibyte;
  await disk('gap-flat.vmdk', 64 * mebibyte, 'thin', [0, 50 * mebibyte], ['hole']);
  await disk('lead-flat.vmdk', 20 * gibibyte, 'thin', [9 * gibibyte], ['leading-hole']);
  await disk('single-flat.vmdk', 20 * gibibyte, 'thin', [0, 700 * mebibyte, 8 * gibibyte + 5], []);
  await disk(
    'lazy-flat.vmdk',
    1.5 * gibibyte + 3 * mebibyte,
    'lazy',
    [mebibyte + 9, 1.25 * gibibyte],
    ['zeroed', 'large'],
  );
  await disk(
    'eager-flat.vmdk',
    1.125 * gibibyte,
    'eager',
    [0, 600 * mebibyte + 11, 1.0625 * gibibyte],
    ['large'],
  );
  await disk('double-flat.vmdk', double + 3 * gibibyte, 'thin', [0, double + 512], ['double']);
  const link = { path: 'vm ü [1]/link', target: 'direct.log' };
  if (wanted('inline')) await host.symlink(link.path, link.target);
  if (remount) host = await VmfsHostVolume.mount(luns, { clock: new ManualClock(), random, ...format });
  await host.makeDirectory('many');
  const names = Array.from({ length: 400 }, (_, index) => `many/file-${index}.txt`);
  for (const path of names) await host.createFile(path);
  // Names that come and go leave traces in folders: they must not be found again.
  for (const path of names.splice(100, 60)) await host.remove(path);
  await host.rename('many/file-7.txt', 'many/renamed');
  names[7] = 'many/renamed';
  return { paths, luns, uuid: host.uuid, ranges, link, names };
}
