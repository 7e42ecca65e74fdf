import type { DataPort } from '../words/array-inventory.ts';
import type { AccessProtocol } from './plan.ts';
import type { PlanningArray, PlanningProxy } from './planning-inventory.ts';

/** A tenant of an array whose data ports the proxy has to reach. */
export interface PortDemand {
  readonly array: PlanningArray;
  readonly tenantId: string;
  readonly protocol: AccessProtocol;
}

/** Data ports of a tenant that serve a protocol and are up. */
export function demandedPorts({ array, tenantId, protocol }: PortDemand): readonly DataPort[] {
  return (array.inventory?.dataPorts ?? []).filter(
    (port) => port.tenantId === tenantId && port.up && port.protocols.includes(protocol),
  );
}

/**
 * The first proxy that is online and reaches every demand. A port that no probe has tried yet counts as
 * reachable; one that a probe could not reach does not.
 */
export function chooseProxy(
  proxies: readonly PlanningProxy[],
  demands: readonly PortDemand[],
): PlanningProxy | undefined {
  return proxies.find((proxy) => proxy.online && demands.every((demand) => reaches(proxy, demand)));
}

function reaches(proxy: PlanningProxy, demand: PortDemand): boolean {
  const serial = demand.array.inventory?.identity.serial;
  return demandedPorts(demand).some((port) => {
    const proof = proxy.reach.find(
      ({ arraySerial, address, protocol }) =>
        arraySerial === serial && address === port.address && protocol === demand.protocol,
    );
    return proof?.reached ?? true;
  });
}
