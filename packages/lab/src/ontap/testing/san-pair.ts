import type { OntapConfigInput } from '../config.ts';

export const esxi = 'iqn.1998-01.com.vmware:esxi1';
export const proxy = 'iqn.2024-01.org.leeward:proxy1';
export const portals = { primary: ['127.0.0.31'], secondary: ['127.0.0.32', '127.0.0.33'] } as const;

const mebibyte = 1024 * 1024;

/**
 * Makes the pair of `startPair` one with a block side: volume `san1` on the primary with two LUNs mapped to an ESXi
 * host, its replica on the secondary by the first given policy's kind, an iSCSI service on both. Hosts write through
 * `HostLuns` with the pair's token.
 */
export function addSan(primary: OntapConfigInput, secondary: OntapConfigInput, policy = 'XDPDefault'): void {
  const [source] = primary.svms;
  const [destination] = secondary.svms;
  if (!source || !destination) throw new Error('no SVM');
  const lifs = (addresses: readonly string[], cluster: string) =>
    addresses.map((address, at) => ({
      name: `iscsi_${at + 1}`,
      address,
      services: ['data_core', 'data_iscsi'],
      node: `${cluster}-0${at + 1}`,
    }));
  source.iscsi = {};
  source.igroups = [{ name: 'esx_cluster', initiators: [esxi] }];
  source.lifs = [...(source.lifs ?? []), ...lifs(portals.primary, 'clus-pri')];
  source.volumes = [
    ...(source.volumes ?? []),
    {
      name: 'san1',
      sizeBytes: 4096 * mebibyte,
      luns: [
        { name: 'lun0', sizeBytes: 64 * mebibyte, maps: [{ igroup: 'esx_cluster' }] },
        { name: 'lun1', sizeBytes: 32 * mebibyte, maps: [{ igroup: 'esx_cluster', number: 7 }] },
      ],
    },
  ];
  destination.iscsi = {};
  destination.lifs = [...(destination.lifs ?? []), ...lifs(portals.secondary, 'clus-sec')];
  destination.volumes = [
    ...(destination.volumes ?? []),
    { name: 'san1', sizeBytes: 1024 * mebibyte, type: 'dp' },
  ];
  secondary.relations = [
    ...(secondary.relations ?? []),
    { source: 'svm1_prod:san1', destination: 'svm1:san1', policy },
  ];
  primary.hosts = { token: primary.control.token };
}
