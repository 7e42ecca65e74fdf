import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type BaseCreateType,
  baseDescriptor,
  type FlatExtent,
  flatExtents,
  formatDescriptor,
  parseDescriptor,
} from '@leeward/formats';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, describe, expect, it } from 'vitest';

/** The version of qemu-img, or undefined where it is absent. */
function qemuImg(): string | undefined {
  try {
    return /version (\S+)/.exec(execFileSync('qemu-img', ['--version'], { encoding: 'utf8' }))?.[1];
  } catch {
    return undefined;
  }
}

const judge = qemuImg();
console.log(`judge: qemu-img ${judge ?? '-'} ${judge ? 'ran' : 'absent (apt-get install qemu-utils)'}`);

describe.skipIf(!judge)('VMDK descriptors and qemu-img', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leeward-vmdk-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const random = new SeededRandomness(7);
  const mebibyte = 2 ** 20;
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const qemu = (...args: string[]) => execFileSync('qemu-img', args, { encoding: 'utf8' });

  it.each<[BaseCreateType, string, FlatExtent[]]>([
    ['vmfs', 'vm [1] ü', [{ fileName: 'vm [1] ü-flat.vmdk', offsetBytes: 0, lengthBytes: 3 * mebibyte }]],
    ['monolithicFlat', 'mono', [{ fileName: 'mono.img', offsetBytes: mebibyte, lengthBytes: 2 * mebibyte }]],
    [
      'twoGbMaxExtentFlat',
      'point',
      [
        { fileName: 'point/e1/0.vmdk', offsetBytes: 0, lengthBytes: mebibyte },
        { fileName: 'point/e2/0.vmdk', offsetBytes: 512, lengthBytes: 2 * mebibyte },
        { fileName: 'point/e1/0.vmdk', offsetBytes: mebibyte, lengthBytes: mebibyte + 512 },
      ],
    ],
  ])('qemu-img reads a written %s descriptor to the same bytes', (createType, name, extents) => {
    const files = new Map<string, Uint8Array>();
    for (const { fileName } of extents) files.set(fileName, random.bytes(4 * mebibyte));
    for (const [fileName, content] of files) {
      mkdirSync(dirname(join(folder, fileName)), { recursive: true });
      writeFileSync(join(folder, fileName), content);
    }
    const contentId = Buffer.from(random.bytes(16)).toString('hex');
    const path = join(folder, `${name}.vmdk`);
    writeFileSync(path, formatDescriptor(baseDescriptor({ createType, extents, contentId })));
    const content = extents.map(({ fileName, offsetBytes, lengthBytes }) =>
      files.get(fileName)!.subarray(offsetBytes, offsetBytes + lengthBytes),
    );

    const info = JSON.parse(qemu('info', '--output=json', path));
    expect(info).toMatchObject({
      format: 'vmdk',
      'virtual-size': extents.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0),
      'format-specific': {
        data: { 'create-type': createType, cid: Number.parseInt(contentId.slice(-8), 16) },
      },
    });
    const raw = join(folder, `${name}.raw`);
    qemu('convert', '-f', 'vmdk', '-O', 'raw', path, raw);
    expect(sha256(readFileSync(raw))).toBe(sha256(Buffer.concat(content)));
  });

  it.each([
    ['monolithicFlat', '5M'],
    ['twoGbMaxExtentFlat', '4500M'],
  ])('a %s disk made by qemu-img is read to the same bytes', async (subformat, size) => {
    const place = mkdtempSync(join(folder, 'made-'));
    const source = join(place, 'source.raw');
    qemu('create', '-q', '-f', 'raw', source, size);
    const marks = [0, 3 * mebibyte + 512, 2 ** 31 - 512, 2 ** 31, 4_500 * mebibyte - 512];
    const total = Number.parseInt(size, 10) * mebibyte;
    const wanted = marks.filter((at) => at < total);
    const file = await open(source, 'r+');
    for (const at of wanted) await file.write(random.bytes(512), 0, 512, at);

    const disk = join(place, 'disk.vmdk');
    qemu('convert', '-f', 'raw', '-O', 'vmdk', '-o', `subformat=${subformat}`, source, disk);
    const descriptor = parseDescriptor(readFileSync(disk), { file: disk });
    const { extents } = flatExtents(descriptor, { file: disk, capacityBytes: total });
    expect(extents).toHaveLength(Math.ceil(total / (2047 * mebibyte)) || 1);
    expect(readdirSync(place)).toEqual(expect.arrayContaining(extents.map(({ fileName }) => fileName)));

    const { virtualBytes } = extentReader(place, extents);
    for (const at of wanted) {
      const expected = Buffer.alloc(512);
      await file.read(expected, 0, 512, at);
      expect(sha256(await virtualBytes(at))).toBe(sha256(expected));
    }
    await file.close();
  });

  it.each([['monolithicSparse'], ['streamOptimized']])('a %s disk of qemu-img is refused', (subformat) => {
    const disk = join(folder, `${subformat}.vmdk`);
    qemu('create', '-q', '-f', 'vmdk', '-o', `subformat=${subformat}`, disk, '1M');
    expect(() => parseDescriptor(readFileSync(disk), { file: disk })).toThrowError(/L-FMT-101.*sparse/);
  });

  it('a split sparse disk and a child disk of qemu-img are refused', () => {
    const disk = join(folder, 'split.vmdk');
    qemu('create', '-q', '-f', 'vmdk', '-o', 'subformat=twoGbMaxExtentSparse', disk, '1M');
    const split = parseDescriptor(readFileSync(disk), { file: disk });
    expect(() => flatExtents(split, { file: disk })).toThrowError(/L-FMT-203/);
    const child = join(folder, 'child.vmdk');
    const parent = join(folder, 'mono2.vmdk');
    qemu('create', '-q', '-f', 'vmdk', '-o', 'subformat=twoGbMaxExtentSparse', parent, '1M');
    const options = ['-o', 'subformat=twoGbMaxExtentSparse', '-b', parent, '-F', 'vmdk'];
    qemu('create', '-q', '-f', 'vmdk', ...options, child);
    const delta = parseDescriptor(readFileSync(child), { file: child });
    expect(delta.parentCid).toBe(parseDescriptor(readFileSync(parent), { file: parent }).cid);
    expect(() => flatExtents(delta, { file: child })).toThrowError(/L-FMT-201/);
  });
});

/** Reads 512 bytes of the virtual disk by the extents alone. */
function extentReader(place: string, extents: readonly FlatExtent[]) {
  const virtualBytes = async (at: number): Promise<Uint8Array> => {
    let beginsAt = 0;
    for (const { fileName, offsetBytes, lengthBytes } of extents) {
      if (at < beginsAt + lengthBytes) {
        const file = await open(join(place, fileName));
        const bytes = Buffer.alloc(512);
        await file.read(bytes, 0, 512, offsetBytes + at - beginsAt);
        await file.close();
        return bytes;
      }
      beginsAt += lengthBytes;
    }
    throw new Error(`no extent holds ${at}`);
  };
  return { virtualBytes };
}
