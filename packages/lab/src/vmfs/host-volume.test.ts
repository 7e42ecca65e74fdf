import { openVmfs } from '@leeward/formats/vmfs/open-vmfs';
import { ManualClock, SeededRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VmfsHostError } from './block-store.ts';
import type { FormatOptions } from './format-volume.ts';
import { type DiskFormat, type HostFile, VmfsHostVolume } from './host-volume.ts';
import { makeVolume } from './testing.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** What a file should be: its size and the pieces that were written, the later ones over the earlier. */
class Model {
  sizeBytes: number;
  writes: { readonly offset: number; readonly data: Buffer }[] = [];

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
  }

  write(offset: number, data: Buffer): void {
    this.writes.push({ offset, data });
    this.sizeBytes = Math.max(this.sizeBytes, offset + data.length);
  }

  resize(sizeBytes: number): void {
    this.writes = this.writes
      .filter(({ offset }) => offset < sizeBytes)
      .map(({ offset, data }) => ({ offset, data: data.subarray(0, sizeBytes - offset) }));
    this.sizeBytes = sizeBytes;
  }

  read(from: number, length: number): Buffer {
    const target = Buffer.alloc(length);
    for (const { offset, data } of this.writes) {
      const start = Math.max(from, offset);
      const end = Math.min(from + length, offset + data.length);
      if (start < end) data.copy(target, start - from, start - offset, end - offset);
    }
    return target;
  }
}

type Step =
  | { readonly do: 'file' | 'thin' | 'lazy' | 'eager'; readonly size: number }
  | { readonly do: 'write'; readonly which: number; readonly at: number; readonly length: number }
  | { readonly do: 'resize'; readonly which: number; readonly size: number }
  | { readonly do: 'remove' | 'rename'; readonly which: number };

const sizes = fc.oneof(
  fc.nat(5000),
  fc.nat(3 * mebibyte),
  fc.nat(700).map((blocks) => blocks * mebibyte),
  fc.nat(20).map((count) => count * gibibyte + 512),
);
const which = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('file' as const, 'thin' as const), size: sizes }),
  fc.record({
    do: fc.constantFrom('lazy' as const, 'eager' as const),
    size: fc.nat(600).map((n) => n * mebibyte + 7),
  }),
  fc.record({ do: fc.constant('write' as const), which, at: fc.nat(), length: fc.nat(3 * mebibyte) }),
  fc.record({ do: fc.constant('write' as const), which, at: fc.nat(), length: fc.nat(5000) }),
  fc.record({ do: fc.constant('resize' as const), which, size: sizes }),
  fc.record({ do: fc.constantFrom('remove' as const, 'rename' as const), which }),
);

const steps = fc.array(step, { minLength: 4, maxLength: 15, size: 'max' });

async function apply(
  host: VmfsHostVolume,
  files: Map<string, Model>,
  steps: readonly Step[],
  seed: number,
): Promise<void> {
  const random = new SeededRandomness(seed);
  let made = seed * 1000;
  const pick = (index: number) => [...files.keys()][index % Math.max(1, files.size)];
  for (const each of steps) {
    if (each.do === 'file') {
      const path = `vm/f${made++}`;
      await host.createFile(path);
      files.set(path, new Model(0));
      continue;
    }
    if ('size' in each && each.do !== 'resize') {
      const path = `vm/d${made++}`;
      try {
        await host.createDisk(path, each.size, each.do);
        files.set(path, new Model(each.size));
      } catch (error) {
        expect(error).toMatchObject({ reason: 'no-space' });
      }
      continue;
    }
    const path = 'which' in each ? pick(each.which) : undefined;
    const model = path === undefined ? undefined : files.get(path);
    if (path === undefined || !model) continue;
    if (each.do === 'write') {
      const offset = model.sizeBytes < 5000 ? each.at % 4000 : each.at % model.sizeBytes;
      const data = Buffer.from(random.bytes(each.length));
      if (await written(await host.open(path), offset, data)) model.write(offset, data);
    } else if (each.do === 'resize') {
      await (await host.open(path)).setSize(each.size);
      model.resize(each.size);
    } else if (each.do === 'remove') {
      await host.remove(path);
      files.delete(path);
    } else {
      await host.rename(path, `vm/r${made}`);
      files.delete(path);
      files.set(`vm/r${made++}`, model);
    }
  }
}

async function written(file: HostFile, offset: number, data: Buffer): Promise<boolean> {
  try {
    await file.write(offset, data);
    return true;
  } catch (error) {
    if (error instanceof VmfsHostError && error.reason === 'no-space') return false;
    throw error;
  }
}

const volumes: [string, Partial<FormatOptions> & { version: 5 | 6 }, number][] = [
  ['VMFS-6', { version: 6 }, 1],
  ['VMFS-6, scattered, two LUNs', { version: 6, placement: 'scattered' }, 2],
  ['VMFS-6, own pointer blocks, MBR', { version: 6, pointerType: 3, partitionTable: 'mbr' }, 1],
  ['VMFS-5', { version: 5 }, 1],
  ['VMFS-5, scattered, plain sub-blocks', { version: 5, placement: 'scattered', denseSubBlocks: false }, 1],
];

