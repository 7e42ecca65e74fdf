/** What a host derives from a LUN's identity for its own lists. */
export interface DeviceName {
  /** `naa.…` or `eui.…`. */
  readonly canonicalName: string;
  /** `02` + LUN type + designator + model, as in `vml.` names and in the LUN references of raw device mappings. */
  readonly uuid: string;
}

/** @param scsiName `naa.` or `eui.` and hex digits. */
export function deviceNameOf(scsiName: string, lun: number, model: string): DeviceName {
  const digits = scsiName.slice(scsiName.indexOf('.') + 1);
  const number = lun.toString(16).padStart(2, '0');
  const text = Buffer.from(model.padEnd(6).slice(0, 6), 'latin1').toString('hex');
  return { canonicalName: scsiName, uuid: `0200${number}0000${digits}${text}` };
}
