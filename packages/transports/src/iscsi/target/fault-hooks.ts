import type { Sense } from '../../scsi/sense.ts';
import type { Portal } from '../pdu/portal-address.ts';

export interface SessionInfo {
  readonly initiatorName: string;
  /** None for a discovery session. */
  readonly targetName: string | undefined;
  /** Address and port of the portal that serves it. */
  readonly portal: string;
}

export interface CommandInfo extends SessionInfo {
  readonly lun: number | undefined;
  readonly operationCode: number;
  /** Of reads and writes. */
  readonly offsetBytes: number | undefined;
  readonly lengthBytes: number | undefined;
}

/** What goes wrong with a command instead of what should happen. */
export type CommandFault =
  /** The connection is cut before anything is done. */
  | { readonly kind: 'drop' }
  /** The connection is cut after that many bytes of data. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** What was asked for is done, then the connection is cut instead of an answer. */
  | { readonly kind: 'lose' }
  /** The command is never answered. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'sense'; readonly sense: Sense };

export type LoginFault =
  | { readonly kind: 'drop' }
  /** Status class and detail. */
  | { readonly kind: 'refuse'; readonly status: number }
  | { readonly kind: 'redirect'; readonly portal: Portal };

/** Where a simulator makes the target fail. Each is asked at each occasion. */
export interface FaultHooks {
  onLogin?(session: SessionInfo): LoginFault | undefined;
  onCommand?(command: CommandInfo): CommandFault | undefined;
}
