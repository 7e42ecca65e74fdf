import { LeewardError } from '@leeward/core';
import type { IscsiPresentation } from '../../contract/lun-presentation.ts';
import { listDataPorts } from '../inventory/data-ports.ts';
import { readIscsiService, whyNoIscsi } from '../inventory/iscsi-services.ts';
import type { VolumeRecord } from '../inventory/volumes.ts';
import type { OntapArray } from '../ontap-array.ts';
import type { LunMap } from './lun-map.ts';
import type { PlanDetail } from './plan-detail.ts';

const iscsiPort = 3260;

type Portal = PlanDetail['portals'][number];

/** The target of the volume's SVM and its portals that are up. */
export async function targetOf(
  array: OntapArray,
  { svm }: VolumeRecord,
  signal?: AbortSignal,
): Promise<Pick<PlanDetail, 'targetName' | 'portals'>> {
  const service = await readIscsiService(array, svm.uuid, signal);
  const reason = whyNoIscsi(service);
  if (!service || reason) throw noIscsi(array, `SVM ${svm.name}: ${reason ?? 'it has no iSCSI service'}`);
  const ports = await listDataPorts(array, { 'svm.uuid': svm.uuid }, signal);
  const portals = ports
    .filter(({ up, protocols, tenantId }) => up && protocols.includes('iscsi') && tenantId === svm.uuid)
    .map(({ address, iscsiPort: port = iscsiPort, node }) => ({ address, port, ...(node ? { node } : {}) }));
  if (portals.length === 0) throw noIscsi(array, `SVM ${svm.name} has no data port for iSCSI that is up`);
  return { targetName: service.target.name, portals };
}

/**
 * The portals through which the LUNs can be seen: a mapping reaches only the node that owns the LUN and its
 * partner. Those of the owner come first; through others reads would take the way over the cluster interconnect.
 */
export function usablePortals(
  array: OntapArray,
  portals: readonly Portal[],
  maps: readonly LunMap[],
  owner: string | undefined,
): IscsiPresentation['portals'] {
  const reporting = maps.flatMap(({ reporting_nodes }) => reporting_nodes.map(({ name }) => name));
  const nodes = new Set(reporting);
  const usable = portals.filter(({ node }) => nodes.size === 0 || node === undefined || nodes.has(node));
  if (usable.length === 0) {
    const owners = [...nodes].join(', ');
    throw noIscsi(array, `no data port for iSCSI is up on the nodes that show the LUN (${owners})`);
  }
  return usable
    .map(({ address, port, node }) => ({ address, port, preference: node === owner ? 0 : 1 }))
    .sort((a, b) => a.preference - b.preference);
}

function noIscsi(array: OntapArray, reason: string): LeewardError {
  return new LeewardError('L-ARR-607', { host: array.rest.host, reason });
}
