import { portDefault } from './opcodes.ts';

/** A network portal of a target. `host` is a name or an address without brackets. */
export interface Portal {
  readonly host: string;
  /** Default 3260. */
  readonly port?: number | undefined;
}

export interface AdvertisedPortal {
  readonly host: string;
  readonly port: number;
  /** Target portal group tag. */
  readonly groupTag: number | undefined;
}

/** `host[:port][,tag]` with IPv6 in brackets, as TargetAddress has it; `undefined` when it is none. */
export function parsePortalAddress(text: string): AdvertisedPortal | undefined {
  const match = /^(?:\[([0-9a-fA-F:.%a-z]{2,64})\]|([^\s:,[\]]{1,255}))(?::(\d{1,5}))?(?:,(\d{1,5}))?$/.exec(
    text,
  );
  if (!match) return undefined;
  const port = match[3] === undefined ? portDefault : Number(match[3]);
  if (port < 1 || port > 65_535) return undefined;
  const groupTag = match[4] === undefined ? undefined : Number(match[4]);
  return { host: match[1] ?? match[2] ?? '', port, groupTag };
}

/** `host:port`, with brackets around IPv6. */
export function portalText(portal: Portal): string {
  const host = portal.host.includes(':') ? `[${portal.host}]` : portal.host;
  return `${host}:${portal.port ?? portDefault}`;
}
