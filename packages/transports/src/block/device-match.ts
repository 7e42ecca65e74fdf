/** Which device is meant: what its array says that the device says of itself. */
export interface WantedDevice {
  /** VPD page 0x80; '' or absent when it is not known. */
  readonly serial?: string | undefined;
  /** As ESXi writes them: `naa.…`, `eui.…`, `t10.…`. */
  readonly scsiNames: readonly string[];
  readonly sizeBytes: number;
}

/** What a device says of itself; numbers in hexadecimal without prefix, absent what it does not tell. */
export interface FoundDevice {
  readonly serial?: string | undefined;
  readonly naa?: string | undefined;
  readonly eui?: string | undefined;
  readonly t10?: string | undefined;
  readonly sizeBytes: number;
}

export interface DeviceMismatch {
  readonly expected: string;
  readonly found: string;
}

/**
 * What tells that it is another device; undefined when it is the one that is wanted. The size MUST be equal, nothing
 * that both sides know may differ, and serial number or SCSI name MUST be known to both.
 */
export function deviceMismatch(wanted: WantedDevice, found: FoundDevice): DeviceMismatch | undefined {
  const names = namesOf(found);
  const wantedNames = wanted.scsiNames.map((name) => name.toLowerCase());
  const comparable = wantedNames.some((name) => names.some((other) => kindOf(other) === kindOf(name)));
  const sameName = wantedNames.some((name) => names.includes(name));
  const serial = found.serial?.trim();
  const wantedSerial = wanted.serial?.trim();
  const serialsTold = Boolean(serial) && Boolean(wantedSerial);
  const isOther =
    wanted.sizeBytes !== found.sizeBytes ||
    (comparable && !sameName) ||
    (serialsTold && serial !== wantedSerial) ||
    !(sameName || serialsTold);
  if (!isOther) return undefined;
  return { expected: wantedText(wanted), found: deviceText(serial, names, found.sizeBytes) };
}

export function wantedText({ serial, scsiNames, sizeBytes }: WantedDevice): string {
  return deviceText(serial, scsiNames, sizeBytes);
}

function deviceText(serial: string | undefined, names: readonly string[], sizeBytes: number): string {
  return [serial && `serial ${serial}`, ...names, `${sizeBytes} bytes`].filter((part) => part).join(', ');
}

function namesOf({ naa, eui, t10 }: FoundDevice): string[] {
  return [naa && `naa.${naa}`, eui && `eui.${eui}`, t10 && `t10.${t10}`]
    .filter((name) => name !== undefined && name !== '')
    .map((name) => String(name).toLowerCase());
}

function kindOf(name: string): string {
  return name.slice(0, name.indexOf('.') + 1);
}
