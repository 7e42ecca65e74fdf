import { isError, isPermanent, LeewardError, type Randomness } from '@leeward/core';
import { type Portal, portalText } from '../pdu/portal-address.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { IscsiConnection } from './iscsi-connection.ts';
import { LoginRedirect } from './login-client.ts';

const maxRedirects = 4;

/** A session name of the random kind (RFC 7143, 11.12.5): six bytes. */
export function randomIsid(randomness: Randomness): Uint8Array {
  const isid = randomness.bytes(6);
  isid[0] = 0x80;
  return isid;
}

/**
 * Logs in to a portal, following the target where it sends the login on to another one. Some targets choose
 * SHA-256 and then choke on its length (tgt 1.0.85 does): unless algorithms are prescribed, these are asked again
 * with MD5 only, which was offered before as well.
 */
export async function openSession(
  options: ConnectionOptions,
  signal?: AbortSignal,
): Promise<IscsiConnection> {
  try {
    return await openFollowing(options, signal);
  } catch (error) {
    const { chap } = options;
    if (!chap || chap.algorithms || !isError(error, 'L-BLK-101')) throw error;
    return openFollowing({ ...options, chap: { ...chap, algorithms: ['md5'] } }, signal);
  }
}

async function openFollowing(options: ConnectionOptions, signal?: AbortSignal): Promise<IscsiConnection> {
  let portal = options.portal;
  for (let turn = 0; turn <= maxRedirects; turn++) {
    try {
      return await IscsiConnection.open({ ...options, portal }, signal);
    } catch (error) {
      if (!(error instanceof LoginRedirect)) throw error;
      portal = error.portal;
    }
  }
  const last = portalText(portal);
  const target = options.targetName ?? 'discovery';
  throw new LeewardError('L-BLK-111', { portal: portalText(options.portal), target, last });
}

/**
 * Tries each portal once, beginning at `first`, until `open` succeeds. When none does: the first error that may
 * pass, since that portal may come back; else the first one.
 */
export async function openAtAny<T>(
  portals: readonly Portal[],
  first: number,
  open: (portal: Portal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const errors: unknown[] = [];
  for (let turn = 0; turn < portals.length; turn++) {
    try {
      return await open(portals[(first + turn) % portals.length] as Portal);
    } catch (error) {
      signal?.throwIfAborted();
      errors.push(error);
    }
  }
  throw errors.find((error) => !isPermanent(error)) ?? errors[0];
}
