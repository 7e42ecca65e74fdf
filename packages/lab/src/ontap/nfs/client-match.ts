import { BlockList, isIP } from 'node:net';

/**
 * Whether a client match of an export rule covers an address. Host names, netgroups and domains need name
 * services, which the simulated cluster does not have: they match nobody.
 */
export function clientMatches(match: string, address: string): boolean {
  const [network = '', prefix] = match.split('/');
  if (isIP(network) === 0 || isIP(network) !== isIP(address)) return false;
  if (prefix === undefined) return network === address;
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const length = prefix.includes('.') ? maskLength(prefix) : Number(prefix);
  if (!Number.isInteger(length)) return false;
  const list = new BlockList();
  list.addSubnet(network, length, family);
  return list.check(address, family);
}

/** Form of a client match that the array accepts. */
export function isClientMatch(match: string): boolean {
  if (match.length === 0 || match.length > 4096 || /\s/.test(match)) return false;
  const [network = '', prefix, ...rest] = match.split('/');
  if (prefix === undefined)
    return /^(@[\w.-]+|\.?[A-Za-z0-9]([\w.-]*[\w])?|[0-9a-fA-F:]+)$/.test(match) && !looksLikeBadIp(match);
  if (rest.length > 0 || isIP(network) === 0) return false;
  const length = prefix.includes('.') ? maskLength(prefix) : /^\d+$/.test(prefix) ? Number(prefix) : -1;
  return length >= 0 && length <= (isIP(network) === 6 ? 128 : 32);
}

function looksLikeBadIp(match: string): boolean {
  return /^[\d.]+$/.test(match) && isIP(match) === 0;
}

function maskLength(mask: string): number {
  if (isIP(mask) !== 4) return -1;
  const bits = mask.split('.').reduce((sum, part) => sum + Number(part).toString(2).padStart(8, '0'), '');
  return /^1*0*$/.test(bits) ? (bits.indexOf('0') === -1 ? 32 : bits.indexOf('0')) : -1;
}
