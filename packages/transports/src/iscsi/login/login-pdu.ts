import { field, finalBit, immediateBit, opcode } from '../pdu/opcodes.ts';
import { newHeader } from '../pdu/pdu-encoder.ts';
import type { KeyPair } from '../pdu/text-keys.ts';

/** Stages of a login (CSG and NSG). */
export const stage = { security: 0, operational: 1, fullFeature: 3 } as const;

const continueBit = 0x40;

export interface LoginHead {
  readonly transit: boolean;
  readonly continued: boolean;
  readonly current: number;
  readonly next: number;
  /** Six bytes. */
  readonly isid: Buffer;
  readonly tsih: number;
  readonly initiatorTag: number;
}

/** What one side says next. */
export interface LoginStep {
  readonly current: number;
  /** Where it wants to go; equal to `current` when it does not. */
  readonly next: number;
  readonly keys: readonly KeyPair[];
}

export function readLoginHead(header: Buffer): LoginHead {
  const flags = header[1] ?? 0;
  return {
    transit: (flags & finalBit) !== 0,
    continued: (flags & continueBit) !== 0,
    current: (flags >> 2) & 3,
    next: flags & 3,
    isid: Buffer.from(header.subarray(8, 14)),
    tsih: header.readUInt16BE(14),
    initiatorTag: header.readUInt32BE(field.initiatorTag),
  };
}

export interface LoginRequestFields {
  readonly isid: Uint8Array;
  readonly tsih: number;
  readonly initiatorTag: number;
  readonly commandSerial: number;
  readonly expectedStatusSerial: number;
}

export function loginFlags(step: LoginStep): number {
  return step.next === step.current ? step.current << 2 : finalBit | (step.current << 2) | step.next;
}

export function loginRequest(step: LoginStep, fields: LoginRequestFields): Buffer {
  const header = newHeader(opcode.login | immediateBit, loginFlags(step));
  header.set(fields.isid, 8);
  header.writeUInt16BE(fields.tsih, 14);
  header.writeUInt32BE(fields.initiatorTag, field.initiatorTag);
  header.writeUInt32BE(fields.commandSerial, field.commandSerial);
  header.writeUInt32BE(fields.expectedStatusSerial, field.expectedStatusSerial);
  return header;
}

/** Status class and detail, as one number. */
export const loginStatus = {
  success: 0x0000,
  movedTemporarily: 0x0101,
  movedPermanently: 0x0102,
  initiatorError: 0x0200,
  authenticationFailed: 0x0201,
  notAllowed: 0x0202,
  notFound: 0x0203,
  removed: 0x0204,
  unsupportedVersion: 0x0205,
  tooManyConnections: 0x0206,
  missingParameter: 0x0207,
  cannotInclude: 0x0208,
  unsupportedSessionType: 0x0209,
  noSuchSession: 0x020a,
  invalidDuringLogin: 0x020b,
  targetError: 0x0300,
  unavailable: 0x0301,
  outOfResources: 0x0302,
} as const;

export function loginStatusName(status: number): string {
  const name = Object.entries(loginStatus).find(([, number]) => number === status)?.[0] ?? 'unknown status';
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words}, 0x${status.toString(16).padStart(4, '0')}`;
}
