import type { JsonObject } from '../../json.ts';
import { listing } from '../rest/collection.ts';
import { FieldSelection } from '../rest/fields.ts';
import { jobRecord } from '../rest/jobs.ts';
import { type Call, param, type Reply, type Route } from '../rest/request.ts';
import { missingField, notFound, RestError } from '../rest/rest-error.ts';
import { isoSeconds } from '../rest/times.ts';
import type { World } from '../world.ts';

const brands: Readonly<Record<string, string>> = { lenovo: 'Lenovo', fujitsu: 'Fujitsu' };

export function versionRecord({ cluster }: World): JsonObject {
  const { variant, version, patch } = cluster.config.cluster;
  const [generation, major, minor] = cluster.release;
  const brand = brands[variant] ?? 'NetApp';
  return {
    full: `${brand} Release ${version}${patch}: Thu Nov 02 06:11:05 UTC 2023`,
    generation,
    major,
    minor,
  };
}

function clusterRecord(call: Call): JsonObject {
  const { world, session } = call;
  const { config, uuid, release } = world.cluster;
  const { variant, name } = config.cluster;
  const asa = variant === 'asa' || variant === 'asa-r2';
  const named = (call.query.get('fields') ?? '').split(',');
  // An SVM account sees these two only when it names them.
  const shows = (field: string) => !session.svm || named.includes(field);
  return {
    name,
    uuid,
    version: versionRecord(world),
    ...(shows('san_optimized') ? { san_optimized: asa } : {}),
    ...(shows('disaggregated') && release[1] >= 16 ? { disaggregated: variant === 'asa-r2' } : {}),
    timezone: { name: 'Etc/UTC' },
    management_interfaces: [
      { name: 'cluster_mgmt', uuid: `${uuid.slice(0, -4)}0001`, ip: { address: config.rest.address } },
    ],
  };
}

function getCluster(call: Call): Reply {
  const { contract } = call.world;
  const selection = new FieldSelection(contract, contract.definition('cluster'), {
    fields: call.query.getAll('fields').flatMap((text) => text.split(',')),
    always: [],
    instance: true,
    expensive: [],
    ignoreUnknown: call.query.get('ignore_unknown_fields') === 'true',
  });
  return { status: 200, body: selection.cut(clusterRecord(call)) };
}

function nodeRecords({ world }: Call): JsonObject[] {
  const { cluster } = world;
  const { variant, metrocluster } = cluster.config.cluster;
  return cluster.nodes.map((node, at) => {
    const partners = cluster.nodes.filter((one) => one !== node).slice(0, 1);
    return {
      uuid: node.uuid,
      name: node.name,
      model: node.model,
      serial_number: node.serialNumber,
      system_id: `05370${String(12345 + at)}`,
      state: 'up',
      date: isoSeconds(cluster.clock.now()),
      version: versionRecord(world),
      is_all_flash_optimized: true,
      storage_configuration: 'multi_path_ha',
      ha: { enabled: partners.length > 0, partners: partners.map(({ name, uuid }) => ({ name, uuid })) },
      ...(metrocluster ? { metrocluster: { type: metrocluster } } : {}),
      ...(variant === 'lenovo'
        ? { system_machine_type: '7Y56-CTOWW1', vendor_serial_number: `7916030000${at}8` }
        : {}),
    };
  });
}

const packages = [
  'nfs',
  'cifs',
  'iscsi',
  'fcp',
  'nvme_of',
  's3',
  'flexclone',
  'snaprestore',
  'snapmirror',
  'snapmirror_sync',
  'snaplock',
];

/** Only installed packages are listed, unless the others are asked for. */
function licenseRecords(call: Call): JsonObject[] {
  const { cluster } = call.world;
  const missing = packages.filter((name) => !cluster.licenses.has(name));
  const asked = (call.query.get('state') ?? '').includes('unlicensed');
  return [
    ...installedLicenses(call),
    ...(asked ? missing.map((name) => ({ name, state: 'unlicensed' })) : []),
  ];
}

function installedLicenses({ world }: Call): JsonObject[] {
  const { cluster } = world;
  return [...cluster.licenses].sort().map((name) => ({
    name,
    scope: 'node',
    state: 'compliant',
    licenses: cluster.nodes.map((node) => ({
      owner: node.name,
      serial_number: node.serialNumber,
      active: true,
      evaluation: false,
      installed_license: 'Core Bundle',
      host_id: node.serialNumber,
      compliance: { state: 'compliant' },
    })),
  }));
}

function peerRecords({ world }: Call): JsonObject[] {
  return world.engine.peers.all().flatMap((peer) => {
    const known = peer.peer;
    if (!known) return [];
    return {
      uuid: known.uuid,
      name: known.name,
      remote: { name: known.name, serial_number: known.serialNumber, ip_addresses: [known.address] },
      status: {
        state: peer.connected ? 'available' : 'unavailable',
        update_time: isoSeconds(world.cluster.clock.now()),
      },
      peer_applications: ['snapmirror'],
      authentication: { state: 'ok', in_use: 'ok' },
    };
  });
}

function patchJob(call: Call): Reply {
  const job = call.world.jobs.list().find((one) => one.uuid === param(call, 'uuid'));
  if (!job) throw notFound('uuid');
  const action = call.query.get('action');
  if (!action) throw missingField('action');
  if (job.endMs !== undefined) throw new RestError(409, 458762, 'The job has already ended.');
  throw new RestError(409, 458776, `The job does not support the action "${action}".`);
}

export const clusterRoutes: readonly Route[] = [
  { method: 'GET', path: '/cluster', handle: getCluster },
  ...listing({
    collectionPath: '/cluster/nodes',
    instancePath: '/cluster/nodes/{uuid}',
    records: nodeRecords,
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
  }),
  ...listing({
    collectionPath: '/cluster/licensing/licenses',
    instancePath: '/cluster/licensing/licenses/{name}',
    records: licenseRecords,
    always: ['name'],
    keys: { name: 'name' },
  }),
  ...listing({
    collectionPath: '/cluster/jobs',
    instancePath: '/cluster/jobs/{uuid}',
    records: ({ world }) => world.jobs.list().map(jobRecord),
    always: ['uuid'],
    keys: { uuid: 'uuid' },
  }),
  { method: 'PATCH', path: '/cluster/jobs/{uuid}', handle: patchJob },
  ...listing({
    collectionPath: '/cluster/peers',
    instancePath: '/cluster/peers/{uuid}',
    records: peerRecords,
    always: ['uuid', 'name'],
    keys: { uuid: 'uuid' },
  }),
  {
    method: 'GET',
    path: '/cluster/web',
    handle: () => ({
      status: 200,
      body: {
        enabled: true,
        https_port: 443,
        http_enabled: false,
        per_address_limit: 42,
        wait_queue_capacity: 192,
      },
    }),
  },
];
