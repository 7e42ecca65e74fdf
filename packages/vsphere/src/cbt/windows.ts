import type { Extent } from '@leeward/core';
import type { Vim } from '../schema/values.ts';
import { AreaList, type BeyondBound } from './area-list.ts';

/** Thrown when an answer contradicts itself or the question: the areas cannot be trusted. */
export class UntrustedAreas extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UntrustedAreas';
  }
}

/** A server that advances by less than a sector a call would never end. */
const minWindowBytes = 512;

/**
 * Asks window by window, each beginning where the last one ended (not where its last area ended), until the
 * whole disk is covered. Every window MUST begin at or before the place asked for and reach beyond it.
 */
export async function collectAreas(
  sizeBytes: number,
  ask: (startOffset: number) => Promise<Vim<'DiskChangeInfo'>>,
  beyond: BeyondBound = 'join',
): Promise<Extent[]> {
  const list = new AreaList(sizeBytes, beyond);
  for (let at = 0; at < sizeBytes; ) {
    const window = await ask(at);
    list.add(areasOf(window));
    at = endOf(window, at, sizeBytes);
  }
  return list.result();
}

function endOf({ startOffset, length }: Vim<'DiskChangeInfo'>, at: number, sizeBytes: number): number {
  const end = startOffset + length;
  if (startOffset < 0 || length <= 0)
    throw new UntrustedAreas(`the window at ${at} has the length ${length} from ${startOffset}`);
  if (startOffset > at) throw new UntrustedAreas(`the window at ${at} begins only at ${startOffset}`);
  if (end < Math.min(at + minWindowBytes, sizeBytes))
    throw new UntrustedAreas(`the window at ${at} ends at ${end}, so nothing follows`);
  return end;
}

function areasOf({ changedArea }: Vim<'DiskChangeInfo'>): Extent[] {
  return changedArea.map(({ start, length }) => {
    if (start < 0 || length < 0) throw new UntrustedAreas(`an area of ${length} bytes at ${start}`);
    return { offsetBytes: start, lengthBytes: length };
  });
}
