import { describe, expect, it } from 'vitest';
import { isLargePiece, ReceiveTarget } from './receive-target.ts';

describe('ReceiveTarget', () => {
  it('gives the target of a large piece itself, and behind it only room for the next head', () => {
    const receive = new ReceiveTarget(48);
    const target = new Uint8Array(256 * 1024);
    expect(receive.next(target, true)).toBe(target);
    expect(receive.next(undefined, true)).toHaveLength(48);
    expect(receive.next(undefined, false).length).toBeGreaterThan(64 * 1024);
  });

  it('calls no READ of 32 KiB large, and each of 64 KiB, 256 KiB and 1 MiB', () => {
    expect([32, 64, 256, 1024].map((kib) => isLargePiece(kib * 1024))).toEqual([false, true, true, true]);
  });
});
