import { systemRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { masterKeysOf } from './master-keys.ts';
import { Sealer, sealOverheadBytes } from './sealer.ts';

const randomBytes = (length: number) => systemRandomness.bytes(length);
const keys = masterKeysOf(randomBytes(64));
const sealer = new Sealer(keys, randomBytes);

describe('sealer', () => {
  it('opens what it sealed, of any length around its slices', () => {
    const lengths = fc.oneof(fc.nat(300), fc.integer({ min: 65_500, max: 65_600 }), fc.nat(300_000));
    fc.assert(
      fc.property(lengths, (length) => {
        const plain = randomBytes(length);
        const sealed = sealer.seal(plain);
        expect(sealed.length).toBe(length + sealOverheadBytes);
        expect(Buffer.from(sealer.open(sealed) ?? []).equals(Buffer.from(plain))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('opens nothing that was changed in a single bit', () => {
    const sealed = sealer.seal(Buffer.from('a short text'));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(sealer.open(changed)).toBeUndefined();
    }
  });

  it('opens nothing that is cut off or sealed with other keys', () => {
    const sealed = sealer.seal(Buffer.from('a short text'));
    expect(sealer.open(sealed.subarray(0, sealed.length - 1))).toBeUndefined();
    expect(sealer.open(new Uint8Array(5))).toBeUndefined();
    expect(new Sealer(masterKeysOf(randomBytes(64)), randomBytes).open(sealed)).toBeUndefined();
  });

  it('never uses an IV twice', () => {
    const ivs = Array.from({ length: 2000 }, () =>
      Buffer.from(sealer.seal(new Uint8Array(1)).subarray(0, 16)),
    );
    expect(new Set(ivs.map((iv) => iv.toString('hex'))).size).toBe(2000);
  });

  it('gives the Poly1305-AES tag of the published example', () => {
    // D. J. Bernstein, "The Poly1305-AES message-authentication code", appendix B.
    const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
    const example = {
      message: hex('f3 f6'),
      r: hex('85 1f c4 0c 34 67 ac 0b e0 5c c2 04 04 f3 f7 00'),
      k: hex('ec 07 4c 83 55 80 74 17 01 42 5b 62 32 35 ad d6'),
      nonce: hex('fb 44 73 50 c4 e8 68 c5 2a c3 27 5c f9 d4 32 7e'),
      tag: hex('f4 c6 33 c3 04 4f c1 45 f8 4f 33 5c b8 19 53 de'),
    };
    const published = new Sealer(
      { encrypt: new Uint8Array(32), macK: example.k, macR: example.r },
      randomBytes,
    );
    const sealed = Buffer.concat([example.nonce, example.message, example.tag]);
    expect(published.open(sealed)).toBeDefined();
  });
});
