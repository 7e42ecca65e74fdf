import { directoryLayout } from '@leeward/formats/vmfs/layout';

const mask = 0xffffffffffffffffn;
const padding = 0x739a75c28e61b017n;
const keyBytes = 256;
const nameEnd = 127;

export interface NameHash {
  /** Slot in the directory's hash table. */
  readonly index: number;
  /** Tells names apart that share a slot. */
  readonly link: number;
}

/** Where a name stands in a hashed directory. */
export function nameHash(name: string, isRoot: boolean): NameHash {
  const key = Buffer.alloc(keyBytes);
  const length = key.write(name, 0, 'utf8');
  for (let at = (length + 8) & ~7; at < nameEnd; at += 8) key.writeBigUInt64LE(padding, at);
  const hash = lookup8(key);
  const slots = BigInt(isRoot ? directoryLayout.rootHashSlots : directoryLayout.hashSlots);
  return { index: Number(hash % slots), link: Number((hash >> 16n) & 0xffffn) };
}

type State = [a: bigint, b: bigint, c: bigint];

/** Bob Jenkins' 64-bit hash over quads, from the seeds that VMFS uses. */
function lookup8(key: Buffer): bigint {
  let state: State = [42n, 42n, 0x9e3779b97f4a7c13n];
  const quads = keyBytes / 8;
  const quad = (index: number) => key.readBigUInt64LE(index * 8);
  let at = 0;
  for (; at + 3 <= quads; at += 3) {
    const [a, b, c] = state;
    state = mix([a + quad(at), b + quad(at + 1), c + quad(at + 2)]);
  }
  const [a, b, c] = state;
  return mix([a + quad(at), b + quad(at + 1), c + BigInt(quads)])[2];
}

/** Shift counts of the three steps of each round: right, left, right. */
const rounds = [
  [43n, 9n, 8n],
  [38n, 23n, 5n],
  [35n, 49n, 11n],
  [12n, 18n, 22n],
] as const;

function mix(state: State): State {
  let [a, b, c] = state.map((value) => value & mask) as State;
  for (const [first, second, third] of rounds) {
    a = ((a - b - c) & mask) ^ (c >> first);
    b = ((b - c - a) & mask) ^ ((a << second) & mask);
    c = ((c - a - b) & mask) ^ (b >> third);
  }
  return [a, b, c];
}
