import { wordPool } from './word-pool.ts';

/** Content is made in pieces of this many bytes. */
export const pieceBytes = 65_536;

/** The kinds of data that a piece can hold; `hole` is never written. */
export type ContentKind = 'text' | 'binary' | 'compressed' | 'zeros' | 'hole';

export interface ContentOptions {
  readonly seed: number;
  /** Part of the disk that holds data, 0 to 1; the rest stays a hole. */
  readonly fillRatio: number;
}

/** Pieces that belong together like the pieces of one file: all of one kind. */
const runPieces = 16;

/** Parts of the kinds in the filled area, as found on servers. */
const mixture: readonly (readonly [ContentKind, number])[] = [
  ['text', 0.35],
  ['binary', 0.35],
  ['compressed', 0.25],
  ['zeros', 0.05],
];

/** The kind of a piece: a pure function of seed and position. */
export function kindOf(options: ContentOptions, piece: number): ContentKind {
  const run = Math.floor(piece / runPieces);
  if (fractionOf(options.seed ^ 0x51ed270b, run) >= options.fillRatio) return 'hole';
  let rest = fractionOf(options.seed, run);
  for (const [kind, share] of mixture) {
    if (rest < share) return kind;
    rest -= share;
  }
  return 'text';
}

/**
 * Writes the content of one piece into `target` (up to 64 KiB). A pure function of seed, kind and position, so
 * content can be made again at any time; about memory speed.
 */
export function fillPiece(seed: number, kind: ContentKind, piece: number, target: Uint8Array): void {
  let state = mix(seed, piece) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  switch (kind) {
    case 'text':
      fillText(next, target);
      break;
    case 'binary':
      fillBinary(next, piece, target);
      break;
    case 'compressed':
      fillRandom(state, target);
      break;
    default:
      target.fill(0);
  }
}

function fillText(next: () => number, target: Uint8Array): void {
  const pool = wordPool;
  for (let at = 0; at < target.length; ) {
    const random = next();
    const length = Math.min(200 + (random & 0x1ff), target.length - at);
    const from = (random >>> 9) % (pool.length - length);
    target.set(pool.subarray(from, from + length), at);
    at += length;
  }
}

/** Records as in databases and executables: constants, counters, small numbers, now and then noise. */
function fillBinary(next: () => number, piece: number, target: Uint8Array): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, target.length >> 2);
  const constant = next();
  for (let at = 0; at + 8 <= words.length; at += 8) {
    const random = next();
    words[at] = constant;
    words[at + 1] = piece * 2048 + (at >> 3);
    words[at + 2] = random & 0xff;
    words[at + 3] = random & 0x7f000000;
    words[at + 4] = random;
    words[at + 5] = 0;
    words[at + 6] = (random & 3) === 0 ? next() : 0;
    words[at + 7] = random & 0xff00;
  }
}

function fillRandom(seed: number, target: Uint8Array): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, target.length >> 2);
  let state = seed;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
}

function fractionOf(seed: number, position: number): number {
  return (mix(seed, position) >>> 0) / 2 ** 32;
}

function mix(seed: number, position: number): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(position + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
