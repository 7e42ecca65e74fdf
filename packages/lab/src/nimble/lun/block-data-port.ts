import type { FaultAction } from '../../control/fault-board.ts';

/**
 * What stands between the array and the target that serves its LUNs. The array implements `LunDirectory`, the
 * target side `BlockDataPort`; neither knows more of the other.
 */
export interface ExportedLun {
  readonly lun: number;
  readonly vendor: 'Nimble';
  readonly product: 'Server';
  readonly revision: string;
  /** 32 hex digits: VPD 0x80. Its 16 bytes are also the EUI-64 based designator of VPD 0x83. */
  readonly serial: string;
  readonly blockBytes: 512;
  readonly writable: boolean;
  /** May grow while the LUN is open. */
  sizeBytes(): number;
  /** Fills the whole target. */
  read(offsetBytes: number, target: Uint8Array): void;
  /** Throws `StoreFull` when the pool is full. */
  write(offsetBytes: number, data: Uint8Array): void;
}

export interface ChapSecret {
  readonly user: string;
  readonly password: string;
}

/** Asked anew at each login and for each command, so that every change counts at once. */
export interface LunDirectory {
  /** Names of all targets that serve anything to anybody. */
  targets(): string[];
  /** Empty: the initiator may not log in, and does not see the target. */
  luns(targetName: string, initiatorName: string): ExportedLun[];
  /** The secret that the initiator has to prove; absent: none asked. */
  chap(targetName: string, initiatorName: string): ChapSecret | undefined;
}

export interface Portal {
  readonly address: string;
  readonly port: number;
}

export interface IscsiSession {
  readonly targetName: string;
  readonly initiatorName: string;
  readonly portal: Portal;
}

export interface PortCounters extends Portal {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly logins: number;
  readonly byInitiator: readonly { readonly initiatorName: string; readonly bytesRead: number }[];
}

export interface BlockDataPort {
  /** Starts listening; then `portals` tells the real ports. */
  open(): Promise<void>;
  portals(): readonly Portal[];
  sessions(): readonly IscsiSession[];
  /** Ends sessions to a target: all, or those of one initiator. */
  drop(targetName: string, initiatorName?: string): void;
  /** Tells who is logged in that LUNs were mapped or unmapped. */
  lunsChanged(targetName: string): void;
  /** Tells who is logged in that a LUN has another size. */
  sizeChanged(serial: string): void;
  /** Takes one portal away or brings it back at its port; false: there is none at this address. */
  setPortal(address: string, isUp: boolean): Promise<boolean>;
  setReachable(reachable: boolean): Promise<void>;
  /** Since the start or the last `reset`. */
  counters(): readonly PortCounters[];
  reset(): void;
  close(): Promise<void>;
}

export interface DataPortContext {
  readonly directory: LunDirectory;
  readonly portals: readonly Portal[];
  /** The fault that the lab planted for a step (`iscsi.login`, `iscsi.read`), if any; subject `<target>/<initiator>`. */
  fault(step: string, subject: string): FaultAction<string> | undefined;
}

export type DataPortFactory = (context: DataPortContext) => BlockDataPort;
