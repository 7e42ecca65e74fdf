import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openDiskChain } from '@leeward/formats';
import type { MemoryFolder } from '@leeward/formats/vmdk/testing/memory-folder';
import { type DeltaKind, randomChain } from '@leeward/formats/vmdk/testing/random-chain';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, describe, expect, it } from 'vitest';

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

function convert(disk: string, raw: string): Uint8Array {
  execFileSync('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', disk, raw]);
  return readFileSync(raw);
}

/** Writes the files of a folder to disk, sparse. */
async function store(folder: MemoryFolder, place: string): Promise<void> {
  for (const [name, file] of folder.files) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    const handle = await open(join(place, name), 'w');
    await handle.truncate(file.sizeBytes);
    for (const { offsetBytes, bytes } of file.parts())
      await handle.write(bytes, 0, bytes.length, offsetBytes);
    await handle.close();
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
