import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IscsiPresentation } from '@leeward/arrays';
import { type ArrayDriver, arraySettingsSchema, createDriver } from '@leeward/arrays';
import { toArrayName } from '@leeward/arrays/nimble/array-name';
import type { RestExchange } from '@leeward/arrays/rest/exchange';
import type { ArrayWorld, CallHook, Side, WorldRelation } from '@leeward/arrays/testing/array-world';
import type { Clock, VolumeId } from '@leeward/core';
import type { NimbleConfigInput } from '@leeward/lab/nimble/config';
import { act } from '@leeward/lab/nimble/control/control-actions';
import { type NimbleSimulator, startNimbleSimulator } from '@leeward/lab/nimble/simulator';
import { iscsiDataPort } from '@leeward/lab/san/iscsi-port';
import { HttpsClient, systemClock, systemRandomness } from '@leeward/platform';
import { probeBytes, readsShownLuns } from './read-shown-lun.ts';

const account = { name: 'leeward', password: 'nimble-secret' };
const secret = 'shared-secret';
const groups = { primary: 'grp-prod', secondary: 'grp-dr' } as const;
const addresses = { primary: '127.0.0.41', secondary: '127.0.0.42' } as const;
const nightly = 'admin-nightly';
export const proxyIqn = 'iqn.2026-01.org.leeward:proxy-1';

/** Waits between attempts pass twenty times faster. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };

/** Replicated volumes by volume collection. */
const replicated = { 'vc-prod': ['ds1', 'ds2'], 'vc-single': ['ds3'] } as const;

function config(side: Side, folder: string): NimbleConfigInput {
  const primary = side === 'primary';
  const toSecondary = [{ name: 'daily', partner: groups.secondary, retain: 3, retainReplica: 2 }];
  const member = (volumeCollection: string) => (name: string) => ({
    name,
    sizeMib: 64,
    volumeCollection,
    access: ['esxi'],
  });
  return {
    group: {
      name: groups[side],
      uid: primary ? '25dab4ed8948f2e0' : 'f6ab0139cc41d7f2',
      version: '6.1.1.200-1020304-opt',
    },
    users: [account, { name: 'watcher', password: 'only-looking', role: 'guest' }],
    subnets: [
      {
        label: 'data1',
        network: '127.0.0.0',
        discoveryAddress: addresses[side],
        dataAddresses: [addresses[side]],
      },
    ],
    initiatorGroups: [{ name: 'esxi', iqns: ['iqn.1998-01.com.vmware:esxi1'] }],
    partners: [{ name: groups[primary ? 'secondary' : 'primary'], secret }],
    volumeCollections: primary
      ? [
          { name: 'vc-prod', schedules: toSecondary },
          { name: 'vc-single', schedules: toSecondary },
          { name: 'vc-local', schedules: [{ name: 'hourly', retain: 2 }] },
        ]
      : [],
    volumes: primary
      ? [
          ...Object.entries(replicated).flatMap(([name, volumes]) => volumes.map(member(name))),
          ...['grp-a', 'grp-b'].map(member('vc-local')),
          // As administrators often leave it.
          { ...member('vc-local')('grp-c'), applyTo: 'both' as const },
          { name: 'sep-a', sizeMib: 64 },
          { name: 'sep-b', sizeMib: 64 },
        ]
      : [{ name: 'shared-target', sizeMib: 64, targetScope: 'group' as const }],
    control: { token: 'token-for-tests' },
    behaviour: { operationMs: 0 },
    dataFolder: join(folder, side),
  };
}

export interface NimbleWorld extends ArrayWorld {
  readonly simulators: Readonly<Record<Side, NimbleSimulator>>;
  /** All requests of all drivers, with their answers. */
  readonly exchanges: RestExchange[];
  /** The administrator's own request; answers what is under `data`. */
  admin(
    side: Side,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    data?: unknown,
  ): Promise<unknown>;
  volume(side: Side, name: string): Promise<VolumeId>;
  relation(name: string): Promise<WorldRelation>;
  canReadWithChap(
    shown: IscsiPresentation,
    chap: { readonly user: string; readonly secret: string },
  ): Promise<boolean>;
  connectAs(
    side: Side,
    settings: { readonly username?: string; readonly password?: string; readonly chap?: object },
    hook?: CallHook,
  ): ArrayDriver;
}

export interface WorldOptions {
  readonly change?: (side: Side, config: NimbleConfigInput) => void;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly [key: string]: unknown;
}

