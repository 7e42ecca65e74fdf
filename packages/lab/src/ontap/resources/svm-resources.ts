import type { JsonObject } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import type { Call, Route } from '../rest/request.ts';
import type { ClusterNode } from '../storage/cluster.ts';
import type { Svm } from '../storage/svm.ts';

export const svmReference = (svm: Svm): JsonObject => ({ name: svm.name, uuid: svm.uuid });

function svmRecords({ world }: Call): JsonObject[] {
  const { cluster, san } = world;
  return cluster.svms.map((svm) => ({
    uuid: svm.uuid,
    name: svm.name,
    state: 'running',
    subtype: 'default',
    language: 'c.utf_8',
    comment: '',
    ipspace: { name: 'Default' },
    aggregates: cluster.aggregates.map(({ name, uuid }) => ({ name, uuid })),
    nfs: { allowed: true, enabled: svm.nfs },
    iscsi: { allowed: true, enabled: san.services.get(svm)?.enabled ?? false },
    fcp: { allowed: true, enabled: false },
    nvme: { allowed: false, enabled: false },
    cifs: { allowed: false, enabled: false },
  }));
}

function peerRecords({ world }: Call): JsonObject[] {
  return world.cluster.svms.flatMap((svm) =>
    svm.peers.map((peer) => {
      const remote = world.engine.peers.of(peer)?.peer;
      return {
        uuid: peer.uuid,
        name: peer.alias,
        svm: svmReference(svm),
        peer: {
          svm: { name: peer.svmName, uuid: peer.svmUuid },
          cluster: remote && { name: remote.name, uuid: remote.uuid },
        },
        state: remote ? 'peered' : 'pending',
        applications: ['snapmirror'],
      };
    }),
  );
}

function interfaceRecords({ world }: Call): JsonObject[] {
  const { cluster } = world;
  const common = { enabled: true, ipspace: { name: 'Default' } };
  const locationOf = (node: ClusterNode | undefined, portName: string, failover: string) => {
    const home = node && { name: node.name, uuid: node.uuid };
    const port = node && { name: portName, node: { name: node.name } };
    const moves = failover !== 'home_node_only';
    return {
      node: home,
      home_node: home,
      port,
      home_port: port,
      is_home: true,
      auto_revert: moves,
      failover,
    };
  };
  const data = cluster.svms.flatMap((svm) =>
    svm.lifs.map(({ uuid, config, node, isUp }) => ({
      uuid,
      name: config.name,
      ip: { address: config.address, netmask: '8', family: 'ipv4' },
      services: [...config.services],
      scope: 'svm',
      svm: svmReference(svm),
      service_policy: {
        name: config.services.includes('data_iscsi') ? 'default-data-blocks' : 'default-data-files',
      },
      ...common,
      state: isUp ? 'up' : 'down',
      // iSCSI interfaces stay on their node.
      location: locationOf(
        node,
        config.port,
        config.services.includes('data_iscsi') ? 'home_node_only' : 'default',
      ),
    })),
  );
  const { rest, intercluster } = cluster.config;
  const own = (name: string, digit: string, address: string, services: string[]) => ({
    uuid: `${cluster.uuid.slice(0, -4)}000${digit}`,
    name,
    ip: { address, netmask: '8', family: 'ipv4' },
    services,
    scope: 'cluster',
    ...common,
    state: 'up',
    location: locationOf(cluster.nodes[0], 'e0M', 'default'),
  });
  return [
    own('cluster_mgmt', '1', rest.address, ['management_core', 'management_https', 'management_ssh']),
    ...(intercluster ? [own('intercluster_1', '2', intercluster.address, ['intercluster_core'])] : []),
    ...data,
  ];
}

function nfsServiceRecords({ world }: Call): JsonObject[] {
  return world.cluster.svms
    .filter((svm) => svm.nfs)
    .map((svm) => ({
      svm: svmReference(svm),
      enabled: true,
      state: 'online',
      protocol: { v3_enabled: true, v40_enabled: false, v41_enabled: false },
      transport: { tcp_enabled: true, udp_enabled: false },
      vstorage_enabled: false,
      showmount_enabled: true,
    }));
}

export const svmRoutes: readonly Route[] = [
  ...listing({
    collectionPath: '/svm/svms',
    instancePath: '/svm/svms/{uuid}',
    records: svmRecords,
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
    scope: 'uuid',
  }),
  ...listing({
    collectionPath: '/svm/peers',
    instancePath: '/svm/peers/{uuid}',
    records: peerRecords,
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
  }),
  ...listing({
    collectionPath: '/network/ip/interfaces',
    instancePath: '/network/ip/interfaces/{uuid}',
    // A scoped caller sees its own interfaces only, not the cluster's.
    records: (call) => interfaceRecords(call).filter((one) => !call.session.svm || one.scope === 'svm'),
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
  }),
  ...listing({
    collectionPath: '/protocols/nfs/services',
    instancePath: '/protocols/nfs/services/{svm.uuid}',
    records: nfsServiceRecords,
    always: ['svm.uuid', 'svm.name'],
    keys: { 'svm.uuid': 'svm.uuid' },
  }),
];
