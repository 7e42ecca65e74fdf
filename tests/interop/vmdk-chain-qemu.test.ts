import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskChain } from '@leeward/formats';
import { CowdImage } from '@leeward/formats/vmdk/testing/cowd-image';
import { singleFolder } from '@leeward/formats/vmdk/testing/open-single';
import { type DeltaKind, randomChain } from '@leeward/formats/vmdk/testing/random-chain';
import { SesparseImage } from '@leeward/formats/vmdk/testing/sesparse-image';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, describe, expect, it } from 'vitest';
import { store } from './vmdk-store.ts';

function qemuImg(): string | undefined {
  try {
    return /version (\S+)/.exec(execFileSync('qemu-img', ['--version'], { encoding: 'utf8' }))?.[1];
  } catch {
    return undefined;
  }
}

const judge = qemuImg();
console.log(`judge: qemu-img ${judge ?? '-'} ${judge ? 'ran' : 'absent (apt-get install qemu-utils)'}`);

/** More with VMDK_CHAINS. */
const wantedChains = Number(process.env['VMDK_CHAINS'] ?? 240);
const chainsPerTest = 40;

describe.skipIf(!judge)('chains of delta disks and qemu-img', () => {
  const root = mkdtempSync(join(tmpdir(), 'leeward-chain-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(Array.from({ length: Math.ceil(wantedChains / chainsPerTest) }, (_, index) => index))(
    'generated chains, set %i: the same bytes',
    async (set) => {
      for (let number = 0; number < chainsPerTest; number++) {
        const seed = 1000 * set + number + 1;
        const random = new SeededRandomness(seed);
        const depth = number === 0 ? 32 : Math.floor(random.fraction() ** 3 * 33);
        const kinds = Array.from(
          { length: depth },
          (): DeltaKind => (random.fraction() < 0.5 ? 'cowd' : 'sesparse'),
        );
        const sectors = 1 + Math.floor(random.fraction() ** 2 * 9000) + (number % 10 === 1 ? 32_000 : 0);
        const made = await randomChain(random, { kinds, sectors });
        const place = join(root, String(seed));
        await store(made.folder, place);
        const converted = convert(join(place, made.path), join(place, 'out.raw'));

        const chain = await openDiskChain(made.folder, made.path, { capacityBytes: made.content.length });
        const ours = new Uint8Array(chain.capacityBytes);
        await chain.read(0, ours);
        const sums = { seed, qemu: sha256(converted), ours: sha256(ours) };
        const content = sha256(made.content);
        expect(sums).toEqual({ seed, qemu: content, ours: content });
        expect(chain.layers).toHaveLength(depth + 1);
        rmSync(place, { recursive: true });
      }
    },
  );
});

describe.skipIf(!judge)('very large delta disks and qemu-io', () => {
  const root = mkdtempSync(join(tmpdir(), 'leeward-large-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each([
    ['cowd', 2 ** 41 - 2 ** 20],
    ['sesparse', 15 * 2 ** 40],
  ] as const)('%s of %i bytes: data where it was written', async (kind, capacityBytes) => {
    const marks = [0, capacityBytes / 2 - 4096, capacityBytes - 4096];
    const cowd = new CowdImage(kind === 'cowd' ? capacityBytes : 512);
    const sesparse = new SesparseImage(kind === 'sesparse' ? capacityBytes : 4096);
    for (const at of marks) {
      if (kind === 'cowd') await cowd.write(at, new Uint8Array(4096).fill(0x5a));
      else sesparse.write(at, new Uint8Array(4096).fill(0x5a));
    }
    const delta = kind === 'cowd' ? cowd.file : sesparse.file;
    const { folder, path } = singleFolder(kind, delta, capacityBytes);
    await store(folder, root);
    const reads = marks.flatMap((at) => ['-c', `read -P 0x5a ${at} 4k`]);
    const zeros = ['-c', 'read -P 0 4k 64k', '-c', `read -P 0 ${capacityBytes - 8192} 4k`];
    const argv = ['-r', '-f', 'vmdk', ...reads, ...zeros, join(root, path)];
    const answer = execFileSync('qemu-io', argv, { encoding: 'utf8' });
    expect(answer).not.toMatch(/failed/i);
    expect(answer.match(/^read \d+\/\d+ bytes/gm)).toHaveLength(5);
  });
});

function convert(disk: string, raw: string): Uint8Array {
  execFileSync('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', disk, raw]);
  return readFileSync(raw);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
