/**
 * What stands between a simulated array and whatever serves its LUNs: the iSCSI target, and the door for simulated
 * hosts. The array implements `LunDirectory`; those who serve know nothing more of it.
 */
export interface ExportedLun {
  readonly lun: number;
  /** As administrators name it: `/vol/<volume>/<lun>`, or the volume. */
  readonly path: string;
  /** At most 8 characters. */
  readonly vendor: string;
  /** At most 16 characters. */
  readonly product: string;
  readonly revision: string;
  /** VPD 0x80. Unique in the lab. */
  readonly serial: string;
  /** Designators of VPD 0x83, hex digits without prefix: 16 bytes of type NAA, or of type EUI-64. */
  readonly naa?: string | undefined;
  readonly eui?: string | undefined;
  readonly blockBytes: 512;
  readonly writable: boolean;
  /** May change while the LUN is open. */
  sizeBytes(): number;
  /** Fills the whole target. Throws when the LUN is gone. */
  read(offsetBytes: number, target: Uint8Array): void;
  /** Throws `StoreFull` when the pool or volume is full. */
  write(offsetBytes: number, data: Uint8Array): void;
}

export interface ChapSecret {
  readonly user: string;
  readonly password: string;
  /** How the target proves itself when the initiator asks it to. */
  readonly mutual?: { readonly user: string; readonly password: string } | undefined;
}

/** Asked anew at each login and for each command, so that every change counts at once. */
export interface LunDirectory {
  /** Names of all targets that serve anything to anybody. */
  targets(): string[];
  /** Undefined: the initiator may not log in, and does not see the target. Empty: it may, and finds nothing. */
  luns(targetName: string, initiatorName: string): readonly ExportedLun[] | undefined;
  /** The secret that the initiator has to prove; absent: none asked. */
  chap(targetName: string, initiatorName: string): ChapSecret | undefined;
}
