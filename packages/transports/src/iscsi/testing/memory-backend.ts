import type { BlockRange } from '../../scsi/client/lba-status.ts';
import type { BackendIdentity, ScsiBackend } from '../../scsi/target/scsi-backend.ts';

export interface MemoryBackendOptions {
  readonly blockBytes?: number;
  readonly identity?: Partial<BackendIdentity>;
  readonly readOnly?: boolean;
  /** Tells all-zero chunks of 64 KiB as deallocated. */
  readonly thin?: boolean;
  /** Called before each read; may wait or throw. */
  readonly beforeRead?: (offsetBytes: number, lengthBytes: number) => Promise<void> | void;
}

const chunkBytes = 64 * 1024;

export const testIdentity: BackendIdentity = {
  vendor: 'LEEWARD',
  product: 'TEST DISK',
  revision: '1.0',
  serial: 'leeward-test-0001',
  naa: '600a098000000000000000000000a001',
};

/** A disk in memory, for tests. */
export class MemoryBackend implements ScsiBackend {
  bytes: Buffer;
  readonly blockBytes: number;
  identity: BackendIdentity;
  readonly write?: (offsetBytes: number, data: Uint8Array) => Promise<void>;
  readonly lbaStatus?: (startBlock: number, maxRanges: number) => Promise<readonly BlockRange[]>;
  readonly #beforeRead: MemoryBackendOptions['beforeRead'];
  flushes = 0;

  constructor(bytes: Buffer, options: MemoryBackendOptions = {}) {
    this.bytes = bytes;
    this.blockBytes = options.blockBytes ?? 512;
    this.identity = { ...testIdentity, ...options.identity };
    this.#beforeRead = options.beforeRead;
    if (!options.readOnly)
      this.write = async (offsetBytes, data) => {
        this.bytes.set(data, offsetBytes);
      };
    if (options.thin) this.lbaStatus = async (startBlock, maxRanges) => this.#ranges(startBlock, maxRanges);
  }

  get sizeBytes(): number {
    return this.bytes.length;
  }

  async read(offsetBytes: number, target: Uint8Array): Promise<void> {
    await this.#beforeRead?.(offsetBytes, target.length);
    target.set(this.bytes.subarray(offsetBytes, offsetBytes + target.length));
  }

  async flush(): Promise<void> {
    this.flushes++;
  }

  #ranges(startBlock: number, maxRanges: number): BlockRange[] {
    const ranges: { startBlock: number; blocks: number; provisioning: 'mapped' | 'deallocated' }[] = [];
    for (let at = startBlock * this.blockBytes; at < this.sizeBytes; ) {
      const end = Math.min(this.sizeBytes, at - (at % chunkBytes) + chunkBytes);
      const provisioning = this.bytes.subarray(at, end).some((byte) => byte !== 0) ? 'mapped' : 'deallocated';
      const blocks = (end - at) / this.blockBytes;
      const last = ranges.at(-1);
      if (last?.provisioning === provisioning) last.blocks += blocks;
      else if (ranges.length === maxRanges) break;
      else ranges.push({ startBlock: at / this.blockBytes, blocks, provisioning });
      at = end;
    }
    return ranges;
  }
}
