/** Why a command did not simply work: sense key, additional sense code and its qualifier (SPC-4, 4.5). */
export interface Sense {
  readonly key: number;
  readonly asc: number;
  readonly ascq: number;
}

export const senseKey = {
  noSense: 0x0,
  recovered: 0x1,
  notReady: 0x2,
  mediumError: 0x3,
  hardwareError: 0x4,
  illegalRequest: 0x5,
  unitAttention: 0x6,
  dataProtect: 0x7,
  abortedCommand: 0xb,
  miscompare: 0xe,
} as const;

const keyNames: ReadonlyMap<number, string> = new Map([
  [0x0, 'no sense'],
  [0x1, 'recovered error'],
  [0x2, 'not ready'],
  [0x3, 'medium error'],
  [0x4, 'hardware error'],
  [0x5, 'illegal request'],
  [0x6, 'unit attention'],
  [0x7, 'data protect'],
  [0xb, 'aborted command'],
  [0xe, 'miscompare'],
]);

/** The codes that storage administrators meet, by `asc << 8 | ascq`. */
const codeNames: ReadonlyMap<number, string> = new Map([
  [0x0401, 'becoming ready'],
  [0x0402, 'initializing command required'],
  [0x040a, 'asymmetric access state transition'],
  [0x040b, 'target port in standby state'],
  [0x040c, 'target port in unavailable state'],
  [0x1100, 'unrecovered read error'],
  [0x2000, 'invalid command operation code'],
  [0x2100, 'logical block address out of range'],
  [0x2400, 'invalid field in the command'],
  [0x2500, 'logical unit not supported'],
  [0x2700, 'write protected'],
  [0x2900, 'power on, reset, or bus device reset'],
  [0x2903, 'bus device reset'],
  [0x2907, 'I_T nexus loss'],
  [0x2a01, 'mode parameters changed'],
  [0x2a06, 'asymmetric access state changed'],
  [0x2a09, 'capacity data changed'],
  [0x3a00, 'medium not present'],
  [0x3f03, 'inquiry data changed'],
  [0x3f0e, 'reported LUNs data changed'],
  [0x4400, 'internal target failure'],
  [0x4700, 'SCSI parity error'],
]);

/** Fixed or descriptor format; `undefined` when it is neither. */
export function parseSense(bytes: Uint8Array): Sense | undefined {
  const format = (bytes[0] ?? 0) & 0x7f;
  if ((format === 0x70 || format === 0x71) && bytes.length >= 3)
    return { key: (bytes[2] ?? 0) & 0xf, asc: bytes[12] ?? 0, ascq: bytes[13] ?? 0 };
  if ((format === 0x72 || format === 0x73) && bytes.length >= 4)
    return { key: (bytes[1] ?? 0) & 0xf, asc: bytes[2] ?? 0, ascq: bytes[3] ?? 0 };
  return undefined;
}

/** Eighteen bytes in fixed format, about the current command. */
export function encodeSense({ key, asc, ascq }: Sense): Buffer {
  const bytes = Buffer.alloc(18);
  bytes[0] = 0x70;
  bytes[2] = key;
  bytes[7] = 10;
  bytes[12] = asc;
  bytes[13] = ascq;
  return bytes;
}

export function senseText(sense: Sense | undefined): string {
  if (!sense) return 'check condition without sense data';
  const code = (sense.asc << 8) | sense.ascq;
  const hex = `${byteText(sense.key)}/${byteText(sense.asc)}/${byteText(sense.ascq)}`;
  const words = [keyNames.get(sense.key), codeNames.get(code)].filter((word) => word !== undefined);
  return `${words.join(', ')} (sense ${hex})`.trimStart();
}

function byteText(value: number): string {
  return value.toString(16).padStart(2, '0');
}
