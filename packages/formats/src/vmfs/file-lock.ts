import { formatUuid } from './uuid.ts';

/** The lock of a file at the instant of the storage snapshot. Its meaning is not published: information only. */
export interface FileLock {
  /** Probably: 0 free, 1 exclusive, 2 read-only, 3 multi-writer. */
  readonly mode: number;
  /** UUID bytes of the owning host, as hexadecimal digits; all zeros when free. */
  readonly ownerHex: string;
}

const exclusive = 1;

/**
 * The host that held the file for itself alone, as UUID text; undefined when none did. A disk that a VMware snapshot
 * froze should be read-only by then: an exclusive lock says "still being written". A cheap alarm and no proof.
 */
export function exclusiveOwner({ mode, ownerHex }: FileLock): string | undefined {
  if (mode !== exclusive || /^0*$/.test(ownerHex)) return undefined;
  return formatUuid(Buffer.from(ownerHex, 'hex'));
}
