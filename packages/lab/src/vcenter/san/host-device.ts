import { type Clock, retry } from '@leeward/core';
import { PeerUnreachable } from '../../link/link-client.ts';
import { type HostLun, HostLunError } from '../../san/host-luns.ts';
import type { BlockStore } from '../../vmfs/block-store.ts';
import { type DeviceName, deviceNameOf } from './device-name.ts';

const firstDelayMs = 100;
const maxDelayMs = 1000;

/** The device does not take I/O: its paths were down for too long, or it is lost for good (unmapped). */
export class DeviceLost extends Error {}

/**
 * A LUN as one host has it. I/O waits while the array is away, as hosts do while all paths are down, and is repeated
 * then. A LUN that is not mapped any more is lost at once. Refusals of the array (full, write-protected) pass through.
 */
export class HostDevice implements BlockStore {
  readonly name: DeviceName;
  readonly #lun: HostLun;
  readonly #clock: Clock;
  readonly #attempts: number;
  #state: 'ok' | 'lostCommunication' = 'ok';

  constructor(lun: HostLun, clock: Clock, pathsDownTimeoutMs: number) {
    const { scsiName, product } = lun.facts;
    this.name = deviceNameOf(scsiName, lun.facts.lun, product);
    this.#lun = lun;
    this.#clock = clock;
    this.#attempts = Math.max(1, Math.ceil(pathsDownTimeoutMs / maxDelayMs));
  }

  get facts(): HostLun['facts'] {
    return this.#lun.facts;
  }

  get sizeBytes(): number {
    return this.#lun.sizeBytes;
  }

  /** As in `ScsiLun.operationalState`. */
  get state(): 'ok' | 'lostCommunication' {
    return this.#state;
  }

  read(offsetBytes: number, target: Uint8Array): Promise<void> {
    return this.#persist(() => this.#lun.read(offsetBytes, target));
  }

  write(offsetBytes: number, data: Uint8Array): Promise<void> {
    return this.#persist(() => this.#lun.write(offsetBytes, data));
  }

  async #persist(work: () => Promise<void>): Promise<void> {
    const policy = { attempts: this.#attempts, firstDelayMs, maxDelayMs };
    const refusal = await retry(this.#clock, policy, async () => {
      try {
        await work();
        return undefined;
      } catch (error) {
        if (error instanceof HostLunError) return error;
        this.#state = 'lostCommunication';
        throw error;
      }
    }).catch((error: unknown) => {
      if (!(error instanceof PeerUnreachable)) throw error;
      throw new DeviceLost(`${this.name.canonicalName}: all paths are down: ${error.message}`);
    });
    this.#state = refusal?.reason === 'not-mapped' ? 'lostCommunication' : 'ok';
    if (refusal?.reason === 'not-mapped')
      throw new DeviceLost(`${this.name.canonicalName} is lost: ${refusal.message}`);
    if (refusal) throw refusal;
  }
}
