import type { Randomness } from '@leeward/core';

/** The vendor's own bytes, which begin the second half of every serial number. */
const vendorOui = '6c9ce9';
const iqnPrefix = 'iqn.2007-11.com.nimblestorage';

/** What a LUN tells about itself. */
export interface ScsiIdentity {
  /** 32 hex digits: VPD 0x80, and the 16 bytes of the EUI-64 based designator of VPD 0x83. */
  readonly serial: string;
  /** Of a volume-scoped target. */
  readonly ownTargetName: string;
}

export function newSerial(randomness: Randomness): string {
  const hex = (length: number) => Buffer.from(randomness.bytes(length)).toString('hex');
  return `${hex(8)}${vendorOui}00${hex(4)}`;
}

/** Name, group and the last bytes of the serial number in reverse, as the system composes it. */
export function volumeTargetName(object: { name: string; id: string; serial: string }): string {
  const group = object.id.slice(2, 18);
  const reversed = Buffer.from(object.serial.slice(-8), 'hex').reverse().toString('hex');
  return `${iqnPrefix}:${object.name.toLowerCase()}-v${group}.${object.id.slice(-8)}.${reversed}`;
}

export const groupTargetName = (name: string, uid: string): string =>
  `${iqnPrefix}:${name.toLowerCase()}-g${uid}`;

/** The attributes that tell the identity: 8 characters of vendor, and the two halves of the designator. */
export function vpdFields(serial: string) {
  return {
    vpd_t10: `Nimble  ${serial}`,
    vpd_ieee0: serial.slice(0, 16),
    vpd_ieee1: serial.slice(16),
  };
}
