import type { NfsCallFault, NfsCallInfo } from '@leeward/transports/nfs/server/nfs-server';
import type { PortAction } from '../../control/fault-board.ts';
import { disturbance, type PortOccasion, portRefusal } from '../../control/port-fault.ts';
import { pathOf } from './path-of.ts';
import type { Resolver } from './resolver.ts';

export type PortFaults = (occasion: PortOccasion) => PortAction | undefined;

/** What the lab lets go wrong with one call at the data port of an address. */
export function nfsFault(
  faults: PortFaults,
  port: string,
  resolver: Resolver,
  call: NfsCallInfo,
): NfsCallFault | undefined {
  const { procedure: method } = call;
  const action = faults({ port, protocol: 'nfs', method, path: () => pathOf(resolver, call) });
  if (action?.kind !== 'refuse') return action && disturbance(action);
  const refusal = portRefusal(action.code);
  return refusal?.protocol === 'nfs' ? { kind: 'status', status: refusal.status } : undefined;
}
