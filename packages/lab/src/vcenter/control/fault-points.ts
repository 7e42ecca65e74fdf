import type { FaultPoints } from '../../control/fault-points.ts';
import type { Services } from '../api/call.ts';
import { methodNames } from '../schema/methods.ts';

/** What faults can be planted at in this vCenter. Ports are its doors for files: its own, and those of hosts. */
export function vcenterFaultPoints({
  hostDoors,
}: Services): FaultPoints & { readonly doors: readonly string[] } {
  return {
    calls: methodNames().map((method) => ({ method, path: '' })),
    steps: [],
    ports: [],
    doors: ['vcenter', ...[...hostDoors.values()].map(({ hostName }) => hostName)],
  };
}
