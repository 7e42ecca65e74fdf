import { SeededRandomness } from '@leeward/platform';

/** Deterministic content of a disk: zeros, text, repeated and random blocks of 4 KiB. Last part may be short. */
export function diskContent(sizeBytes: number, seed: number): Buffer {
  const random = new SeededRandomness(seed);
  const content = Buffer.alloc(sizeBytes);
  const page = 4096;
  const repeated = random.bytes(page);
  for (let at = 0; at < sizeBytes; ) {
    const pages = 1 + Math.floor(random.fraction() * 400);
    const end = Math.min(sizeBytes, at + pages * page);
    const kind = random.fraction();
    for (; at < end; at += page) {
      const part = content.subarray(at, Math.min(end, at + page));
      if (kind < 0.4) part.fill(0);
      else if (kind < 0.6) part.fill(`line ${at} of a log of seed ${seed}\n`);
      else if (kind < 0.7) part.set(repeated.subarray(0, part.length));
      else fillRandom(part, random);
    }
    at = end;
  }
  return content;
}

function fillRandom(part: Buffer, random: SeededRandomness): void {
  for (let at = 0; at + 4 <= part.length; at += 4)
    part.writeUInt32LE((random.fraction() * 2 ** 32) >>> 0, at);
}
