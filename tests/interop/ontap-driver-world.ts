import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TransferPolicy } from '@leeward/arrays';
import { arraySettingsSchema, createDriver } from '@leeward/arrays';
import { requiredPermissions } from '@leeward/arrays/ontap/permissions';
import type { RestExchange } from '@leeward/arrays/ontap/rest/exchange';
import type { ArrayWorld, Side, WorldRelation } from '@leeward/arrays/testing/array-world';
import type { Clock, VolumeId } from '@leeward/core';
import type { OntapConfigInput } from '@leeward/lab/ontap/config';
import { type OntapSimulator, startOntapSimulator } from '@leeward/lab/ontap/simulator';
import { HttpsClient, systemClock, systemRandomness } from '@leeward/platform';
import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';

/** Names are equal on both sides and the secondary knows the primary's SVM under an alias. */
const svm = 'svm_vms';
const alias = 'svm_prod';
const proxyAddress = '127.0.0.50';
const lifs = { primary: '127.0.0.31', secondary: '127.0.0.32' } as const;
const token = 'intercluster-token';
const sizeBytes = 256 * 1024 * 1024;
const esxRule = { clients: ['198.51.100.0/24'], ro: ['sys'], rw: ['sys'], superuser: ['sys'] };
const nightly = 'admin_nightly';

/** Waits between attempts pass twenty times faster. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };

interface Replicated {
  readonly volume: string;
  readonly policy: TransferPolicy;
  readonly mirrorPolicy: string;
  readonly junction?: string;
}

const replicated: readonly Replicated[] = [
  { volume: 'ds_vault', policy: 'vault', mirrorPolicy: 'lw_vault', junction: '/dc/ds_vault' },
  { volume: 'ds_mirror', policy: 'mirror', mirrorPolicy: 'MirrorAllSnapshots' },
  { volume: 'ds_unified', policy: 'mirror-vault', mirrorPolicy: 'MirrorAndVault', junction: '/ds_unified' },
];

const vmware = { name: 'vmware', rules: [esxRule] };
const closedToProxy = {
  name: 'closed',
  rules: [{ clients: [`${proxyAddress}/32`], ro: ['never'] }, esxRule],
};
const kerberos = {
  name: 'kerberos',
  rules: [{ clients: ['0.0.0.0/0'], ro: ['krb5p'], rw: ['krb5p'], superuser: ['krb5p'] }],
};

function config(side: Side, version: string, dataFolder: string): OntapConfigInput {
  const primary = side === 'primary';
  const source = (name: string) => ({ name, sizeBytes, junction: `/${name}`, exportPolicy: 'vmware' });
  const target = ({ volume: name, junction }: Replicated) =>
    ({ name, sizeBytes, type: 'dp', exportPolicy: 'vmware', ...(junction ? { junction } : {}) }) as const;
  const extra = (name: string, part: object) => ({
    name,
    sizeBytes,
    junction: `/${name}`,
    exportPolicy: 'vmware',
    ...part,
  });
  return {
    cluster: { name: primary ? 'clus_pri' : 'clus_sec', version },
    accounts: [
      { name: 'admin', password: 'admin-pw', role: 'admin' },
      { name: 'leeward', password: 'leeward-pw', role: 'leeward' },
    ],
    roles: [
      { name: 'leeward', privileges: requiredPermissions.map(({ path, access }) => ({ path, access })) },
    ],
    svms: [
      {
        name: svm,
        lifs: [{ name: 'nfs1', address: lifs[side] }],
        exportPolicies: [vmware, closedToProxy, kerberos],
        peers: [{ svm, alias: primary ? 'svm_dr' : alias }],
        volumes: primary
          ? ['ds_vault', 'ds_mirror', 'ds_unified', 'sep_a', 'sep_b', 'grp_a', 'grp_b', 'grp_c'].map(source)
          : [
              extra('dc', {}),
              ...replicated.map(target),
              extra('hidden', { snapshotDirectory: false }),
              extra('refusing', { exportPolicy: 'closed' }),
              extra('krb', { exportPolicy: 'kerberos' }),
            ],
      },
    ],
    snapmirrorPolicies: primary
      ? []
      : [{ name: 'lw_vault', kind: 'vault', retention: [{ label: 'daily', count: 7 }] }],
    relations: primary
      ? []
      : replicated.map(({ volume, mirrorPolicy: policy }) => ({
          source: `${alias}:${volume}`,
          destination: `${svm}:${volume}`,
          policy,
        })),
    control: { token: 'control-token' },
    intercluster: { token },
    peer: { token },
    behaviour: { operationMs: 5 },
    dataFolder,
  };
}

export interface OntapWorld extends ArrayWorld {
  readonly simulators: Readonly<Record<Side, OntapSimulator>>;
  /** All requests of all drivers, with their answers. */
  readonly exchanges: RestExchange[];
  /** The administrator's own request. */
  admin(
    side: Side,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<unknown>;
  volume(side: Side, name: string): Promise<VolumeId>;
}

