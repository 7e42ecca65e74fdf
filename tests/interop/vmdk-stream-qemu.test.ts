import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type StreamBlock, type StreamOptions, streamOptimized } from '@leeward/formats';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, describe, expect, it } from 'vitest';

function qemuImg(): string | undefined {
  try {
    execFileSync('qemu-io', ['--version']);
    return /version (\S+)/.exec(execFileSync('qemu-img', ['--version'], { encoding: 'utf8' }))?.[1];
  } catch {
    return undefined;
  }
}

const judge = qemuImg();
console.log(`judge: qemu-img ${judge ?? '-'} ${judge ? 'ran' : 'absent (apt-get install qemu-utils)'}`);

const mebibyte = 2 ** 20;
const contentId = '00112233445566778899aabbccddeeff';

interface Part {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

describe.skipIf(!judge)('stream-optimised disks and qemu-img', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leeward-stream-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const qemu = (...args: string[]) => execFileSync('qemu-img', args, { encoding: 'utf8' });

  /** Parts of random content, in blocks as a restore hands them on. */
  function* blocksOf(parts: readonly Part[], hash: (bytes: Uint8Array, offsetBytes: number) => void) {
    const random = new SeededRandomness(parts.length);
    const pool = random.bytes(mebibyte + 4096);
    for (const { offsetBytes, lengthBytes } of parts) {
      for (let at = 0; at < lengthBytes; ) {
        const length = Math.min(1 + Math.floor(random.fraction() * 700_000), lengthBytes - at);
        const bytes = pool.subarray(at % 4096, (at % 4096) + length);
        hash(bytes, offsetBytes + at);
        yield { offsetBytes: offsetBytes + at, bytes };
        at += length;
      }
    }
  }

  async function write(path: string, blocks: Iterable<StreamBlock>, options: StreamOptions): Promise<void> {
    await pipeline(Readable.from(streamOptimized(blocks, options)), createWriteStream(path));
  }

  it.each<[string, number, Part[]]>([
    ['one sector', 512, [{ offsetBytes: 0, lengthBytes: 512 }]],
    ['zeros only', 5 * mebibyte, []],
    ['full of data', 3 * mebibyte, [{ offsetBytes: 0, lengthBytes: 3 * mebibyte }]],
    [
      'with a short last grain',
      3 * mebibyte + 1536,
      [{ offsetBytes: 3 * mebibyte - 70_000, lengthBytes: 70_000 + 1536 }],
    ],
    [
      'over several tables, one of them empty',
      130 * mebibyte,
      [
        { offsetBytes: 700, lengthBytes: 3 },
        { offsetBytes: 32 * mebibyte - 5, lengthBytes: 10 },
        { offsetBytes: 100 * mebibyte, lengthBytes: 17 * mebibyte },
        { offsetBytes: 130 * mebibyte - 1, lengthBytes: 1 },
      ],
    ],
  ])('%s: found healthy and read to the same bytes', async (name, capacityBytes, parts) => {
    const path = join(folder, `${name}.vmdk`);
    const content = Buffer.alloc(capacityBytes);
    const blocks = blocksOf(parts, (bytes, offsetBytes) => content.set(bytes, offsetBytes));
    await write(path, blocks, { capacityBytes, fileName: 'disk.vmdk', contentId });
    expect(JSON.parse(qemu('info', '--output=json', path))).toMatchObject({
      format: 'vmdk',
      'virtual-size': capacityBytes,
      'format-specific': { data: { 'create-type': 'streamOptimized', cid: 0xccddeeff } },
    });
    const check = JSON.parse(qemu('check', '--output=json', path));
    expect(check).toMatchObject({ 'check-errors': 0 });
    expect(check.corruptions ?? 0).toBe(0);
    const raw = join(folder, 'out.raw');
    qemu('convert', '-f', 'vmdk', '-O', 'raw', path, raw);
    const hash = createHash('sha256');
    for await (const bytes of createReadStream(raw)) hash.update(bytes as Buffer);
    expect(statSync(raw).size).toBe(capacityBytes);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('a disk of 3 TiB with data at both ends', async () => {
    const path = join(folder, 'large.vmdk');
    const capacityBytes = 3 * 2 ** 40;
    const places = [0, 2 ** 41 - 65_536, capacityBytes - 65_536];
    const blocks = places.map((offsetBytes) => ({ offsetBytes, bytes: Buffer.alloc(65_536, 0x5a) }));
    await write(path, blocks, { capacityBytes, fileName: 'large.vmdk', contentId });
    const commands = places.flatMap((at) => ['-c', `read -P 0x5a ${at} 64k`]);
    const between = ['-c', 'read -P 0 64k 64k', '-c', `read -P 0 ${2 ** 41} 64k`];
    const answer = execFileSync('qemu-io', ['-r', '-f', 'vmdk', ...commands, ...between, path], {
      encoding: 'utf8',
    });
    expect(answer).not.toMatch(/failed/i);
    expect(answer.match(/read 65536\/65536 bytes/g)).toHaveLength(5);
  });
});
