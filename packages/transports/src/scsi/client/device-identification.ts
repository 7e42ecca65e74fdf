import { asciiText, pageBody } from './inquiry-data.ts';

/** Names of a logical unit (VPD page 0x83), lower case hexadecimal without prefix where they are numbers. */
export interface DeviceNames {
  readonly naa: string | undefined;
  readonly eui: string | undefined;
  readonly t10: string | undefined;
}

const ofLogicalUnit = 0;
const kind = { t10: 1, eui: 2, naa: 3 } as const;

/** Unknown designators are passed over; a cut-off one ends the list. */
export function parseDeviceNames(bytes: Uint8Array): DeviceNames {
  const body = pageBody(0x83, bytes);
  const names: { naa?: string; eui?: string; t10?: string } = {};
  for (let at = 0; at + 4 <= body.length; ) {
    const lengthBytes = body[at + 3] ?? 0;
    const designator = body.subarray(at + 4, at + 4 + lengthBytes);
    if (designator.length < lengthBytes) break;
    const flags = body[at + 1] ?? 0;
    if (((flags >> 4) & 3) === ofLogicalUnit) take(names, flags & 0xf, designator);
    at += 4 + lengthBytes;
  }
  return { naa: names.naa, eui: names.eui, t10: names.t10 };
}

function take(
  names: { naa?: string; eui?: string; t10?: string },
  type: number,
  designator: Uint8Array,
): void {
  const hex = Buffer.from(designator).toString('hex');
  // A unit may have several names of one kind; the longest tells most (16 bytes of NAA 6 before 8 of NAA 5).
  if (type === kind.naa && hex.length > (names.naa?.length ?? 0)) names.naa = hex;
  else if (type === kind.eui && hex.length > (names.eui?.length ?? 0)) names.eui = hex;
  else if (type === kind.t10 && names.t10 === undefined) names.t10 = asciiText(designator);
}