/** A pair of simulated clusters of one release, with a least-privilege account for the drivers. */
export async function makeOntapWorld(version: string): Promise<OntapWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'leeward-ontap-driver-'));
  const deps = { clock: systemClock, randomness: systemRandomness };
  const start = (side: Side) => startOntapSimulator(config(side, version, join(folder, side)), deps);
  const simulators = { primary: await start('primary'), secondary: await start('secondary') };
  await simulators.primary.apply({ peerPort: simulators.secondary.addresses.interclusterPort ?? 0 });
  await simulators.secondary.apply({ peerPort: simulators.primary.addresses.interclusterPort ?? 0 });
  await simulators.secondary.relationsReady();
  const exchanges: RestExchange[] = [];
  const toClose: { close(): Promise<void> }[] = [];
  const admin = adminOf(simulators, toClose);
  const volume = volumeFinder(simulators, admin);
  const snapshotByAdmin = (side: Side, { objectId }: VolumeId, name: string) =>
    admin(side, 'POST', `/storage/volumes/${objectId}/snapshots?return_timeout=15`, {
      name,
      comment: 'by hand',
    });
  const transferByAdmin = async (
    { relation, primaryVolume, secondaryVolume }: WorldRelation,
    name: string,
  ) => {
    await snapshotByAdmin('primary', primaryVolume, name);
    const path = `/snapmirror/relationships/${relation.objectId}/transfers`;
    await admin('secondary', 'POST', path, { source_snapshot: name });
    for (let look = 0; look < 300; look++) {
      const found = (await admin(
        'secondary',
        'GET',
        `/storage/volumes/${secondaryVolume.objectId}/snapshots?name=${name}`,
      )) as { num_records: number };
      const now = (await admin(
        'secondary',
        'GET',
        `/snapmirror/relationships/${relation.objectId}?fields=transfer`,
      )) as { transfer?: { state: string } };
      if (found.num_records > 0 && now.transfer?.state === 'success') return;
      await systemClock.sleep(20);
    }
    throw new Error(`the administrator's transfer of ${name} did not end`);
  };
  const relations = await Promise.all(replicated.map((one) => relationOf(one, simulators, admin, volume)));
  for (const relation of relations) await transferByAdmin(relation, nightly);
  for (const name of ['hidden', 'refusing', 'krb'])
    await snapshotByAdmin('secondary', await volume('secondary', name), nightly);
  const groupBody = {
    name: 'cg_all',
    svm: { name: svm },
    volumes: ['grp_a', 'grp_b', 'grp_c'].map((name) => ({ name, provisioning_options: { action: 'add' } })),
  };
  // The description gives no SVM to groups of 9.10, so none can be made there.
  const hasGroups = knows912(version);
  if (hasGroups)
    await admin('primary', 'POST', '/application/consistency-groups?return_timeout=15', groupBody);
  let bases = 0;

  return {
    simulators,
    exchanges,
    admin,
    volume,
    clock: systemClock,
    proxyAddress,
    relations,
    separateVolumes: [await volume('primary', 'sep_a'), await volume('primary', 'sep_b')],
    ...(hasGroups
      ? { groupedVolumes: [await volume('primary', 'grp_a'), await volume('primary', 'grp_b')] as const }
      : {}),
    presentations: [
      {
        name: 'nested',
        volume: await volume('secondary', 'ds_vault'),
        method: 'snapshot-directory',
        rules: 2,
      },
      { name: 'unmounted', volume: await volume('secondary', 'ds_mirror'), method: 'clone', rules: 1 },
      // Older releases do not tell that a volume hides its snapshot directory.
      ...(knows912(version)
        ? [
            {
              name: 'hidden',
              volume: await volume('secondary', 'hidden'),
              method: 'clone' as const,
              rules: 1,
            },
          ]
        : []),
      { name: 'refusing', volume: await volume('secondary', 'refusing'), method: 'clone', rules: 1 },
      { name: 'kerberos', volume: await volume('secondary', 'krb'), method: 'clone', rules: 1 },
    ],
    connect: (side, hook) => {
      const { addresses } = simulators[side];
      const settings = arraySettingsSchema.parse({
        family: 'ontap',
        host: addresses.restAddress,
        port: addresses.restPort,
        username: 'leeward',
        password: 'leeward-pw',
        trust: { kind: 'fingerprint', sha256: addresses.certificateSha256 },
        nfsPorts: Object.fromEntries(
          addresses.dataPorts.map(({ address, nfsPort, mountPort }) => [address, { nfsPort, mountPort }]),
        ),
      });
      const observer = (exchange: RestExchange) => {
        exchanges.push(exchange);
        hook?.afterCall?.();
      };
      const driver = createDriver(settings, { ...deps, clock: hurried, observer });
      toClose.push(driver);
      return driver;
    },
    makeForeignSnapshot: async (side, id, name) => void (await snapshotByAdmin(side, id, name)),
    releaseBase: async (relation) => await transferByAdmin(relation, `admin_base_${++bases}`),
    adminView: async (side) => {
      const policies = await admin(side, 'GET', '/protocols/nfs/export-policies?fields=**');
      const volumes = await admin(
        side,
        'GET',
        '/storage/volumes?fields=name,uuid,comment,nas.path,nas.export_policy.name,snapshot_count',
      );
      const groups = await admin(side, 'GET', '/application/consistency-groups?fields=name,volumes');
      return { policies, volumes, groups };
    },
    canRead: async (side, exportPath, rootPath) => {
      const port = simulators[side].addresses.dataPorts[0];
      if (!port) return false;
      const { address, nfsPort, mountPort } = port;
      try {
        const mount = await connectNfs({
          ...deps,
          addresses: [address],
          nfsPort,
          mountPort,
          exportPath,
          localAddress: proxyAddress,
          privilegedPort: 'never',
          giveUpAfterMs: 2_000,
        });
        try {
          await mount.stat(rootPath);
          return true;
        } finally {
          await mount.close();
        }
      } catch {
        return false;
      }
    },
    loseAnswer: async (side, nth) => {
      for (const method of ['POST', 'PATCH', 'DELETE'])
        simulators[side].world.faults.add({
          at: 'rest',
          method,
          nth,
          times: 1,
          action: { kind: 'cut', when: 'after' },
        });
    },
    clearFaults: async (side) => simulators[side].world.faults.clear(),
    close: async () => {
      await Promise.all(toClose.map((thing) => thing.close()));
      await Promise.all([simulators.primary.close(), simulators.secondary.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function knows912(version: string): boolean {
  return Number(version.split('.')[1]) >= 12;
}

type Admin = OntapWorld['admin'];

function adminOf(simulators: OntapWorld['simulators'], toClose: { close(): Promise<void> }[]): Admin {
  const client = ({ addresses }: OntapSimulator) => {
    const https = new HttpsClient({
      origin: `https://${addresses.restAddress}:${addresses.restPort}`,
      trust: { kind: 'ca', pem: addresses.certificatePem },
    });
    toClose.push(https);
    return https;
  };
  const clients = { primary: client(simulators.primary), secondary: client(simulators.secondary) };
  const authorization = `Basic ${btoa('admin:admin-pw')}`;
  return async (side, method, path, body) => {
    const response = await clients[side].request({
      method,
      path: `/api${path}`,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.body.text();
    if (response.statusCode >= 400) throw new Error(`${method} ${path}: ${response.statusCode} ${answer}`);
    return answer === '' ? {} : JSON.parse(answer);
  };
}

function volumeFinder(simulators: OntapWorld['simulators'], admin: Admin): OntapWorld['volume'] {
  return async (side, name) => {
    const found = (await admin(side, 'GET', `/storage/volumes?name=${name}`)) as {
      records: { uuid: string }[];
    };
    const [volume] = found.records;
    if (!volume) throw new Error(`no volume ${name}`);
    return { arraySerial: simulators[side].addresses.clusterUuid, objectId: volume.uuid };
  };
}

async function relationOf(
  { volume: name, policy }: Replicated,
  simulators: OntapWorld['simulators'],
  admin: Admin,
  volume: OntapWorld['volume'],
): Promise<WorldRelation> {
  const path = `/snapmirror/relationships?destination.path=${svm}:${name}`;
  const found = (await admin('secondary', 'GET', path)) as { records: { uuid: string }[] };
  const [relation] = found.records;
  if (!relation) throw new Error(`no relation to ${name}`);
  return {
    policy,
    relation: { arraySerial: simulators.secondary.addresses.clusterUuid, objectId: relation.uuid },
    primaryVolume: await volume('primary', name),
    secondaryVolume: await volume('secondary', name),
  };
}
