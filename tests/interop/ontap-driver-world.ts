import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArrayDriver, IscsiPresentation } from '@leeward/arrays';
import { type ArraySettingsInput, arraySettingsSchema, createDriver } from '@leeward/arrays';
import type { RestExchange } from '@leeward/arrays/rest/exchange';
import type { ArrayWorld, CallHook, Side, WorldRelation } from '@leeward/arrays/testing/array-world';
import type { Clock, VolumeId } from '@leeward/core';
import { type OntapSimulator, startOntapSimulator } from '@leeward/lab/ontap/simulator';
import { HttpsClient, systemClock, systemRandomness } from '@leeward/platform';
import type { ChapCredentials } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';
import {
  nightly,
  ontapConfig,
  proxyAddress,
  proxyIqn,
  type Replicated,
  replicated,
  svm,
} from './ontap-driver-config.ts';
import { fillLun } from './ontap-fill-lun.ts';
import { readsShownLuns } from './read-shown-lun.ts';

/** Waits between attempts pass twenty times faster. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };

type OntapSettingsPart = Partial<Extract<ArraySettingsInput, { family: 'ontap' }>>;

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
  /** A driver with other settings than those of `connect`. */
  connectAs(side: Side, changed: OntapSettingsPart, hook?: CallHook): ArrayDriver;
  canReadWithChap(shown: IscsiPresentation, chap: ChapCredentials): Promise<boolean>;
}

/** A pair of simulated clusters of one release, with a least-privilege account for the drivers. */
export async function makeOntapWorld(version: string): Promise<OntapWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'leeward-ontap-driver-'));
  const deps = { clock: systemClock, randomness: systemRandomness };
  const start = (side: Side) => startOntapSimulator(ontapConfig(side, version, join(folder, side)), deps);
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
  const fill = (side: Side, volumeName: string, lunName: string, seed: number) =>
    fillLun(simulators[side], svm, `/vol/${volumeName}/${lunName}`, seed);
  const frozen = new Set<string>();
  for (const [at, lun] of ['lun0', 'lun1'].entries()) frozen.add(fill('primary', 'ds_block', lun, 11 + at));
  frozen.add(fill('secondary', 'local_block', 'lun0', 13));
  const relations = await Promise.all(replicated.map((one) => relationOf(one, simulators, admin, volume)));
  for (const relation of relations) await transferByAdmin(relation, nightly);
  for (const name of ['hidden', 'refusing', 'krb', 'local_block'])
    await snapshotByAdmin('secondary', await volume('secondary', name), nightly);
  // Written after the storage snapshots, so that the volumes hold something else by now.
  fill('primary', 'ds_block', 'lun0', 21);
  fill('secondary', 'local_block', 'lun0', 22);
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

  const connectAs: OntapWorld['connectAs'] = (side, changed, hook) => {
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
      iscsiPorts: Object.fromEntries(addresses.iscsiPortals.map(({ address, port }) => [address, port])),
      ...changed,
    });
    const observer = (exchange: RestExchange) => {
      exchanges.push(exchange);
      hook?.afterCall?.();
    };
    const driver = createDriver(settings, { ...deps, clock: hurried, observer });
    toClose.push(driver);
    return driver;
  };

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
    lunPresentations: [
      { name: 'replica', volume: await volume('secondary', 'ds_block') },
      { name: 'local', volume: await volume('secondary', 'local_block') },
    ],
    initiatorName: proxyIqn,
    connectAs,
    connect: (side, hook) => connectAs(side, {}, hook),
    canReadLun: (_side, shown, initiatorName) => readsShownLuns(shown, { initiatorName, frozen }),
    canReadWithChap: (shown, chap) => readsShownLuns(shown, { initiatorName: proxyIqn, frozen, chap }),
    changePassword: async (side) => {
      const account = simulators[side].world.cluster.config.accounts.find(({ name }) => name === 'leeward');
      if (!account) throw new Error('no such account');
      account.password = 'another-password';
      return async () => {
        account.password = 'leeward-pw';
      };
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
      const luns = await admin(
        side,
        'GET',
        '/storage/luns?fields=name,uuid,serial_number,enabled,comment,lun_maps',
      );
      const initiatorGroups = await admin(side, 'GET', '/protocols/san/igroups?fields=**');
      const security = await admin(side, 'GET', '/protocols/san/iscsi/credentials?fields=*');
      return { policies, volumes, groups, luns, initiatorGroups, security };
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
