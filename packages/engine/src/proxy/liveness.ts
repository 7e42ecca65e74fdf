import type { RegisteredProxy } from '../store/proxies.ts';

/** A proxy shows a sign of life at this distance … */
export const heartbeatMs = 5_000;
/** … and counts as lost when none came for this long. */
export const lostAfterMs = 15_000;

export function isOnline(proxy: Pick<RegisteredProxy, 'seenAt'>, nowMs: number): boolean {
  return proxy.seenAt !== undefined && nowMs - Date.parse(proxy.seenAt) < lostAfterMs;
}
