/** Operation codes of PDUs (RFC 7143, section 11.2.1.2). */
export const opcode = {
  nopOut: 0x00,
  scsiCommand: 0x01,
  taskManagement: 0x02,
  login: 0x03,
  text: 0x04,
  dataOut: 0x05,
  logout: 0x06,
  nopIn: 0x20,
  scsiResponse: 0x21,
  taskManagementResponse: 0x22,
  loginResponse: 0x23,
  textResponse: 0x24,
  dataIn: 0x25,
  logoutResponse: 0x26,
  readyToTransfer: 0x31,
  asyncMessage: 0x32,
  reject: 0x3f,
} as const;

/** Immediate delivery, in byte 0 of requests. */
export const immediateBit = 0x40;
/** Final, in byte 1. */
export const finalBit = 0x80;
/** A tag that names no task. */
export const reservedTag = 0xffff_ffff;
export const headerBytes = 48;
/** The default of MaxRecvDataSegmentLength, and the bound of everything during login. */
export const defaultSegmentBytes = 8192;

export const portDefault = 3260;

/** Byte offsets of the fields that most headers share. */
export const field = {
  lun: 8,
  initiatorTag: 16,
  targetTag: 20,
  commandSerial: 24,
  expectedStatusSerial: 28,
  statusSerial: 24,
  expectedCommandSerial: 28,
  maxCommandSerial: 32,
} as const;

export function opcodeOf(header: Uint8Array): number {
  return (header[0] ?? 0) & 0x3f;
}
