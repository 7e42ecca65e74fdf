import type { ReachProof } from './planning-inventory.ts';

/** `unproved`: no probe has tried the port yet. */
export type PortReach = 'reached' | 'unproved' | 'unreached';

/** What a proof is about. */
export type ProvedPort = Pick<ReachProof, 'arraySerial' | 'address' | 'protocol'>;

/** A data port of one array, as a driver shows it. */
export interface ShownPort {
  readonly address: string;
  /** The array's own order, 0 is best; equal ones are equally good to it. Absent: 0. */
  readonly preference?: number | undefined;
}

/** What a proxy's probes say of a port. */
export function portReach(reach: readonly ReachProof[], port: ProvedPort): PortReach {
  const proof = reach.find(
    ({ arraySerial, address, protocol }) =>
      arraySerial === port.arraySerial && address === port.address && protocol === port.protocol,
  );
  if (!proof) return 'unproved';
  return proof.reached ? 'reached' : 'unreached';
}

const order: Readonly<Record<PortReach, number>> = { reached: 0, unproved: 1, unreached: 2 };

/**
 * The ports in the order in which a proxy should try them: by its own proofs, then as the array prefers them, else as
 * they came. None is left out, since a proof may be old. Ports of one `rank` (0, 1, …) are equally good, so that
 * load may be spread over them.
 */
export function rankPorts<P extends ShownPort>(
  ports: readonly P[],
  reach: readonly ReachProof[],
  of: Omit<ProvedPort, 'address'>,
): readonly (P & { readonly rank: number })[] {
  const weighed = ports.map((port) => ({
    port,
    reached: order[portReach(reach, { ...of, address: port.address })],
    preference: port.preference ?? 0,
  }));
  weighed.sort((a, b) => a.reached - b.reached || a.preference - b.preference);
  let rank = -1;
  return weighed.map(({ port, reached, preference }, at) => {
    const before = weighed[at - 1];
    if (!before || before.reached !== reached || before.preference !== preference) rank++;
    return { ...port, rank };
  });
}
