import type { Clock, Randomness } from '@leeward/core';

/** A UUID as VMFS makes them: time, stamp, random bits and the MAC of the host. */
export function makeUuid(clock: Clock, random: Randomness): Buffer {
  const uuid = Buffer.from(random.bytes(16));
  uuid.writeUInt32LE(Math.floor(clock.now() / 1000) >>> 0, 0);
  uuid.set([0x00, 0x50, 0x56], 10);
  return uuid;
}

/** The text of a UUID, as in a datastore's URL. */
export function uuidText(uuid: Buffer): string {
  const group = (from: number, to: number) => Buffer.from(uuid.subarray(from, to)).reverse().toString('hex');
  return `${group(0, 4)}-${group(4, 8)}-${group(8, 10)}-${uuid.toString('hex', 10, 16)}`;
}

/** What a LUN says of itself in INQUIRY, as VMFS writes it down when it is formatted. */
export interface LunIdentity {
  readonly lun: number;
  /** 8, 16 and 4 characters. */
  readonly vendor: string;
  readonly model: string;
  readonly revision: string;
  /** The NAA designator (page 0x83), in hexadecimal digits. */
  readonly naa: string;
}

export function scsiIdentity({ lun, vendor, model, revision, naa }: LunIdentity): Buffer {
  const bytes = Buffer.alloc(78);
  const id = Buffer.from(naa, 'hex').subarray(0, 44);
  bytes[0] = 1;
  bytes[1] = id.length;
  bytes.writeUInt16LE(lun, 2);
  bytes[5] = 6;
  bytes.write(vendor.padEnd(8), 6, 8, 'latin1');
  bytes.write(model.padEnd(16), 14, 16, 'latin1');
  bytes.write(revision.padEnd(4), 30, 4, 'latin1');
  bytes.set(id, 34);
  return bytes;
}
