import type { DataPort, MissingCapability } from '../contract/inventory.ts';
import type { BlockSide } from './inventory/block-side.ts';
import { whyNoIscsi } from './inventory/iscsi-services.ts';
import { type NfsService, whyNoNfs3 } from './inventory/nfs-services.ts';
import { noteOf, type Svm } from './inventory/svms.ts';
import { hasLicence, type Licences } from './licences.ts';

export interface MissingEvidence {
  readonly licences: Licences;
  readonly svms: readonly Svm[];
  readonly nfsServices: readonly NfsService[];
  readonly block: BlockSide;
  readonly dataPorts: readonly DataPort[];
}

/** Licences of the array as a whole, then what single SVMs lack. */
export function missingOf(evidence: MissingEvidence): MissingCapability[] {
  return [
    ...missingLicences(evidence.licences),
    ...missingRights(evidence.block),
    ...missingServices(evidence),
  ];
}

/** Which licence brings what. Vault relations may still run on their own old licence. */
const licensed = [
  { capability: 'transfer', licence: 'snapmirror', also: ['snapvault'] },
  { capability: 'clone', licence: 'flexclone', also: [] },
  { capability: 'nfs', licence: 'nfs', also: [] },
  { capability: 'iscsi', licence: 'iscsi', also: [] },
] as const;

function missingLicences(licences: Licences): MissingCapability[] {
  if (licences === 'unknown') return [];
  return licensed
    .filter(({ licence, also }) => ![licence, ...also].some((name) => hasLicence(licences, name)))
    .map(({ capability, licence }) => {
      const state = licences.find(({ name }) => name === licence)?.state;
      const how = state === undefined ? 'not installed' : `not usable (${state})`;
      return { capability, licence, text: `the licence ${licence} is ${how}` };
    });
}

function missingRights(block: BlockSide): MissingCapability[] {
  return 'unreadable' in block ? [{ capability: 'iscsi', text: block.unreadable }] : [];
}

/** SVMs that serve nothing at all now are told by notes. */
function missingServices({ svms, nfsServices, block, dataPorts }: MissingEvidence): MissingCapability[] {
  const hasPort = (tenantId: string, protocol: 'nfs' | 'iscsi') =>
    dataPorts.some((port) => port.up && port.tenantId === tenantId && port.protocols.includes(protocol));
  return svms
    .filter((svm) => noteOf(svm) === undefined)
    .flatMap(({ uuid, name }) => {
      const lacks = (capability: 'nfs' | 'iscsi', reason: string | undefined): MissingCapability[] => {
        const why = reason ?? (hasPort(uuid, capability) ? undefined : 'no data port for it is up');
        return why === undefined ? [] : [{ capability, tenantId: uuid, text: `SVM ${name}: ${why}` }];
      };
      const nfs = nfsServices.find(({ svm }) => svm.uuid === uuid);
      if ('unreadable' in block) return lacks('nfs', whyNoNfs3(nfs));
      const iscsi = block.services.find(({ svm }) => svm.uuid === uuid);
      return [...lacks('nfs', whyNoNfs3(nfs)), ...lacks('iscsi', whyNoIscsi(iscsi))];
    });
}
