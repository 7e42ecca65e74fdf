import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arraySettingsSchema, createDriver } from '@leeward/arrays';
import { toArrayName } from '@leeward/arrays/nimble/array-name';
import type { RestExchange } from '@leeward/arrays/rest/exchange';
import type { SyncWorld } from '@leeward/arrays/testing/sync-world';
import type { Clock, VolumeId } from '@leeward/core';
import type { NimbleConfigInput } from '@leeward/lab/nimble/config';
import { act } from '@leeward/lab/nimble/control/control-actions';
import { type NimbleSimulator, startNimbleSimulator } from '@leeward/lab/nimble/simulator';
import { RestCaller } from '@leeward/lab/nimble/testing/rest-caller';
import { admin } from '@leeward/lab/nimble/testing/start-pair';
import { sides, syncConfig } from '@leeward/lab/nimble/testing/sync-config';
import { iscsiDataPort } from '@leeward/lab/san/iscsi-port';
import { systemClock, systemRandomness } from '@leeward/platform';
import { probeBytes, readsShownLuns } from './read-shown-lun.ts';

const proxyIqn = 'iqn.2026-01.org.leeward:proxy-1';
/** Waits between attempts pass twenty times faster. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };

export interface NimbleSyncWorld extends SyncWorld {
  readonly simulator: NimbleSimulator;
  /** All requests of all drivers, with their answers. */
  readonly exchanges: RestExchange[];
}

