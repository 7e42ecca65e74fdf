import { createCipheriv } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SeededRandomness } from '@leeward/platform';

const mib = 2 ** 20;
const pageBytes = 4096;
/** Parts of the image, as measured in the reference: files of a system, random (compressed media), zeros. */
const [fileShare, randomShare] = [0.53, 0.2];
const folders = ['/usr', '/etc', '/var/lib'];

export interface Area {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** First state: real files of this machine on 4 KiB borders as a file system lays them, random data, zeros. */
export async function makeFirstState(path: string, sizeBytes: number): Promise<void> {
  const random = new SeededRandomness(1);
  const image = await open(path, 'w');
  try {
    await image.truncate(sizeBytes);
    const files = realFiles(Math.floor(sizeBytes * fileShare));
    for (let at = 0; at < sizeBytes; at += mib) {
      const kind = random.fraction();
      if (kind < fileShare) await image.write(await nextMib(files, random), 0, mib, at);
      else if (kind < fileShare + randomShare) await image.write(randomBytes(random, mib), 0, mib, at);
    }
  } finally {
    await image.close();
  }
}

/**
 * Second state, in place: new data, rewrites of 64 KiB and of 4 KiB, a log, about 3 % of the image. Returns what changed
 * at a granularity of 64 KiB, as CBT tells it.
 */
export async function makeSecondState(path: string, sizeBytes: number): Promise<Area[]> {
  const random = new SeededRandomness(2);
  const share = sizeBytes / 4096 / mib;
  const dirty = new Set<number>();
  const image = await open(path, 'r+');
  try {
    const write = async (at: number, content: Buffer) => {
      await image.write(content, 0, content.length, at);
      for (
        let unit = Math.floor(at / 65536), end = Math.ceil((at + content.length) / 65536);
        unit < end;
        unit++
      )
        dirty.add(unit);
    };
    await write(place(random, sizeBytes, 64 * mib), compressible(random, Math.ceil(50 * share) * mib));
    await write(place(random, sizeBytes, 64 * mib), compressible(random, Math.ceil(20 * share) * mib));
    for (let count = 0; count < 400 * share; count++) {
      await write(place(random, sizeBytes, 65536), compressible(random, 65536));
    }
    for (let count = 0; count < 100 * share; count++) {
      await write(place(random, sizeBytes, 65536), compressible(random, 4096));
    }
  } finally {
    await image.close();
  }
  return [...dirty].sort((a, b) => a - b).map((unit) => ({ offsetBytes: unit * 65536, lengthBytes: 65536 }));
}

async function nextMib(files: AsyncIterator<Buffer>, random: SeededRandomness): Promise<Buffer> {
  const content = Buffer.alloc(mib);
  for (let at = 0; at < mib; ) {
    const { value, done } = await files.next();
    const piece = done ? compressible(random, mib - at) : value;
    piece.copy(content, at, 0, mib - at);
    at += Math.ceil(Math.min(piece.length, mib - at) / pageBytes) * pageBytes;
  }
  return content;
}

/** The content of readable files, in pieces of at most 1 MiB, until about `bytes` were given. */
async function* realFiles(bytes: number): AsyncGenerator<Buffer, void> {
  let given = 0;
  for await (const path of filesBelow(folders)) {
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    for (let at = 0; at < content.length; at += mib) yield content.subarray(at, at + mib);
    given += content.length;
    if (given >= bytes) return;
  }
}

async function* filesBelow(roots: readonly string[]): AsyncGenerator<string> {
  for (const root of roots) {
    const entries: Dirent[] = await readdir(root, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
      const path = join(root, entry.name);
      if (entry.isDirectory()) yield* filesBelow([path]);
      else if (entry.isFile()) yield path;
    }
  }
}

function place(random: SeededRandomness, sizeBytes: number, reserve: number): number {
  return Math.floor((random.fraction() * (sizeBytes - reserve)) / pageBytes) * pageBytes;
}

/** Fast and repeatable: a key stream. */
function randomBytes(random: SeededRandomness, length: number): Buffer {
  return createCipheriv('aes-128-ctr', random.bytes(16), Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** Halves itself under zstd, about as programs do. */
function compressible(random: SeededRandomness, length: number): Buffer {
  const bytes = randomBytes(random, length);
  for (let at = 0; at + 64 <= length; at += 64) bytes.fill(at >> 12, at + 28, at + 64);
  return bytes;
}

export async function sameContent(a: string, b: string): Promise<boolean> {
  const files: FileHandle[] = [await open(a, 'r'), await open(b, 'r')];
  try {
    const [left, right] = [Buffer.alloc(4 * mib), Buffer.alloc(4 * mib)];
    for (let at = 0; ; at += left.length) {
      const reads = await Promise.all([
        files[0]?.read(left, 0, left.length, at),
        files[1]?.read(right, 0, right.length, at),
      ]);
      const [first = 0, second = 0] = reads.map((read) => read?.bytesRead);
      if (first !== second || !left.subarray(0, first).equals(right.subarray(0, second))) return false;
      if (first === 0) return true;
    }
  } finally {
    for (const file of files) await file.close();
  }
}
