import { LeewardError, reportOf } from '@leeward/core';
import type { ArrayCheck } from '../contract/array-driver.ts';
import { readIdentity } from './identity.ts';
import { listDataPorts } from './inventory/data-ports.ts';
import { listSvmPeers } from './inventory/peers.ts';
import { listMirrorPolicies } from './inventory/policies.ts';
import { hasLicence, type Licence } from './licences.ts';
import type { OntapArray } from './ontap-array.ts';
import { probeRights } from './probe-rights.ts';

/** Login, platform, rights and licences as lines for the user. */
export async function checkArray(
  array: OntapArray,
  uuid: () => string,
  signal?: AbortSignal,
): Promise<ArrayCheck[]> {
  const login = await line('login and release', true, signal, async () => {
    const { name, version } = await array.refreshCluster(signal);
    return `logged in to the cluster ${name}, ${version.full || 'release text unknown'}`;
  });
  if (!login.ok) return [login];
  const cluster = await array.cluster(signal);
  let licences: readonly Licence[] = [];
  const identity = await line('nodes and licences', true, signal, async () => {
    const seen = await readIdentity(array.rest, cluster, signal);
    licences = seen.licences;
    return `${seen.brand}, ${seen.nodes.length} nodes (${seen.model || 'model unknown'})`;
  });
  const topology = await line('relations and data ports', true, signal, async () => {
    const [peers, policies, ports] = await Promise.all([
      listSvmPeers(array, signal),
      listMirrorPolicies(array, signal),
      listDataPorts(array, {}, signal),
    ]);
    const nfs = ports.filter(({ protocols, up }) => up && protocols.includes('nfs')).length;
    return `${nfs} NFS data addresses up, ${peers.length} SVM peerings, ${policies.length} replication policies`;
  });
  const rights = await probeRights(array, uuid, signal);
  return [login, identity, topology, ...rights, ...(identity.ok ? licenceLines(licences) : [])];
}

function licenceLines(licences: readonly Licence[]): ArrayCheck[] {
  const wanted = [
    ['nfs', 'Reading over NFS', 'Without it no volume of this array can be read by a proxy.', true],
    [
      'snapmirror',
      'Transfers to and from this array',
      'Without it there is no secondary to read from.',
      false,
    ],
    [
      'flexclone',
      'Reading volumes that are not mounted, hide their snapshot directory or refuse the proxy',
      'Without it only mounted volumes with a visible snapshot directory can be read.',
      false,
    ],
  ] as const;
  return wanted.map(([name, purpose, otherwise, required]) => {
    const ok = hasLicence(licences, name);
    const state = licences.find((licence) => licence.name === name)?.state;
    const warning = ok && state === 'noncompliant' ? ' (noncompliant: it is missing on some nodes)' : '';
    const text = ok ? `${purpose}: licensed${warning}` : `${purpose}: not licensed. ${otherwise}`;
    return { name: `licence ${name}`, ok, text, required };
  });
}

async function line(
  name: string,
  required: boolean,
  signal: AbortSignal | undefined,
  work: () => Promise<string>,
): Promise<ArrayCheck> {
  try {
    return { name, ok: true, text: await work(), required };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof LeewardError)) throw error;
    const { code, what, next } = reportOf(error);
    return { name, ok: false, text: `${code} ${what} ${next}`, required };
  }
}