/** One group of two arrays with synchronous pairs between their pools. */
export async function makeNimbleSyncWorld(
  change?: (config: NimbleConfigInput) => void,
): Promise<NimbleSyncWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'leeward-nimble-sync-'));
  const deps = { clock: systemClock, randomness: systemRandomness };
  const config = syncConfig(join(folder, 'group'));
  change?.(config);
  const simulator = await startNimbleSimulator(config, { ...deps, dataPort: iscsiDataPort(deps) });
  const { world, addresses } = simulator;
  const rest = new RestCaller(addresses);
  await rest.login(admin);
  const exchanges: RestExchange[] = [];
  const toClose: { close(): Promise<void> }[] = [rest];

  const volumeId = async (name: string, role: 'upstream' | 'downstream'): Promise<VolumeId> => {
    const { id } = await rest.one(`volumes/detail?name=${name}&replication_role=synchronous_${role}`);
    return { arraySerial: addresses.groupUid, objectId: String(id) };
  };
  const pair = async (name: string) => ({
    primary: await volumeId(name, 'upstream'),
    secondary: await volumeId(name, 'downstream'),
  });
  const [ds1, ds2, alone] = [await pair('ds1'), await pair('ds2'), await pair('ds3')];
  const until = (path: string, key: string, value: unknown) => rest.until(path, (row) => row[key] === value);
  const allInSync = async () => {
    for (const name of ['vc-sync', 'vc-one'])
      await until(`volume_collections/detail?name=${name}`, 'synchronous_replication_state', 'in_sync');
  };
  const setArray = (isUp: boolean) => act(world, { action: 'setArray', array: sides.downstream.array, isUp });
  const nameOf = async ({ objectId }: VolumeId) => String((await rest.one(`volumes/${objectId}`))['name']);
  const handOver = async (role: 'upstream' | 'downstream') => {
    const collection = await rest.one('volume_collections/detail?name=vc-one');
    const pool = sides[role].pool;
    const partner = await rest.one(`replication_partners/detail?name=${pool}`);
    const path = `volume_collections/${collection['id']}/actions/handover`;
    const answer = await rest.call('POST', path, { replication_partner_id: String(partner['id']) });
    if (answer.status >= 300) throw new Error(`handover: ${JSON.stringify(answer.body)}`);
    const serves = `volumes/detail?name=ds3&pool_name=${pool}`;
    await until(serves, 'replication_role', 'synchronous_upstream');
  };
  const foreignRows = (name: string) =>
    rest.rows(`snapshot_collections/detail?name=${encodeURIComponent(toArrayName(name))}`);

  return {
    simulator,
    exchanges,
    clock: systemClock,
    together: [ds1, ds2],
    alone,
    initiatorName: proxyIqn,
    connect: (_side, hook) => {
      const settings = arraySettingsSchema.parse({
        family: 'nimble',
        host: addresses.restAddress,
        port: addresses.restPort,
        username: admin.name,
        password: admin.password,
        trust: { kind: 'fingerprint', sha256: addresses.certificateSha256 },
        iscsiPorts: Object.fromEntries(
          addresses.portals.flatMap(({ address, port }) => (port > 0 ? [[address, port] as const] : [])),
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
    makeForeign: async ({ primary }, name) => {
      const { volcoll_id } = await rest.one(`volumes/${primary.objectId}`);
      const data = {
        name: toArrayName(name),
        volcoll_id: String(volcoll_id),
        description: 'by hand',
        replicate: true,
      };
      const { status, body } = await rest.call('POST', 'snapshot_collections', data);
      if (status >= 300) throw new Error(JSON.stringify(body));
      for (let look = 0; look < 200 && (await foreignRows(name)).length < 2; look++)
        await systemClock.sleep(10);
    },
    removeForeign: async (_pair, name) => {
      for (const row of await foreignRows(name))
        await rest.call('DELETE', `snapshot_collections/${row['id']}`);
      for (let look = 0; look < 200 && (await foreignRows(name)).length > 0; look++)
        await systemClock.sleep(10);
    },
    adminView: async () => {
      const keys = 'id,name,description,online,volcoll_name,num_snaps,metadata,replication_role';
      return {
        volumes: await rest.rows(`volumes/detail?fields=${keys}`),
        groups: await rest.rows('initiator_groups/detail?fields=id,name,description,iscsi_initiators'),
        access: await rest.rows('access_control_records/detail?fields=id,vol_id,initiator_group_id,apply_to'),
        collections: await rest.rows('volume_collections/detail?fields=id,name,volume_list'),
        snapshots: await rest.rows('snapshot_collections/detail?fields=id,name,description,num_snaps'),
      };
    },
    loseSync: async () => {
      await act(world, { action: 'setSyncLink', isUp: false });
      return async () => {
        await act(world, { action: 'setSyncLink', isUp: true });
        await allInSync();
      };
    },
    loseSecondary: async () => {
      await setArray(false);
      return async () => {
        await setArray(true);
        await allInSync();
      };
    },
    loseSyncWhileMaking: async () => {
      world.faults.add({
        at: 'step',
        step: 'sync.snapshot',
        path: 'vc-one',
        times: 1,
        action: { kind: 'cut' },
      });
      return async () => {
        world.faults.clear();
        await setArray(true);
        await allInSync();
      };
    },
    exchangeRoles: async () => {
      await handOver('downstream');
      return async () => {
        await handOver('upstream');
        await allInSync();
      };
    },
    readsFrozen: async (shown, volume, name) => {
      const row = await rest.one(`volumes/${volume.objectId}`);
      const digest = await act(world, {
        action: 'digest',
        volume: String(row['name']),
        pool: String(row['pool_name']),
        snapshot: toArrayName(name),
        offsetBytes: 0,
        lengthBytes: probeBytes,
      });
      const frozen = new Set([String(Reflect.get(digest, 'sha256'))]);
      return await readsShownLuns(shown, { initiatorName: proxyIqn, frozen });
    },
    write: async (volume, seed) => {
      await act(world, {
        action: 'fill',
        volume: await nameOf(volume),
        seed,
        offsetBytes: 0,
        lengthBytes: probeBytes,
      });
    },
    bytesRead: async () => {
      const counted = (of: string) =>
        world.port
          .counters()
          .filter(({ address }) => address === of)
          .reduce((sum, { bytesRead }) => sum + bytesRead, 0);
      return {
        primary: counted(sides.upstream.address) + counted('127.0.0.44'),
        secondary: counted(sides.downstream.address),
      };
    },
    loseAnswer: async (nth) => {
      for (const method of ['POST', 'PUT', 'DELETE'])
        for (const set of ['snapshots', 'snapshot_collections'])
          world.faults.add({
            at: 'rest',
            method,
            path: `*/${set}*`,
            nth,
            times: 1,
            action: { kind: 'cut', when: 'after' },
          });
    },
    clearFaults: async () => world.faults.clear(),
    close: async () => {
      await Promise.all(toClose.map((thing) => thing.close()));
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
