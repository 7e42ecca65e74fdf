import type { Clock } from '@leeward/core';
import { PeerUnreachable } from '../../link/link-client.ts';
import { HostLuns } from '../../san/host-luns.ts';
import type { HostConfig } from '../config.ts';
import { HostDevice } from './host-device.ts';

/** What one simulated host has of block storage: its iSCSI adapter and the LUNs that arrays map to it. */
export class HostStorage {
  readonly initiatorName: string;
  readonly #arrays: readonly HostLuns[];
  readonly #clock: Clock;
  readonly #pathsDownTimeoutMs: number;
  readonly #devices = new Map<string, HostDevice>();

  private constructor(config: HostConfig, clock: Clock) {
    const initiatorName = config.initiatorName ?? `iqn.1998-01.com.vmware:${config.name}`;
    this.initiatorName = initiatorName;
    this.#arrays = config.san.map(
      ({ address, port, token }) => new HostLuns({ host: address, port, token, initiatorName }),
    );
    this.#clock = clock;
    this.#pathsDownTimeoutMs = config.pathsDownTimeoutMs;
  }

  /** Finds the LUNs. Throws when an array of the configuration cannot be reached. */
  static async connect(config: HostConfig, clock: Clock): Promise<HostStorage> {
    const storage = new HostStorage(config, clock);
    try {
      const [unreachable] = await storage.rescan();
      if (unreachable) throw unreachable;
      return storage;
    } catch (error) {
      storage.close();
      throw error;
    }
  }

  /** In the order in which they were found. */
  get devices(): readonly HostDevice[] {
    return [...this.#devices.values()];
  }

  device(canonicalName: string): HostDevice | undefined {
    return this.#devices.get(canonicalName);
  }

  /**
   * LUNs that came since the last look appear; those that went stay until the host restarts, without paths. Returns
   * why arrays could not be asked.
   */
  async rescan(): Promise<readonly PeerUnreachable[]> {
    const unreachable: PeerUnreachable[] = [];
    for (const array of this.#arrays)
      try {
        await this.#look(array);
      } catch (error) {
        if (!(error instanceof PeerUnreachable)) throw error;
        unreachable.push(error);
      }
    return unreachable;
  }

  async #look(array: HostLuns): Promise<void> {
    for (const { scsiName } of await array.list()) {
      if (this.#devices.has(scsiName)) continue;
      const lun = await array.open(scsiName);
      this.#devices.set(scsiName, new HostDevice(lun, this.#clock, this.#pathsDownTimeoutMs));
    }
  }

  close(): void {
    for (const array of this.#arrays) array.close();
  }
}
