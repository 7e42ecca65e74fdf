import type { BlockRange } from '../client/lba-status.ts';

/** Who a logical unit says it is. All ASCII; numbers in hexadecimal without prefix. */
export interface BackendIdentity {
  /** At most 8 characters. */
  readonly vendor: string;
  /** At most 16 characters. */
  readonly product: string;
  /** At most 4 characters. */
  readonly revision: string;
  /** At most 200 characters. */
  readonly serial: string;
  /** 8 or 16 bytes. */
  readonly naa?: string | undefined;
  /** 8, 12 or 16 bytes. */
  readonly eui?: string | undefined;
}

/**
 * What lies behind a logical unit. Contract:
 * - offsets and lengths are whole blocks within the size; the target checks them before.
 * - `read` fills `target` completely or throws; a throw is reported as an unrecovered read error.
 * - without `write` the unit is write-protected; `flush` makes earlier writes durable.
 * - many calls may be in flight.
 */
export interface ScsiBackend {
  /** A multiple of `blockBytes`. When it changes, `IscsiTarget.unitChanged` tells the initiators. */
  readonly sizeBytes: number;
  /** 512 or 4096. */
  readonly blockBytes: number;
  readonly identity: BackendIdentity;
  read(offsetBytes: number, target: Uint8Array): Promise<void>;
  write?(offsetBytes: number, data: Uint8Array): Promise<void>;
  flush?(): Promise<void>;
  /** What is provisioned from `startBlock` on, at most `maxRanges`, without gaps. Makes the unit a thin one. */
  lbaStatus?(startBlock: number, maxRanges: number): Promise<readonly BlockRange[]>;
}
