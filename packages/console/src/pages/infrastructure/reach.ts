import type { ReachProof } from '@leeward/core';
import type { ProxyView, SystemSummary } from '../../api/systems.ts';

export interface ReachRow {
  readonly key: string;
  readonly arraySerial: string;
  /** Its name; of one that is not registered any more the serial. */
  readonly arrayName: string;
  readonly address: string;
  readonly protocol: ReachProof['protocol'];
  /** In the order of the proxies; missing: never proved. */
  readonly proofs: readonly (ReachProof | undefined)[];
}

/**
 * The matrix of what was proved: a row for each port and protocol, by array, and a cell for each proxy.
 * @param arrays those that are registered; undefined: not known yet
 */
export function reachMatrix(
  proxies: readonly ProxyView[],
  arrays: readonly Pick<SystemSummary, 'id' | 'name'>[] | undefined,
): readonly ReachRow[] {
  const nameOf = (serial: string) =>
    arrays ? (arrays.find(({ id }) => id === serial)?.name ?? `${serial} (not registered)`) : serial;
  const rows = new Map<string, ReachRow>();
  for (const { reach } of proxies)
    for (const { arraySerial, address, protocol } of reach) {
      const key = `${arraySerial} ${address} ${protocol}`;
      if (rows.has(key)) continue;
      const fits = (proof: ReachProof) =>
        proof.arraySerial === arraySerial && proof.address === address && proof.protocol === protocol;
      rows.set(key, {
        ...{ key, arraySerial, arrayName: nameOf(arraySerial), address, protocol },
        proofs: proxies.map((proxy) => proxy.reach.find(fits)),
      });
    }
  const place = ({ arrayName, key }: ReachRow) => `${arrayName} ${key}`;
  return [...rows.values()].toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}
