import { createHash } from 'node:crypto';
import type { RegisteredProxy } from '../store/proxies.ts';

const prefix = 'iqn.2026-11.io.leeward:';
const maxIdCharacters = 128;

/**
 * The name under which a proxy logs in to iSCSI targets, and by which arrays show it LUNs: the one of its settings,
 * else `iqn.2026-11.io.leeward:<proxy id>` in lower case. What may not be in an iSCSI name (RFC 3722) becomes `-`; a
 * digest of the id then keeps two proxies apart that would get the same name.
 */
export function initiatorNameOf({ id, settings }: Pick<RegisteredProxy, 'id' | 'settings'>): string {
  if (settings.initiatorName !== undefined) return settings.initiatorName;
  const lower = id.toLowerCase();
  const allowed = lower.replace(/[^a-z0-9.:-]/g, '-').slice(0, maxIdCharacters);
  if (allowed === lower && allowed !== '') return `${prefix}${allowed}`;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 12);
  return `${prefix}${allowed}-${digest}`;
}
