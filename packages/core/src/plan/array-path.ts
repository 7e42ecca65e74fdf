import { LeewardError } from '../errors/leeward-error.ts';
import { chooseProxy, type PortDemand, type ProxyChoice } from './choose-proxy.ts';
import { missingOn } from './missing.ts';
import type { AccessProtocol } from './plan.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import type { RelationHop } from './relation-paths.ts';
import type { VolumeUse } from './volume-use.ts';

/** Why no storage snapshot of the volumes can be made at all. */
export function freezeProblem(volumes: readonly VolumeUse[]): LeewardError | undefined {
  const unreadable = volumes.find(({ home }) => home.array.problem)?.home.array;
  if (unreadable?.problem)
    return new LeewardError('L-PLN-108', { array: unreadable.name, reason: unreadable.problem.what });
  for (const { home } of volumes) {
    const { name, tenantId } = home.volume;
    const cause = missingOn(home.array, name, tenantId, ['storage-snapshot']);
    if (cause) return cause;
  }
  return undefined;
}

/** The proxy that reads all of the volumes over their relations, or why that cannot be. */
export function secondaryPath(
  volumes: readonly VolumeUse[],
  inventory: PlanningInventory,
): ProxyChoice | LeewardError {
  const demands: PortDemand[] = [];
  for (const { home, choice, protocols } of volumes) {
    if (choice.problem) return choice.problem;
    if (!choice.chosen) continue;
    const { relation, secondary, via } = choice.chosen;
    const { volumeName } = relation.destination;
    const { target, tenantId } = destinationOf(choice.chosen);
    const isTransfer = relation.kind === 'transfer';
    const missing =
      (isTransfer
        ? missingOn(home.array, home.volume.name, home.volume.tenantId, ['transfer'])
        : undefined) ??
      missingOnTheWay(via) ??
      missingOn(secondary, volumeName, tenantId, [
        isTransfer ? 'transfer' : 'storage-snapshot',
        ...neededFor(protocols),
      ]);
    if (missing) return missing;
    // Both sides may be one array: then each is reached by the ports of its own nodes.
    const nodes = isTransfer ? undefined : target?.nodes;
    for (const protocol of protocols)
      demands.push({ array: secondary, tenantId, protocol, ...(nodes ? { nodes } : {}) });
  }
  return proxyFor(demands, inventory);
}

function destinationOf({ relation, secondary }: RelationHop) {
  const { volume, tenantId } = relation.destination;
  const target = secondary.inventory?.volumes.find(({ id }) => id.objectId === volume?.objectId);
  return { target, tenantId: target?.tenantId ?? tenantId ?? '' };
}

/** What an array in the middle of a cascade lacks to take a storage snapshot and to send it on. */
function missingOnTheWay(via: readonly RelationHop[]): LeewardError | undefined {
  for (const hop of via) {
    const { volumeName } = hop.relation.destination;
    const missing = missingOn(hop.secondary, volumeName, destinationOf(hop).tenantId, ['transfer']);
    if (missing) return missing;
  }
  return undefined;
}

/** The proxy that reads all of the volumes where they are, or why that cannot be. */
export function primaryPath(
  volumes: readonly VolumeUse[],
  inventory: PlanningInventory,
): ProxyChoice | LeewardError {
  const demands: PortDemand[] = [];
  for (const { home, protocols, choice } of volumes) {
    const { tenantId, name } = home.volume;
    const missing = missingOn(home.array, name, tenantId, neededFor(protocols));
    if (missing) return missing;
    const nodes = choice.chosen?.relation.kind === 'sync' ? home.volume.nodes : undefined;
    for (const protocol of protocols)
      demands.push({ array: home.array, tenantId, protocol, ...(nodes ? { nodes } : {}) });
  }
  return proxyFor(demands, inventory);
}

/** The proxy that reads through vCenter, or why that cannot be: any that is online. */
export function standardPath({ proxies }: Pick<PlanningInventory, 'proxies'>): ProxyChoice | LeewardError {
  return chooseProxy(proxies, []) ?? new LeewardError('L-PLN-154');
}

/** A storage snapshot of LUNs is always shown by a clone; one over NFS often without, which the driver finds out. */
function neededFor(protocols: readonly AccessProtocol[]): readonly (AccessProtocol | 'clone')[] {
  return protocols.includes('iscsi') ? [...protocols, 'clone'] : protocols;
}

function proxyFor(demands: readonly PortDemand[], inventory: PlanningInventory): ProxyChoice | LeewardError {
  const choice = chooseProxy(inventory.proxies, demands);
  if (choice) return choice;
  const alone = (demand: PortDemand) => chooseProxy(inventory.proxies, [demand]) === undefined;
  const unmet = demands.find(alone) ?? demands[0];
  const tenant = unmet?.array.inventory?.volumes.find(({ tenantId }) => tenantId === unmet.tenantId)?.tenant;
  return new LeewardError('L-PLN-109', { tenant, array: unmet?.array.name, protocol: unmet?.protocol });
}
