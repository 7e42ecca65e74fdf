import type { DataPort } from '../words/array-inventory.ts';
import type { AccessProtocol } from './plan.ts';
import type { PlanningArray, PlanningProxy } from './planning-inventory.ts';
import { type PortReach, portReach } from './port-reach.ts';

/** A tenant of an array whose data ports the proxy has to reach. */
export interface PortDemand {
  readonly array: PlanningArray;
  readonly tenantId: string;
  readonly protocol: AccessProtocol;
  /** Only ports of these nodes serve what is read; absent: all of the tenant do. */
  readonly nodes?: readonly string[];
}

export interface ProxyChoice {
  readonly proxy: PlanningProxy;
  /** Demands of which it was not seen to reach any port, each once, with the ports that no probe has tried. */
  readonly unproved: readonly { readonly demand: PortDemand; readonly addresses: readonly string[] }[];
}

/** Data ports of a tenant that serve a protocol and are up. */
export function demandedPorts({ array, tenantId, protocol, nodes }: PortDemand): readonly DataPort[] {
  return (array.inventory?.dataPorts ?? []).filter(
    ({ node, ...port }) =>
      port.tenantId === tenantId &&
      port.up &&
      port.protocols.includes(protocol) &&
      (nodes === undefined || (node !== undefined && nodes.includes(node))),
  );
}

/**
 * The first proxy that is online and was seen to reach every demand; else the first one that may. A demand is reached
 * by one port; it may be where one has not been tried by a probe yet, and is not where probes failed at all.
 */
export function chooseProxy(
  proxies: readonly PlanningProxy[],
  demands: readonly PortDemand[],
): ProxyChoice | undefined {
  const able = proxies.flatMap((proxy): ProxyChoice[] => {
    const looked = [...eachOnce(demands)].map((demand) => ({ demand, ...lookAt(proxy, demand) }));
    if (!proxy.online || looked.some(({ reach }) => reach === 'unreached')) return [];
    return [{ proxy, unproved: looked.filter(({ reach }) => reach === 'unproved') }];
  });
  return able.find(({ unproved }) => unproved.length === 0) ?? able[0];
}

function eachOnce(demands: readonly PortDemand[]): Iterable<PortDemand> {
  const keyOf = ({ array, tenantId, protocol, nodes = [] }: PortDemand) =>
    [array.id, tenantId, protocol, ...nodes].join(' ');
  return new Map(demands.map((demand) => [keyOf(demand), demand] as const)).values();
}

/** How the demand's best port is reached, and which ones were never tried. */
function lookAt(
  { reach: proofs }: PlanningProxy,
  demand: PortDemand,
): { readonly reach: PortReach; readonly addresses: readonly string[] } {
  const arraySerial = demand.array.inventory?.identity.serial ?? '';
  const { protocol } = demand;
  const seen = demandedPorts(demand).map(({ address }) => ({
    address,
    reach: portReach(proofs, { arraySerial, address, protocol }),
  }));
  const untried = seen.filter(({ reach }) => reach === 'unproved').map(({ address }) => address);
  const addresses = [...new Set(untried)];
  if (seen.some(({ reach }) => reach === 'reached')) return { reach: 'reached', addresses };
  return { reach: addresses.length > 0 ? 'unproved' : 'unreached', addresses };
}
