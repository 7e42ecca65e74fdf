import { BlockList, isIP, isIPv4 } from 'node:net';

/** `unknown`: only the array can tell (netgroups, DNS domains, host names that do not resolve here). */
export type MatchVerdict = 'yes' | 'no' | 'unknown';

export type ResolveHost = (name: string, signal?: AbortSignal) => Promise<readonly string[]>;

/**
 * Whether a client match of an export rule covers an address: an address, a subnet (`10.1.0.0/16`,
 * `10.1.0.0/255.255.0.0`, `0.0.0.0/0`), a host name, a netgroup (`@name`) or a domain (`.example.org`).
 */
export async function clientMatches(
  match: string,
  address: string,
  resolveHost?: ResolveHost,
  signal?: AbortSignal,
): Promise<MatchVerdict> {
  const text = match.trim();
  if (text.startsWith('@') || text.startsWith('.')) return 'unknown';
  if (isIP(text) !== 0) return sameAddress(text, address) ? 'yes' : 'no';
  if (text.includes('/')) return inSubnet(text, address);
  if (!resolveHost) return 'unknown';
  try {
    const addresses = await resolveHost(text, signal);
    if (addresses.length === 0) return 'unknown';
    return addresses.some((resolved) => sameAddress(resolved, address)) ? 'yes' : 'no';
  } catch {
    signal?.throwIfAborted();
    return 'unknown';
  }
}

/** Compares two addresses whatever their spelling. */
export function sameAddress(a: string, b: string): boolean {
  if (isIP(a) === 0 || isIP(a) !== isIP(b)) return false;
  const list = new BlockList();
  list.addAddress(a, familyOf(a));
  return list.check(b, familyOf(b));
}

function inSubnet(text: string, address: string): MatchVerdict {
  const [network = '', mask = ''] = text.split('/');
  const prefix = isIPv4(mask) ? prefixOfMask(mask) : /^\d+$/.test(mask) ? Number(mask) : undefined;
  const family = isIP(network);
  if (family === 0 || prefix === undefined || prefix > (family === 4 ? 32 : 128)) return 'unknown';
  if (isIP(address) !== family) return 'no';
  const list = new BlockList();
  list.addSubnet(network, prefix, familyOf(network));
  return list.check(address, familyOf(address)) ? 'yes' : 'no';
}

/** Length of a dotted netmask, or `undefined` when its ones are not all in front. */
function prefixOfMask(mask: string): number | undefined {
  const bits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  const prefix = bits.indexOf('0') < 0 ? 32 : bits.indexOf('0');
  return bits.slice(prefix).includes('1') ? undefined : prefix;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
