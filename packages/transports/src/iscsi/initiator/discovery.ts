import { LeewardError } from '@leeward/core';
import { PduError } from '../pdu/pdu-error.ts';
import { type AdvertisedPortal, parsePortalAddress, portalText } from '../pdu/portal-address.ts';
import { encodeTextKeys, parseTextKeys } from '../pdu/text-keys.ts';
import type { ChapCredentials } from './chap-credentials.ts';
import type { IscsiConnection } from './iscsi-connection.ts';
import { listLuns } from './lun-commands.ts';
import {
  checkInitiator,
  checkTargetName,
  digestChoices,
  type InitiatorOptions,
  type TargetOptions,
  timeoutsOf,
} from './lun-options.ts';
import { openAtAny, openSession, randomIsid } from './open-session.ts';
import type { DigestChoices } from './operational-offer.ts';

export interface DiscoveredTarget {
  readonly targetName: string;
  /** Where it is served, as the target tells it; empty: at the address that was asked. */
  readonly portals: readonly AdvertisedPortal[];
}

const receiveBytes = 64 * 1024;

/**
 * Asks the first portal that answers for all targets that this initiator may see (SendTargets). Throws `L-NET-101`,
 * the `L-BLK-1xx` errors of a login, or `L-BLK-107`.
 */
export async function discoverTargets(
  options: InitiatorOptions,
  signal?: AbortSignal,
): Promise<readonly DiscoveredTarget[]> {
  checkInitiator(options);
  return withSession(options, undefined, signal, async (connection) => {
    const answer = await connection.text(encodeTextKeys([['SendTargets', 'All']]), signal);
    try {
      return parseTargets(answer);
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      throw new LeewardError('L-BLK-107', { portal: connection.portal, problem: error.message }, error);
    }
  });
}

/** The LUNs that the target shows to this initiator, ascending. Errors as of a login. */
export async function reportLuns(options: TargetOptions, signal?: AbortSignal): Promise<readonly number[]> {
  checkInitiator(options);
  checkTargetName(options.targetName);
  const { targetName, initiatorName, clock } = options;
  return withSession(options, targetName, signal, (connection) =>
    listLuns({
      connection,
      target: targetName,
      initiator: initiatorName,
      lun: 0,
      isKnown: false,
      clock,
      signal,
    }),
  );
}

async function withSession<T>(
  options: InitiatorOptions,
  targetName: string | undefined,
  signal: AbortSignal | undefined,
  work: (connection: IscsiConnection) => Promise<T>,
): Promise<T> {
  const open = (portal: InitiatorOptions['portals'][number]) =>
    openSession(
      {
        portal,
        initiatorName: options.initiatorName,
        targetName,
        isid: randomIsid(options.randomness),
        chap: targetName === undefined ? oneWay(options.chap) : options.chap,
        digests: targetName === undefined ? softened(options) : digestChoices(options.digests),
        maxReceiveBytes: receiveBytes,
        maxBurstBytes: receiveBytes,
        localAddress: options.localAddress,
        timeouts: timeoutsOf(options),
        clock: options.clock,
        randomness: options.randomness,
      },
      signal,
    );
  const connection = await openAtAny(options.portals, 0, open, signal);
  try {
    return await work(connection);
  } finally {
    await connection.logout();
  }
}

/**
 * Arrays have CHAP for the login to a target, and often none for discovery. What discovery tells is not relied on: the
 * target has to prove itself at the login.
 */
function oneWay(chap: ChapCredentials | undefined): ChapCredentials | undefined {
  return chap && { ...chap, mutual: undefined };
}

/** Discovery carries no data of disks, and some targets never use digests for it. */
function softened(options: InitiatorOptions): DigestChoices {
  const { header, data } = digestChoices(options.digests);
  return { header: header === 'require' ? 'offer' : header, data: data === 'require' ? 'offer' : data };
}

function parseTargets(text: Uint8Array): DiscoveredTarget[] {
  const targets = new Map<string, AdvertisedPortal[]>();
  let current: AdvertisedPortal[] | undefined;
  for (const [key, value] of parseTextKeys(text)) {
    if (key === 'TargetName') {
      current = targets.get(value) ?? [];
      targets.set(value, current);
    } else if (key === 'TargetAddress') {
      const portal = parsePortalAddress(value);
      if (!portal || !current) throw new PduError(`the target address "${value.slice(0, 80)}"`);
      const same = current.some((other) => portalText(other) === portalText(portal));
      if (!same) current.push(portal);
    }
  }
  return [...targets].map(([targetName, portals]) => ({ targetName, portals }));
}
