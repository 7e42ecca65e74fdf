import type { Clock } from '@leeward/core';
import { SeededRandomness } from '@leeward/platform';
import { Guest } from '../../guests/guest.ts';
import { RandomPattern } from '../../guests/random-pattern.ts';
import { RecordPattern } from '../../guests/record-pattern.ts';
import type { SimulatedVm } from '../vm/simulated-vm.ts';

/** The guests of all VMs. A guest writes only while its VM runs. */
export class GuestControl {
  readonly #guests = new Map<SimulatedVm, { readonly guest: Guest; wanted: number; isPaused: boolean }>();

  constructor(vms: readonly SimulatedVm[], clock: Clock) {
    for (const vm of vms) {
      const { seed, bytesPerSecond, pattern: kind } = vm.config.guest;
      const disks = vm.disks.map((disk) => ({
        sizeBytes: disk.options.sizeBytes,
        write: (offset: number, data: Uint8Array) => disk.write(offset, data),
      }));
      const sizes = disks.map(({ sizeBytes }) => sizeBytes);
      const pattern =
        kind === 'records' && sizes.length > 0
          ? new RecordPattern(sizes, seed)
          : new RandomPattern(sizes, seed, new SeededRandomness(seed));
      const guest = new Guest({ disks, pattern, clock });
      this.#guests.set(vm, { guest, wanted: bytesPerSecond, isPaused: false });
    }
    this.follow();
  }

  /** Starts and stops guests with their VMs' power; called after every change. */
  follow(): void {
    for (const [vm, entry] of this.#guests) {
      const rate = vm.isRunning && !entry.isPaused ? entry.wanted : 0;
      if (entry.guest.bytesPerSecond !== rate) entry.guest.setRate(rate);
    }
  }

  setRate(vm: SimulatedVm, bytesPerSecond: number): void {
    const entry = this.#guests.get(vm);
    if (entry) entry.wanted = bytesPerSecond;
    this.follow();
  }

  /** Resolves when the guest's last write has reached the datastore. */
  async pause(vm: SimulatedVm): Promise<void> {
    const entry = this.#guests.get(vm);
    if (!entry) return;
    entry.isPaused = true;
    await entry.guest.pause();
  }

  resume(vm: SimulatedVm): void {
    const entry = this.#guests.get(vm);
    if (entry) entry.isPaused = false;
    this.follow();
  }

  stateOf(vm: SimulatedVm): Record<string, unknown> {
    const entry = this.#guests.get(vm);
    return {
      bytesPerSecond: entry?.guest.bytesPerSecond ?? 0,
      isPaused: entry?.isPaused ?? true,
      ...entry?.guest.counters,
    };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#guests.values()].map(({ guest }) => guest.stop()));
  }
}