/** A pair of simulated groups that replicate to each other, with drivers that know nothing of each other. */
export async function makeNimbleWorld({ change }: WorldOptions = {}): Promise<NimbleWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'leeward-nimble-driver-'));
  const deps = { clock: systemClock, randomness: systemRandomness };
  const start = (side: Side) => {
    const input = config(side, folder);
    change?.(side, input);
    return startNimbleSimulator(input, { ...deps, dataPort: iscsiDataPort(deps) });
  };
  const simulators = { primary: await start('primary'), secondary: await start('secondary') };
  await simulators.primary.apply({
    partnerPorts: { [groups.secondary]: simulators.secondary.addresses.replicationPort },
  });
  await simulators.secondary.apply({
    partnerPorts: { [groups.primary]: simulators.primary.addresses.replicationPort },
  });
  const exchanges: RestExchange[] = [];
  const toClose: { close(): Promise<void> }[] = [];
  const admin = await adminOf(simulators, toClose);
  const rows = async (side: Side, path: string) => ((await admin(side, 'GET', path)) ?? []) as Row[];
  const one = async (side: Side, set: string, name: string): Promise<Row> => {
    const [row] = await rows(side, `${set}/detail?name=${name}`);
    if (!row) throw new Error(`no ${set} ${name} on the ${side}`);
    return row;
  };
  const volume = async (side: Side, name: string): Promise<VolumeId> => ({
    arraySerial: simulators[side].addresses.groupUid,
    objectId: (await one(side, 'volumes', name)).id,
  });
  const replicateByAdmin = async (collection: string, name: string) => {
    const { id } = await one('primary', 'volume_collections', collection);
    await admin('primary', 'POST', 'snapshot_collections', { name, volcoll_id: id, replicate: true });
    for (let look = 0; look < 500; look++) {
      const [sent] = await rows('primary', `snapshot_collections/detail?volcoll_id=${id}&name=${name}`);
      const known = await rows('secondary', `volume_collections/detail?name=${collection}`);
      const there = known[0]?.id;
      const arrived = there
        ? await rows('secondary', `snapshot_collections/detail?volcoll_id=${there}&name=${name}`)
        : [];
      if (sent?.['repl_status'] === 'complete' && arrived.length > 0) return;
      await systemClock.sleep(20);
    }
    throw new Error(`the administrator's ${name} did not arrive`);
  };
  const collectionOf = (name: string) =>
    Object.entries(replicated).find(([, volumes]) => volumes.some((each) => each === name))?.[0] ?? '';
  const fill = (side: Side, name: string, seed: number) =>
    act(simulators[side].world, {
      action: 'fill',
      volume: name,
      seed,
      offsetBytes: 0,
      lengthBytes: probeBytes,
    });
  await fill('primary', 'ds1', 11);
  await fill('secondary', 'shared-target', 12);
  for (const collection of Object.keys(replicated)) await replicateByAdmin(collection, nightly);
  const shared = await volume('secondary', 'shared-target');
  const snapshotByAdmin = async (
    side: Side,
    data: { name: string; vol_id: string; description?: string },
  ) => {
    await admin(side, 'POST', 'snapshots', data);
    for (let look = 0; look < 100; look++) {
      const filter = `vol_id=${data.vol_id}&name=${encodeURIComponent(data.name)}`;
      if ((await rows(side, `snapshots/detail?${filter}`)).length > 0) return;
      await systemClock.sleep(10);
    }
    throw new Error(`the administrator's ${data.name} was not made`);
  };
  await snapshotByAdmin('secondary', { name: nightly, vol_id: shared.objectId });
  // Written after the storage snapshots, so that the volumes hold something else by now.
  await fill('primary', 'ds1', 21);
  await fill('secondary', 'shared-target', 22);
  /** What the frozen volumes hold, by name, told by the array that froze them. */
  const frozen = new Set<string>();
  for (const [side, name] of [
    ['primary', 'ds1'],
    ['secondary', 'shared-target'],
  ] as const) {
    const range = { offsetBytes: 0, lengthBytes: probeBytes };
    const digest = await act(simulators[side].world, {
      action: 'digest',
      volume: name,
      snapshot: nightly,
      ...range,
    });
    frozen.add(String(Reflect.get(digest, 'sha256')));
  }
  const relation = async (name: string): Promise<WorldRelation> => ({
    policy: 'snapshot-replication',
    relation: await volume('secondary', name),
    primaryVolume: await volume('primary', name),
    secondaryVolume: await volume('secondary', name),
  });
  const relations = [await relation('ds1'), await relation('ds3')];
  let bases = 0;

  const connectAs: NimbleWorld['connectAs'] = (side, changed, hook) => {
    const { restAddress, restPort, certificateSha256, portals } = simulators[side].addresses;
    const settings = arraySettingsSchema.parse({
      family: 'nimble',
      host: restAddress,
      port: restPort,
      username: account.name,
      password: account.password,
      trust: { kind: 'fingerprint', sha256: certificateSha256 },
      iscsiPorts: Object.fromEntries(
        portals.flatMap(({ address, port }) => (port > 0 ? [[address, port] as const] : [])),
      ),
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
    relation,
    connectAs,
    clock: systemClock,
    proxyAddress: '127.0.0.50',
    relations,
    separateVolumes: [await volume('primary', 'sep-a'), await volume('primary', 'sep-b')],
    groupedVolumes: [await volume('primary', 'grp-a'), await volume('primary', 'grp-b')],
    presentations: [],
    lunPresentations: [
      { name: 'replica', volume: await volume('secondary', 'ds1') },
      { name: 'shared', volume: shared },
    ],
    initiatorName: proxyIqn,
    nightlyName: nightly,
    connect: (side, hook) => connectAs(side, {}, hook),
    makeForeignSnapshot: async (side, { objectId }, name) => {
      const data = { name: toArrayName(name), vol_id: objectId, description: 'by hand' };
      await snapshotByAdmin(side, data);
    },
    releaseBase: async ({ primaryVolume }) => {
      const row = (await admin('primary', 'GET', `volumes/${primaryVolume.objectId}`)) as Row;
      await replicateByAdmin(collectionOf(row.name), `admin-base-${++bases}`);
    },
    adminView: async (side) => {
      const keys = 'id,name,description,online,volcoll_name,num_snaps,metadata';
      return {
        volumes: await rows(side, `volumes/detail?fields=${keys}`),
        groups: await rows(side, 'initiator_groups/detail?fields=id,name,description,iscsi_initiators'),
        access: await rows(
          side,
          'access_control_records/detail?fields=id,vol_id,initiator_group_id,apply_to',
        ),
        collections: await rows(side, 'volume_collections/detail?fields=id,name,volume_list'),
      };
    },
    canReadLun: (_side, shown, initiatorName) => readsShownLuns(shown, { initiatorName, frozen }),
    canReadWithChap: (shown, chap) => readsShownLuns(shown, { initiatorName: proxyIqn, frozen, chap }),
    changePassword: async (side) => {
      const { world } = simulators[side];
      const user = world.group.config.users.find(({ name }) => name === account.name);
      if (!user) throw new Error('no such user');
      user.password = 'another-password';
      await act(world, { action: 'expireTokens' });
      return async () => {
        user.password = account.password;
      };
    },
    loseAnswer: async (side, nth) => {
      const sets = [
        'volumes',
        'snapshots',
        'snapshot_collections',
        'initiator_groups',
        'access_control_records',
      ];
      for (const method of ['POST', 'PUT', 'DELETE'])
        for (const set of sets)
          simulators[side].world.faults.add({
            at: 'rest',
            method,
            path: `*/${set}*`,
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

/** Logs in again when its session is gone, as an administrator would. */
async function adminOf(
  simulators: NimbleWorld['simulators'],
  toClose: { close(): Promise<void> }[],
): Promise<NimbleWorld['admin']> {
  const clients = { primary: clientOf(simulators.primary), secondary: clientOf(simulators.secondary) };
  toClose.push(clients.primary, clients.secondary);
  const tokens: Record<Side, string> = { primary: '', secondary: '' };
  return async (side, method, path, data) => {
    for (let attempt = 1; ; attempt++) {
      const { status, text } = await ask(clients[side], method, path, tokens[side], data);
      const answer = JSON.parse(text === '' ? '{}' : text) as { data?: unknown };
      if (status < 400) return answer.data;
      if (status !== 401 || attempt > 1) throw new Error(`${method} ${path}: ${status} ${text}`);
      const login = { username: account.name, password: account.password };
      const session = await ask(clients[side], 'POST', 'tokens', '', login);
      tokens[side] = (JSON.parse(session.text) as { data: { session_token: string } }).data.session_token;
    }
  };
}

function clientOf({ addresses: { restAddress, restPort, certificatePem } }: NimbleSimulator): HttpsClient {
  const origin = `https://${restAddress}:${restPort}`;
  return new HttpsClient({ origin, trust: { kind: 'ca', pem: certificatePem } });
}

async function ask(
  https: HttpsClient,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  token: string,
  data?: unknown,
): Promise<{ status: number; text: string }> {
  const response = await https.request({
    method,
    path: `/v1/${path}`,
    headers: token === '' ? {} : { 'x-auth-token': token },
    ...(data === undefined ? {} : { body: JSON.stringify({ data }) }),
  });
  return { status: response.statusCode, text: await response.body.text() };
}
