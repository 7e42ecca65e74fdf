import { isIPv4 } from 'node:net';
import { LeewardError } from '@leeward/core';
import { listDataPorts } from '../inventory/data-ports.ts';
import { readNfsService, whyNoNfs3 } from '../inventory/nfs-services.ts';
import type { OntapArray } from '../ontap-array.ts';

export interface DataAddresses {
  readonly addresses: string[];
  readonly nfsPort?: number;
  readonly mountPort?: number;
}

/** Where an SVM serves NFS 3 now, the addresses nearest to the proxy first. */
export async function nfsAddresses(
  array: OntapArray,
  svm: { readonly uuid: string; readonly name: string },
  proxyAddress: string,
  signal?: AbortSignal,
): Promise<DataAddresses> {
  const { host } = array.rest;
  const reason = whyNoNfs3(await readNfsService(array, svm.uuid, signal));
  if (reason) throw new LeewardError('L-ARR-302', { host, tenant: svm.name, reason });
  const ports = await listDataPorts(array, { 'svm.uuid': svm.uuid }, signal);
  const usable = ports
    .filter(({ up, protocols, tenantId }) => up && protocols.includes('nfs') && tenantId === svm.uuid)
    .map(({ address }) => address)
    .sort((a, b) => commonBits(b, proxyAddress) - commonBits(a, proxyAddress));
  const [best] = usable;
  if (best === undefined) throw new LeewardError('L-ARR-301', { host, tenant: svm.name });
  const { nfsPorts } = array.settings;
  const special = nfsPorts[best];
  const same = usable.filter(
    (address) =>
      nfsPorts[address]?.nfsPort === special?.nfsPort && nfsPorts[address]?.mountPort === special?.mountPort,
  );
  return { addresses: same, ...special };
}

/** Leading bits that two IPv4 addresses share; more means that they are likelier in one subnet. */
function commonBits(a: string, b: string): number {
  if (!isIPv4(a) || !isIPv4(b)) return -1;
  const difference = (toNumber(a) ^ toNumber(b)) >>> 0;
  return Math.clz32(difference);
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);
}
