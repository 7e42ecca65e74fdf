import type { ArrayCheck } from '../contract/array-driver.ts';
import { checkLine } from '../contract/check-line.ts';
import { identityWith } from './identity.ts';
import { readBlockSide } from './inventory/block-side.ts';
import { listDataPorts } from './inventory/data-ports.ts';
import { listSvmPeers } from './inventory/peers.ts';
import { listMirrorPolicies } from './inventory/policies.ts';
import { hasLicence, type Licences, readLicences } from './licences.ts';
import type { OntapArray } from './ontap-array.ts';
import { probeRights } from './probe-rights.ts';

/** Login, platform, rights and licences as lines for the user. */
export async function checkArray(
  array: OntapArray,
  uuid: () => string,
  signal?: AbortSignal,
): Promise<ArrayCheck[]> {
  const login = await checkLine('login and release', true, signal, async () => {
    const { name, version } = await array.refreshCluster(signal);
    return `logged in to the cluster ${name}, ${version.full || 'release text unknown'}`;
  });
  if (!login.ok) return [login];
  const cluster = await array.cluster(signal);
  let licences: Licences = 'unknown';
  const identity = await checkLine('nodes and licences', true, signal, async () => {
    licences = await readLicences(array.rest, signal);
    const seen = await identityWith(array.rest, cluster, licences, signal);
    return `${seen.brand}, ${seen.nodes.length} nodes (${seen.model || 'model unknown'})`;
  });
  const topology = await checkLine('relations and data ports', true, signal, async () => {
    const [peers, policies, ports] = await Promise.all([
      listSvmPeers(array, signal),
      listMirrorPolicies(array, signal),
      listDataPorts(array, {}, signal),
    ]);
    const up = (wanted: 'nfs' | 'iscsi') =>
      ports.filter((port) => port.up && port.protocols.includes(wanted)).length;
    return `${up('nfs')} NFS and ${up('iscsi')} iSCSI data addresses up, ${peers.length} SVM peerings, ${policies.length} replication policies`;
  });
  const rights = await probeRights(array, uuid, signal);
  const block = await blockLine(array, signal);
  const licensed = identity.ok ? licenceLines(licences) : [];
  return [login, identity, topology, block, ...rights, ...licensed];
}

/** Not required: arrays that are read over NFS only need nothing of it. */
async function blockLine(array: OntapArray, signal?: AbortSignal): Promise<ArrayCheck> {
  let ok = true;
  const told = await checkLine('LUNs and iSCSI', false, signal, async () => {
    const block = await readBlockSide(array, signal);
    ok = !('unreadable' in block);
    if ('unreadable' in block) return `${block.unreadable}. Without it no LUN of this array can be read.`;
    const serving = block.services.filter(({ enabled }) => enabled).length;
    return `${block.luns.length} LUNs, ${serving} SVMs serve iSCSI`;
  });
  return { ...told, ok: told.ok && ok };
}

function licenceLines(licences: Licences): ArrayCheck[] {
  if (licences === 'unknown') {
    const text = 'The account may not read them, so it is not known what is licensed. Give it the right.';
    return [{ name: 'licences', ok: false, text, required: false }];
  }
  const has = (name: string) => hasLicence(licences, name);
  const readable = has('nfs') || has('iscsi');
  const wanted = [
    ['nfs', 'Reading over NFS', 'Without it no NFS datastore of this array can be read by a proxy.'],
    ['iscsi', 'Reading LUNs over iSCSI', 'Without it no LUN of this array can be read by a proxy.'],
    ['snapmirror', 'Transfers to and from this array', 'Without it there is no secondary to read from.'],
    [
      'flexclone',
      'Reading LUNs, and volumes that are not mounted, hide their snapshot directory or refuse the proxy',
      'Without it only mounted volumes with a visible snapshot directory can be read, and no LUN.',
    ],
  ] as const;
  return wanted.map(([name, purpose, otherwise]) => {
    const ok = has(name);
    const state = licences.find((licence) => licence.name === name)?.state;
    const warning = ok && state === 'noncompliant' ? ' (noncompliant: it is missing on some nodes)' : '';
    const text = ok ? `${purpose}: licensed${warning}` : `${purpose}: not licensed. ${otherwise}`;
    // One protocol is enough.
    const required = !readable && (name === 'nfs' || name === 'iscsi');
    return { name: `licence ${name}`, ok, text, required };
  });
}
