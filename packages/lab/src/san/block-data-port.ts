import type { FaultAction, PortAction } from '../control/fault-board.ts';
import type { PortOccasion } from '../control/port-fault.ts';
import type { LunDirectory } from './lun-directory.ts';

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

/** Serves the LUNs of a directory to initiators. */
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
  /** Takes one portal away or brings it back at its port, as soon as the whole is reachable; false: there is none. */
  setPortal(address: string, isUp: boolean): Promise<boolean>;
  /** The network to one portal is cut, or mended; the array does not know. False: there is none at this address. */
  setCut(address: string, isCut: boolean): Promise<boolean>;
  setReachable(reachable: boolean): Promise<void>;
  /** Since the start or the last `reset`. */
  counters(): readonly PortCounters[];
  reset(): void;
  close(): Promise<void>;
}

/** Serving that the lab disturbs: refuse, delay, cut and hang as far as the step allows it. */
export type PlannedFault = FaultAction<string | number>;

export interface PortalConfig extends Portal {
  /** Target portal group tag; default: the position, from 1. */
  readonly groupTag?: number;
}

export interface DataPortContext {
  readonly directory: LunDirectory;
  readonly portals: readonly PortalConfig[];
  /** The fault that the lab planted for a step (`iscsi.login`, `iscsi.read`), if any; subject `<target>/<initiator>`. */
  fault(step: string, subject: string): PlannedFault | undefined;
  /** The fault that the lab planted for commands and logins of a data port, if any. */
  portFault(occasion: PortOccasion): PortAction | undefined;
}

export type DataPortFactory = (context: DataPortContext) => BlockDataPort;
