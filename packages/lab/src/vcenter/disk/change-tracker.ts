import { Bitmap } from './bitmap.ts';

export const trackingBlockBytes = 65_536;

export interface ChangedAreas {
  readonly startOffset: number;
  readonly length: number;
  readonly areas: readonly { readonly start: number; readonly length: number }[];
}

/** How a tracker deviates from the truth. Tests use it to prove that verification finds lost changes. */
export interface TrackerLies {
  /** Part of changed tracking blocks that is forgotten. */
  loseFraction: number;
  /** Part of unchanged tracking blocks that is reported as changed: legal for the real thing. */
  falsePositiveFraction: number;
  /** Ranges of the disk in which no write is noticed: it changes without being told. */
  missed?: readonly MissedRange[];
}

export interface MissedRange {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/**
 * Changed block tracking of one disk in one epoch. Changes are kept per interval between two change ids, so a
 * query for any pair of ids of the epoch is answered exactly.
 */
export class ChangeTracker {
  readonly epoch: string;
  readonly lies: TrackerLies;
  readonly isDamaged: boolean;
  readonly #sizeBytes: number;
  readonly #intervals = new Map<number, Bitmap>();
  #counter: number;
  #current: Bitmap;

  /** `epoch`: 16 bytes in the vendor's notation. `prefilled`: what was written before (powered-off start). */
  constructor(epoch: string, sizeBytes: number, lies: TrackerLies, isDamaged = false) {
    this.isDamaged = isDamaged;
    this.epoch = epoch;
    this.#sizeBytes = sizeBytes;
    this.lies = lies;
    this.#counter = 1;
    this.#current = this.#bitmap();
  }

  mark(offsetBytes: number, lengthBytes: number): void {
    this.#markIn(this.#current, offsetBytes, lengthBytes);
  }

  /** Where these writes, to another file of the disk than the current one, are noticed. */
  blocksOf(writes: readonly { readonly offsetBytes: number; readonly data: Uint8Array }[]): Bitmap {
    const blocks = this.#bitmap();
    for (const { offsetBytes, data } of writes) this.#markIn(blocks, offsetBytes, data.length);
    return blocks;
  }

  #markIn(blocks: Bitmap, offsetBytes: number, lengthBytes: number): void {
    for (const part of without(this.lies.missed ?? [], { offsetBytes, lengthBytes })) {
      const last = Math.floor((part.offsetBytes + part.lengthBytes - 1) / trackingBlockBytes);
      for (let block = Math.floor(part.offsetBytes / trackingBlockBytes); block <= last; block++)
        if (!this.#happens(block, this.lies.loseFraction)) blocks.add(block);
    }
  }

  /** The id of the interval that is open now: what the running VM's backing shows. */
  get openId(): string {
    return `${this.epoch}/${this.#counter}`;
  }

  /** Ends the interval; returns the change id of this moment. */
  freeze(): string {
    const id = this.openId;
    this.#intervals.set(this.#counter, this.#current);
    this.#counter += 1;
    this.#current = this.#bitmap();
    return id;
  }

