import type { ReachProof } from '@leeward/core';
import type { ProxyView } from '../../api/systems.ts';

export interface ReachRow {
  readonly key: string;
  readonly arraySerial: string;
  readonly address: string;
  readonly protocol: ReachProof['protocol'];
  /** In the order of the proxies; missing: never proved. */
  readonly proofs: readonly (ReachProof | undefined)[];
}

/** The matrix of what was proved: a row for each port and protocol, a cell for each proxy. */
export function reachMatrix(proxies: readonly ProxyView[]): readonly ReachRow[] {
  const rows = new Map<string, ReachRow>();
  for (const { reach } of proxies)
    for (const { arraySerial, address, protocol } of reach) {
      const key = `${arraySerial} ${address} ${protocol}`;
      if (rows.has(key)) continue;
      const fits = (proof: ReachProof) =>
        proof.arraySerial === arraySerial && proof.address === address && proof.protocol === protocol;
      rows.set(key, {
        ...{ key, arraySerial, address, protocol },
        proofs: proxies.map((proxy) => proxy.reach.find(fits)),
      });
    }
  return [...rows.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
