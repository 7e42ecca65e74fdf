import type { Randomness } from '@leeward/core';

/** Characters as they occur in serial numbers of the real system, those that need care in URLs included. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-+?$#[]{}*%<&=!/';
const serialLength = 12;
const naaPrefix = '600a0980';

export const vendor = 'NETAPP';
export const product = 'LUN C-Mode';

/** 12 printable characters. */
export function newSerial(randomness: Randomness): string {
  const bytes = randomness.bytes(serialLength);
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
}

export const serialHex = (serial: string): string => Buffer.from(serial, 'latin1').toString('hex');

/** The designator of VPD 0x83, 32 hex digits: what hosts call `naa.…`. */
export const naaOf = (serial: string): string => naaPrefix + serialHex(serial);

/** `iqn.1992-08.com.netapp:sn.<32 hex>:vs.<n>` */
export function targetNameOf(randomness: Randomness, number: number): string {
  return `iqn.1992-08.com.netapp:sn.${Buffer.from(randomness.bytes(16)).toString('hex')}:vs.${number}`;
}
