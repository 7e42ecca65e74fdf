import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVmfs } from '@leeward/formats/vmfs/open-vmfs';
import { afterAll, describe, expect, it } from 'vitest';
import { type Image, type ImageOptions, makeImage, sha256, type Trait } from './vmfs-images.ts';

function output(command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** Programs that answer only to arguments: present when they can be started at all. */
function present(command: string): boolean {
  try {
    execFileSync(command, [], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
}

const version = (debianPackage: string) =>
  output('dpkg-query', '-W', debianPackage)?.split('\t')[1] ?? 'of unknown version';
const dissect = output(
  'python3',
  '-c',
  'import dissect.vmfs; from importlib.metadata import version; print(version("dissect.vmfs"))',
);
const tools6 = present('vmfs6-fuse') && present('debugvmfs6');
const tools5 = present('vmfs-fuse') && present('debugvmfs') && present('fsck.vmfs');
console.log(`judge: dissect.vmfs ${dissect ?? '-'} ${dissect ? 'ran' : 'absent (pip install dissect.vmfs)'}`);
console.log(
  `judge: vmfs6-tools ${tools6 ? `${version('vmfs6-tools')} ran` : '- absent (apt-get install vmfs6-tools)'}`,
);
console.log(
  `judge: vmfs-tools ${tools5 ? `${version('vmfs-tools')} ran` : '- absent (apt-get install vmfs-tools)'}`,
);

const folder = mkdtempSync(join(tmpdir(), 'leeward-vmfs-'));
const mounted: string[] = [];
afterAll(() => {
  for (const place of mounted) output('umount', place);
  rmSync(folder, { recursive: true, force: true });
});

/** Mounts an image with one of the FUSE programs; undefined where FUSE cannot be used. */
function mount(program: string, paths: readonly string[]): string | undefined {
  const place = join(folder, `mount-${mounted.length}`);
  mkdirSync(place);
  if (output(program, ...paths, place) === undefined || output('mountpoint', place) === undefined)
    return undefined;
  mounted.push(place);
  return place;
}

function readRange(path: string, offset: number, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const target = Buffer.alloc(length);
    return target.subarray(0, readSync(file, target, 0, length, offset));
  } finally {
    closeSync(file);
  }
}

/** Our reader on the same image: all ranges, all names, the link. */
async function checkOurs(image: Image): Promise<void> {
  const volume = await openVmfs(image.luns);
  expect(volume.uuid).toBe(image.uuid);
  for (const { path, sizeBytes, offset, length, sha256: wanted } of image.ranges) {
    const file = await volume.openFile(path, { expectedBytes: sizeBytes });
    const target = Buffer.alloc(length);
    await file.read(offset, target);
    expect([path, offset, sha256(target)]).toEqual([path, offset, wanted]);
  }
  const listed = (await volume.readDirectory('many')).map(({ name }) => `many/${name}`);
  expect(listed).toEqual(image.names.toSorted());
}

function checkDissect(image: Image, link: boolean): void {
  const input = JSON.stringify({
    ...image,
    luns: undefined,
    images: image.paths,
    link: link ? image.link.path : null,
  });
  const answer = JSON.parse(
    execFileSync('python3', [join(import.meta.dirname, 'vmfs-judge.py')], { input, encoding: 'utf8' }),
  );
  expect(answer.label).toBe('Lee ward [1]');
  expect(answer.uuid.toLowerCase()).toBe(image.uuid);
  expect(answer.ranges).toEqual(image.ranges.map(({ sizeBytes, sha256 }) => ({ sizeBytes, sha256 })));
  expect(answer.missing).toEqual([]);
  expect(answer.listed.map((name: string) => `many/${name}`)).toEqual(image.names.toSorted());
  if (link) expect(answer.link).toBe(image.link.target);
}

/** What a FUSE program shows, but for what it is known to read wrongly. Returns how many ranges were compared. */
function checkMount(image: Image, place: string, wrong: readonly Trait[]): number {
  const compared = image.ranges.filter(({ traits }) => !traits.some((trait) => wrong.includes(trait)));
  for (const { path, sizeBytes, offset, length, sha256: wanted } of compared) {
    expect(statSync(join(place, path)).size).toBe(sizeBytes);
    expect([path, offset, sha256(readRange(join(place, path), offset, length))]).toEqual([
      path,
      offset,
      wanted,
    ]);
  }
  const listed = readdirSync(join(place, 'many')).map((name) => `many/${name}`);
  expect(listed.toSorted()).toEqual(image.names.toSorted());
  return compared.length;
}

async function withImage(
  options: Omit<ImageOptions, 'folder'>,
  check: (image: Image) => void | Promise<void>,
) {
  const image = await makeImage({ ...options, folder });
  try {
    await checkOurs(image);
    await check(image);
  } finally {
    for (const lun of image.luns) await lun.close();
  }
}

describe.skipIf(!dissect)("dissect.vmfs and our reader find the same in the lab's volumes", () => {
  it.each<[string, Omit<ImageOptions, 'folder' | 'name'>]>([
    ['six', { version: 6 }],
    ['six-scattered', { version: 6, placement: 'scattered' }],
    ['six-pbc', { version: 6, pointerType: 3 }],
    ['six-pb2', { version: 6, pointerType: 5 }],
    ['six-two', { version: 6, lunCount: 2 }],
    ['six-files-of-large-blocks', { version: 6, largeForm: 'sized' }],
    ['six-large-system', { version: 6, subBlocks: 6000, remount: true }],
    ['five', { version: 5 }],
    ['five-scattered', { version: 5, placement: 'scattered' }],
    ['five-sparse', { version: 5, denseSubBlocks: false }],
    ['five-two', { version: 5, lunCount: 2, remount: true }],
  ])('%s', async (name, options) => {
    await withImage({ ...options, name: `dissect-${name}` }, (image) => checkDissect(image, true));
  });
});

/** It stops at the first hole of an address array, ignores "to be zeroed" and ends at 256 clusters of sub-blocks. */
const wrongSix: readonly Trait[] = ['hole', 'leading-hole', 'zeroed'];

describe.skipIf(!tools6)('vmfs6-tools', () => {
  it.each<[string, Omit<ImageOptions, 'folder' | 'name'>]>([
    ['plain', { version: 6 }],
    ['mbr', { version: 6, partitionTable: 'mbr' }],
    ['two', { version: 6, lunCount: 2 }],
  ])('read a VMFS-6 volume: %s', async (name, options) => {
    await withImage({ ...options, name: `tools6-${name}` }, (image) => {
      const listed = execFileSync('debugvmfs6', [...image.paths, 'ls', '/many'], { encoding: 'utf8' });
      for (const path of image.names) expect(listed).toContain(path.slice('many/'.length));
      const place = mount('vmfs6-fuse', image.paths);
      if (!place) console.log('judge: vmfs6-fuse - absent (FUSE cannot be used here)');
      else expect(checkMount(image, place, wrongSix)).toBeGreaterThan(10);
    });
  });
});

describe.skipIf(!tools5)('vmfs-tools', () => {
  it.each<[string, Omit<ImageOptions, 'folder' | 'name'>]>([
    ['plain', { version: 5 }],
    ['sparse', { version: 5, denseSubBlocks: false }],
    ['two', { version: 5, lunCount: 2 }],
  ])('read a VMFS-5 volume: %s', async (name, options) => {
    await withImage({ ...options, name: `tools5-${name}` }, (image) => {
      const bitmaps = execFileSync('debugvmfs', [...image.paths, 'check_vol_bitmaps'], { encoding: 'utf8' });
      expect(bitmaps).toContain('Total errors: 0');
      const place = mount('vmfs-fuse', image.paths);
      if (!place) console.log('judge: vmfs-fuse - absent (FUSE cannot be used here)');
      // It takes double indirect files for single indirect ones.
      else expect(checkMount(image, place, ['double'])).toBeGreaterThan(10);
    });
  });

  it('check a VMFS-5 volume without error (inline and not yet zeroed blocks it does not know)', async () => {
    const options = {
      version: 5,
      name: 'fsck',
      remount: true,
      inlineFiles: false,
      without: ['inline', 'zeroed', 'double'],
    } as const;
    await withImage(options, (image) => {
      // Its exit code is not of use: it counts what it found.
      const report = execFileSync('fsck.vmfs', [...image.paths], { encoding: 'utf8' });
      const counts = [...report.matchAll(/^(\w[\w ]*?) *: (\d+)$/gm)].map(([, what, count]) => [
        what,
        Number(count),
      ]);
      expect(counts.length).toBeGreaterThan(3);
      expect(counts.filter(([, count]) => count !== 0)).toEqual([]);
    });
  });

  it('show the link', () => {
    const place = mounted.at(-1);
    if (place) expect(readlinkSync(join(place, 'vm ü [1]/link'))).toBe('direct.log');
  });
});