describe('what a host wrote is what the reader finds', () => {
  it.each(volumes)('%s', async (_, options, lunCount) => {
    await fc.assert(
      fc.asyncProperty(steps, steps, async (before, after) => {
        const { host: first, luns } = await makeVolume(options, lunCount);
        await first.makeDirectory('vm');
        const files = new Map<string, Model>();
        await apply(first, files, before, 1);
        const random = new SeededRandomness(9);
        const host = await VmfsHostVolume.mount(luns.toReversed(), {
          clock: new ManualClock(),
          random,
          ...options,
        });
        expect([host.uuid, host.freeBytes]).toEqual([first.uuid, first.freeBytes]);
        await apply(host, files, after, 2);
        const volume = await openVmfs(luns);
        const listed = (await volume.readDirectory('vm')).map(({ name }) => `vm/${name}`);
        expect(listed).toEqual([...files.keys()].toSorted());
        for (const [path, model] of files) {
          const file = await volume.openFile(path);
          expect(file.sizeBytes).toBe(model.sizeBytes);
          const extents = file.extents();
          let end = 0;
          for (const { fileOffsetBytes, lengthBytes } of extents) {
            expect(fileOffsetBytes).toBe(end);
            end += lengthBytes;
          }
          expect(end).toBe(model.sizeBytes);
          const places = model.writes.flatMap(({ offset, data }) => [offset, offset + data.length]);
          for (const place of [0, ...places, model.sizeBytes]) {
            const from = Math.max(0, Math.min(place - 4000, model.sizeBytes - 8000));
            const length = Math.min(8000, model.sizeBytes - from);
            const got = Buffer.alloc(length);
            await file.read(from, got);
            expect(got.equals(model.read(from, length))).toBe(true);
            await (await host.open(path)).read(from, got);
            expect(got.equals(model.read(from, length))).toBe(true);
          }
        }
      }),
      { numRuns: 8, seed: 20_261_125, endOnFailure: true },
    );
  });
});

describe.each([5, 6] as const)('a host volume of version %i', (version) => {
  it('gives back what removed files took', async () => {
    const { host } = await makeVolume({ version });
    await host.makeDirectory('vm');
    const free = host.freeBytes;
    for (const format of ['thin', 'lazy', 'eager'] satisfies DiskFormat[]) {
      const disk = await host.createDisk('vm/disk', 1.5 * gibibyte, format);
      await disk.write(gibibyte + 5, Buffer.alloc(3 * mebibyte, 1));
      expect(host.stat('vm/disk').allocatedBytes).toBe(format === 'thin' ? 4 * mebibyte : 1.5 * gibibyte);
      await host.remove('vm/disk');
      expect(host.freeBytes).toBe(free);
    }
  });

  it('refuses what a real host refuses', async () => {
    const { host } = await makeVolume({ version });
    await host.makeDirectory('vm');
    await host.createFile('vm/a');
    const refuses = (work: Promise<unknown>, reason: VmfsHostError['reason']) =>
      expect(work).rejects.toMatchObject({ name: 'VmfsHostError', reason });
    await refuses(host.createFile('vm/a'), 'exists');
    await refuses(host.makeDirectory('vm'), 'exists');
    await refuses(host.createFile('no/a'), 'not-found');
    await refuses(host.createFile('vm/a/b'), 'wrong-type');
    await refuses(host.remove('vm'), 'not-empty');
    await refuses(host.remove('.fdc.sf'), 'invalid');
    await refuses(host.createFile(`vm/${'x'.repeat(128)}`), 'invalid');
    await refuses(host.rename('vm', 'vm/sub'), 'invalid');
    await refuses(host.createDisk('vm/big', 8 * gibibyte, 'lazy'), 'no-space');
    expect(host.list('vm').map(({ name }) => name)).toEqual(['a']);
  });

  it('shows nothing of an earlier file in a new one', async () => {
    const { host, luns } = await makeVolume({ version });
    const old = await host.createDisk('old', 600 * mebibyte, 'eager');
    for (let at = 0; at < 600; at += 50) await old.write(at * mebibyte, Buffer.alloc(mebibyte, 0xee));
    await host.remove('old');
    const lazy = await host.createDisk('lazy', 600 * mebibyte, 'lazy');
    await lazy.write(5, Buffer.from('x'));
    const eager = await host.createDisk('eager', 100 * mebibyte, 'eager');
    const volume = await openVmfs(luns);
    for (const [path, file] of [
      ['lazy', lazy],
      ['eager', eager],
    ] as const) {
      const content = await volume.readFile(path, gibibyte);
      if (path === 'lazy') expect(content.subarray(5, 6).toString()).toBe('x');
      if (path === 'lazy') content[5] = 0;
      expect(content.equals(Buffer.alloc(content.length))).toBe(true);
      expect(content.length).toBe(file.sizeBytes);
    }
  });

  it('keeps folders right while names come and go', async () => {
    const { host, luns } = await makeVolume({ version, maxFiles: 2000 });
    await host.makeDirectory('many');
    const names = new Set<string>();
    const random = new SeededRandomness(3);
    for (let round = 0; round < 900; round++) {
      const name = `n${Math.floor(random.fraction() * 500)}`;
      if (names.delete(name)) await host.remove(`many/${name}`);
      else {
        names.add(name);
        await host.createFile(`many/${name}`);
      }
    }
    const volume = await openVmfs(luns);
    expect((await volume.readDirectory('many')).map(({ name }) => name)).toEqual([...names].toSorted());
    for (const name of names) expect((await volume.stat(`many/${name}`)).sizeBytes).toBe(0);
  });
});
