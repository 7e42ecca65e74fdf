/** The identity of a LUN as VMFS writes it down: at formatting, and in raw device mappings. */
export interface ScsiIdentity {
  readonly lun: number;
  readonly vendor: string;
  readonly model: string;
  readonly revision: string;
  /** The designator of VPD page 0x83, as hexadecimal digits. */
  readonly id: string;
}

export const scsiIdentityBytes = 78;

/** Tolerant: it is information, nothing is decided by it. */
export function parseScsiIdentity(bytes: Buffer): ScsiIdentity {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to).replaceAll('\0', '').trim();
  const idBytes = Math.min(bytes[1] ?? 0, 44);
  return {
    lun: bytes.readUInt16LE(2),
    vendor: text(6, 14),
    model: text(14, 30),
    revision: text(30, 34),
    id: bytes.toString('hex', 34, 34 + idBytes),
  };
}
