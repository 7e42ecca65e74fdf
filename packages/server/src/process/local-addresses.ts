import { networkInterfaces } from 'node:os';

/** Addresses of this host that others can see; the loopback address on a host that has no other. */
export function localAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outside = all.filter(({ internal, family }) => !internal && family === 'IPv4');
  return outside.length > 0 ? outside.map(({ address }) => address) : ['127.0.0.1'];
}
