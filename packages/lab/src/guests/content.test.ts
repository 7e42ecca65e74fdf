import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type ContentKind, fillPiece, kindOf, pieceBytes } from './content.ts';

function make(kind: ContentKind, first: number, pieces: number): Buffer {
  const buffer = Buffer.alloc(pieceBytes * pieces);
  for (let piece = 0; piece < pieces; piece++)
    fillPiece(7, kind, first + piece, buffer.subarray(piece * pieceBytes, (piece + 1) * pieceBytes));
  return buffer;
}

test('content is a pure function of seed, kind and position', () => {
  for (const kind of ['text', 'binary', 'compressed'] as const) {
    expect(make(kind, 5, 1).equals(make(kind, 5, 1))).toBe(true);
    expect(make(kind, 5, 1).equals(make(kind, 6, 1))).toBe(false);
    expect(
      make(kind, 4, 2)
        .subarray(pieceBytes)
        .equals(make(kind, 5, 1)),
    ).toBe(true);
  }
});

test('kinds compress as their models do', () => {
  const ratio = (kind: ContentKind) => {
    const data = make(kind, 0, 8);
    return data.length / zstdCompressSync(data).length;
  };
  expect(ratio('text')).toBeGreaterThan(2);
  expect(ratio('text')).toBeLessThan(10);
  expect(ratio('binary')).toBeGreaterThan(1.7);
  expect(ratio('binary')).toBeLessThan(10);
  expect(ratio('compressed')).toBeLessThan(1.02);
});

test('the fill ratio decides how much of a disk holds data, the mixture what', () => {
  const kinds = Array.from({ length: 32_768 }, (_, piece) => kindOf({ seed: 11, fillRatio: 0.4 }, piece));
  const share = (kind: ContentKind) => kinds.filter((each) => each === kind).length / kinds.length;
  expect(share('hole')).toBeGreaterThan(0.55);
  expect(share('hole')).toBeLessThan(0.65);
  for (const kind of ['text', 'binary', 'compressed', 'zeros'] as const)
    expect(share(kind)).toBeGreaterThan(0);
});