  /**
   * Goes back to the moment of `counter`: later ids of this epoch will be handed out a second time. `quiesced`: what
   * VSS writers had changed in the file that the disk goes back to, and that was in no other until now.
   */
  revertTo(counter: number, quiesced?: Bitmap): void {
    if (quiesced) this.#intervals.get(counter)?.addAll(quiesced);
    for (const known of [...this.#intervals.keys()]) if (known > counter) this.#intervals.delete(known);
    this.#counter = counter + 1;
    this.#current = this.#bitmap();
  }

  /**
   * Areas changed after the id with counter `from` up to the one with counter `to` (undefined: now), beginning at
   * `startOffset`, at most `maxAreas` of them: the answer then covers a shorter window. `quiesced`: what VSS writers
   * changed in the file that was frozen at `to`.
   */
  areas(
    from: number,
    to: number | undefined,
    startOffset: number,
    maxAreas: number,
    quiesced?: Bitmap,
  ): ChangedAreas {
    const changed = this.#bitmap();
    if (quiesced && to !== undefined && from < to) changed.addAll(quiesced);
    for (const [counter, blocks] of this.#intervals)
      if (counter > from && (to === undefined || counter <= to)) changed.addAll(blocks);
    if (to === undefined) changed.addAll(this.#current);
    return this.#listed(changed, startOffset, maxAreas);
  }

  /**
   * Areas in use, in windows as `areas` has them: what was ever written. Tracking that began beside VMware snapshots
   * never saw what lies in their files, and knows only what it saw change. Without false positives: hosts take it from
   * the file system's own knowledge.
   */
  writtenAreas(written: Bitmap, startOffset: number, maxAreas: number): ChangedAreas {
    if (this.isDamaged) return this.areas(0, undefined, startOffset, maxAreas);
    return this.#listed(written, startOffset, maxAreas, 0);
  }

  #listed(
    changed: Bitmap,
    startOffset: number,
    maxAreas: number,
    falsePositives = this.lies.falsePositiveFraction,
  ): ChangedAreas {
    const areas: { start: number; length: number }[] = [];
    let end = this.#sizeBytes;
    for (let block = Math.floor(startOffset / trackingBlockBytes); block < changed.size; block++) {
      if (!changed.has(block) && !this.#happens(block ^ 0x5a5a, falsePositives)) continue;
      const start = Math.max(startOffset, block * trackingBlockBytes);
      const stop = Math.min(this.#sizeBytes, (block + 1) * trackingBlockBytes);
      const previous = areas.at(-1);
      if (previous && previous.start + previous.length === start) previous.length += stop - start;
      else if (areas.length === maxAreas) {
        end = start;
        break;
      } else areas.push({ start, length: stop - start });
    }
    return { startOffset, length: end - startOffset, areas };
  }

  get counter(): number {
    return this.#counter;
  }

  #bitmap(): Bitmap {
    return new Bitmap(Math.ceil(this.#sizeBytes / trackingBlockBytes));
  }

  #happens(block: number, fraction: number): boolean {
    if (fraction <= 0) return false;
    return (Math.imul(block + 1, 0x9e3779b1) >>> 0) / 2 ** 32 < fraction;
  }
}

/** What of a range lies in none of the others. */
function without(missed: readonly MissedRange[], range: MissedRange): readonly MissedRange[] {
  return missed.reduce<readonly MissedRange[]>(
    (parts, gap) =>
      parts.flatMap(({ offsetBytes, lengthBytes }) => {
        const end = offsetBytes + lengthBytes;
        const before = Math.min(end, gap.offsetBytes) - offsetBytes;
        const after = Math.max(offsetBytes, gap.offsetBytes + gap.lengthBytes);
        return [
          ...(before > 0 ? [{ offsetBytes, lengthBytes: before }] : []),
          ...(end > after ? [{ offsetBytes: after, lengthBytes: end - after }] : []),
        ];
      }),
    [range],
  );
}

/** `52 2d 7b 8f ac 61 51 cc-77 4c 7b ec 91 50 bb 7b` from 16 random bytes; begins with 52 as the vendor's do. */
export function epochText(bytes: Uint8Array): string {
  const pairs = [...bytes.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0'));
  pairs[0] = '52';
  return `${pairs.slice(0, 8).join(' ')}-${pairs.slice(8).join(' ')}`;
}

/** Undefined when the text is no change id. */
export function parseChangeId(text: string): { epoch: string; counter: number } | undefined {
  const match = /^((?:[0-9a-f]{2}[ -]){15}[0-9a-f]{2})\/(\d{1,9})$/i.exec(text);
  return match?.[1] && match[2] ? { epoch: match[1].toLowerCase(), counter: Number(match[2]) } : undefined;
}
