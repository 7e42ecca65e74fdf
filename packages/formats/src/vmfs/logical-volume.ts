import { LeewardError } from '@leeward/core';
import type { LunReader } from './lun-reader.ts';
import type { LvmDevice } from './lvm-device.ts';
import type { PhysicalRun } from './pe-table.ts';

/** A piece of a LUN. */
export interface LunPiece {
  readonly lun: number;
  readonly lunOffsetBytes: number;
  readonly lengthBytes: number;
}

/** The space of one VMFS volume, put together from the physical extents of all its devices. */
export class LogicalVolume {
  readonly sizeBytes: number;
  /** UUID of the volume manager's volume: not the one of the datastore. */
  readonly uuid: string;
  readonly snapshotId: number;
  readonly major: number;
  readonly devices: readonly LvmDevice[];
  readonly #luns: readonly LunReader[];
  readonly #runs: readonly PhysicalRun[];

  /** `devices` are all of one volume. Throws `L-FMT-403` when one is missing, `L-FMT-405` when they do not fit together. */
  constructor(luns: readonly LunReader[], devices: readonly LvmDevice[]) {
    const sorted = devices.toSorted((a, b) => a.firstPe - b.firstPe);
    const [first] = sorted;
    if (!first) throw new LeewardError('L-FMT-405', { lun: 'a volume', reason: 'it has no device' });
    const incomplete = (reason: string) =>
      new LeewardError('L-FMT-403', { volume: first.volumeUuid, found: devices.length, reason });
    for (const device of sorted)
      if (device.deviceCount !== sorted.length)
        throw incomplete(`${device.name} says that it has ${device.deviceCount} extents`);
    for (const [index, device] of sorted.entries()) {
      const expected = index === 0 ? 0 : (sorted[index - 1]?.lastPe ?? 0) + 1;
      if (device.firstPe !== expected)
        throw incomplete(`the extent that begins with physical extent ${expected} is not among them`);
      if (device.generation !== first.generation)
        throw incomplete(
          `${first.name} and ${device.name} are of different generations, so they were not copied at one instant`,
        );
      if (device.volumeBytes !== first.volumeBytes || device.major !== first.major)
        throw incomplete(`${first.name} and ${device.name} describe different volumes`);
    }
    this.#luns = luns;
    this.#runs = sorted.flatMap(({ runs }) => runs).toSorted((a, b) => a.logicalOffset - b.logicalOffset);
    this.sizeBytes = contiguousBytes(this.#runs, first.name);
    if (first.volumeBytes > this.sizeBytes) {
      const reason = `its physical extents have ${this.sizeBytes} bytes, and the volume ${first.volumeBytes}`;
      throw new LeewardError('L-FMT-405', { lun: first.name, reason });
    }
    this.uuid = first.volumeUuid;
    this.snapshotId = first.snapshotId;
    this.major = first.major;
    this.devices = sorted;
  }

  /** Calls back for each piece of LUN that a range consists of, in order. The range MUST be within the volume. */
  eachPiece(offsetBytes: number, lengthBytes: number, callback: (piece: LunPiece) => void): void {
    if (!(offsetBytes >= 0) || !(offsetBytes + lengthBytes <= this.sizeBytes))
      throw new RangeError(`bytes ${offsetBytes} +${lengthBytes} of a volume of ${this.sizeBytes}`);
    let index = this.#runAt(offsetBytes);
    let at = offsetBytes;
    const end = offsetBytes + lengthBytes;
    while (at < end) {
      const run = this.#runs[index++];
      if (!run) throw new RangeError(`no physical extent at ${at}`);
      const inside = at - run.logicalOffset;
      const length = Math.min(run.lengthBytes - inside, end - at);
      callback({ lun: run.lun, lunOffsetBytes: run.lunOffset + inside, lengthBytes: length });
      at += length;
    }
  }

  async read(offsetBytes: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const reads: Promise<void>[] = [];
    let at = 0;
    this.eachPiece(offsetBytes, target.length, ({ lun, lunOffsetBytes, lengthBytes }) => {
      const part = target.subarray(at, at + lengthBytes);
      at += lengthBytes;
      const reader = this.#luns[lun];
      if (!reader) throw new RangeError(`no LUN ${lun}`);
      reads.push(reader.read(lunOffsetBytes, part, signal));
    });
    await Promise.all(reads);
  }

  #runAt(offsetBytes: number): number {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#runs[middle]?.logicalOffset ?? 0) <= offsetBytes) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function contiguousBytes(runs: readonly PhysicalRun[], lun: string): number {
  let end = 0;
  for (const { logicalOffset, lengthBytes } of runs) {
    if (logicalOffset !== end) {
      const how = logicalOffset > end ? 'no physical extent' : 'more than one physical extent';
      throw new LeewardError('L-FMT-405', {
        lun,
        reason: `there is ${how} for byte ${Math.min(end, logicalOffset)} of the volume`,
      });
    }
    end += lengthBytes;
  }
  return end;
}
