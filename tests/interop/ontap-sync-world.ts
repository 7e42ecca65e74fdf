import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArrayDriver, arraySettingsSchema, createDriver } from '@leeward/arrays';
import type { RestExchange } from '@leeward/arrays/rest/exchange';
import type { CallHook, Side } from '@leeward/arrays/testing/array-world';
import type { SyncWorld } from '@leeward/arrays/testing/sync-world';
import type { Clock, VolumeId } from '@leeward/core';
import type { OntapConfigInput } from '@leeward/lab/ontap/config';
import { act } from '@leeward/lab/ontap/control/control-actions';
import { type OntapSimulator, startOntapSimulator } from '@leeward/lab/ontap/simulator';
import { RestCaller } from '@leeward/lab/ontap/testing/rest-caller';
import { systemClock, systemRandomness } from '@leeward/platform';
import { proxyIqn, svm } from './ontap-driver-config.ts';
import { fillLun } from './ontap-fill-lun.ts';
import { alone, lun, ontapSyncConfig, replicaOf, type SyncPolicies, together } from './ontap-sync-config.ts';
import { probeBytes, readsShownLuns } from './read-shown-lun.ts';

/** Waits between attempts pass twenty times faster. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };

export interface OntapSyncWorld extends SyncWorld {
  readonly simulators: Readonly<Record<Side, OntapSimulator>>;
  readonly callers: Readonly<Record<Side, RestCaller>>;
  /** All requests of all drivers, with their answers. */
  readonly exchanges: RestExchange[];
  /** A driver that finds no other array. */
  connectAlone(side: Side): ArrayDriver;
}

export interface SyncWorldOptions {
  readonly policies?: SyncPolicies;
  /** What the array has to be told to replicate a storage snapshot. */
  readonly label?: string;
  change?(side: Side, config: OntapConfigInput): void;
}

const usual: SyncPolicies = { alone: 'Sync', together: 'AutomatedFailOver' };

/** Two clusters of one release: a synchronously replicated volume, and a consistency group in active sync. */
export async function makeOntapSyncWorld(
  version: string,
  { policies = usual, label, change }: SyncWorldOptions = {},
): Promise<OntapSyncWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'leeward-ontap-sync-'));
  const deps = { clock: systemClock, randomness: systemRandomness };
  const start = (side: Side) => {
    const config = ontapSyncConfig(side, version, policies, join(folder, side));
    change?.(side, config);
    return startOntapSimulator(config, deps);
  };
  const simulators = { primary: await start('primary'), secondary: await start('secondary') };
  const sides = ['primary', 'secondary'] as const;
  const otherSide = (side: Side): Side => (side === 'primary' ? 'secondary' : 'primary');
  for (const side of sides)
    await simulators[side].apply({ peerPort: simulators[otherSide(side)].addresses.interclusterPort ?? 0 });
  await simulators.secondary.relationsReady();
  const admin = { name: 'admin', password: 'admin-pw' };
  const callers = {
    primary: new RestCaller(simulators.primary.addresses, admin),
    secondary: new RestCaller(simulators.secondary.addresses, admin),
  };
  const exchanges: RestExchange[] = [];
  const toClose: { close(): Promise<void> }[] = [callers.primary, callers.secondary];
  const sideOf = ({ arraySerial }: VolumeId): Side =>
    arraySerial === simulators.primary.addresses.clusterUuid ? 'primary' : 'secondary';

  const connect = (side: Side, hook?: CallHook, isAlone = false): ArrayDriver => {
    const { addresses } = simulators[side];
    const settings = arraySettingsSchema.parse({
      family: 'ontap',
      host: addresses.restAddress,
      port: addresses.restPort,
      username: 'leeward',
      password: 'leeward-pw',
      trust: { kind: 'fingerprint', sha256: addresses.certificateSha256 },
      iscsiPorts: Object.fromEntries(addresses.iscsiPortals.map(({ address, port }) => [address, port])),
    });
    const observer = (exchange: RestExchange) => {
      exchanges.push(exchange);
      hook?.afterCall?.();
    };
    let other: ArrayDriver | undefined;
    const otherArray = async (serial: string) => {
      if (isAlone || serial !== simulators[otherSide(side)].addresses.clusterUuid) return undefined;
      other ??= connect(otherSide(side), hook);
      return other;
    };
    const driver = createDriver(settings, { ...deps, clock: hurried, observer, otherArray });
    toClose.push(driver);
    return driver;
  };
  const volumeId = async (side: Side, name: string): Promise<VolumeId> => {
    const [found] = await callers[side].records(`/storage/volumes?name=${name}`);
    return { arraySerial: simulators[side].addresses.clusterUuid, objectId: String(found?.['uuid']) };
  };
  const pair = async (name: string) => ({
    primary: await volumeId('primary', name),
    secondary: await volumeId('secondary', replicaOf(name)),
  });
  const pairs = { alone: await pair(alone), together: [await pair(together[0]), await pair(together[1])] };
  const [first, second] = pairs.together;
  if (!first || !second) throw new Error('no pairs');
  const until = async (what: string, isSo: () => Promise<boolean>) => {
    for (let look = 0; look < 500; look++) {
      if (await isSo()) return;
      await systemClock.sleep(20);
    }
    throw new Error(`never: ${what}`);
  };
  const allInSync = () =>
    until('in sync', async () => {
      const found = await Promise.all(
        sides.map((side) => callers[side].records('/snapmirror/relationships?fields=state')),
      );
      return found.flat().every(({ state }) => state === 'in_sync');
    });
  const call = async (side: Side, ...args: Parameters<RestCaller['call']>) => {
    const answer = await callers[side].call(...args);
    const ended = await callers[side].finish(systemClock, answer);
    if (answer.status >= 400) throw new Error(`${args.join(' ')}: ${JSON.stringify(answer.body)}`);
    return ended;
  };
  const setLink = (isUp: boolean) =>
    Promise.all(sides.map((side) => simulators[side].apply({ syncLink: isUp })));
  const snapshotPath = async ({ arraySerial, objectId }: VolumeId, name: string) => {
    const path = `/storage/volumes/${objectId}/snapshots`;
    const [found] = await callers[sideOf({ arraySerial, objectId })].records(`${path}?name=${name}`);
    return found && `${path}/${found['uuid']}?return_timeout=15`;
  };
  const nameOf = (id: VolumeId) =>
    simulators[sideOf(id)].world.cluster.volumes.get(id.objectId)?.name ?? 'gone';

  /** What an administrator does with `snapmirror break`, `delete`, and `resync` in the other direction. */
  const turnAround = async (from: Side) => {
    const to = otherSide(from);
    const destination = from === 'primary' ? replicaOf(alone) : alone;
    const source = from === 'primary' ? alone : replicaOf(alone);
    const [relation] = await callers[to].records(
      `/snapmirror/relationships?destination.path=${svm}:${destination}`,
    );
    const path = `/snapmirror/relationships/${relation?.['uuid']}`;
    await call(to, 'PATCH', `${path}?return_timeout=15`, { body: { state: 'broken_off' } });
    await call(to, 'DELETE', `${path}?return_timeout=15`);
    const { cluster } = simulators[from].world;
    const former = cluster.volume(cluster.svm(svm), source);
    if (former) former.type = 'dp';
    const alias = from === 'primary' ? 'svm_dr' : 'svm_prod';
    await call(from, 'POST', '/snapmirror/relationships?return_timeout=15', {
      body: {
        source: { path: `${alias}:${destination}` },
        destination: { path: `${svm}:${source}` },
        policy: { name: policies.alone },
        state: 'in_sync',
      },
    });
    await allInSync();
  };

  return {
    simulators,
    callers,
    exchanges,
    clock: systemClock,
    alone: pairs.alone,
    together: [first, second],
    freezesParts: true,
    ...(label === undefined ? {} : { label }),
    initiatorName: proxyIqn,
    connect,
    connectAlone: (side) => connect(side, undefined, true),
    makeForeign: async ({ primary }, name) => {
      const path = `/storage/volumes/${primary.objectId}/snapshots?return_timeout=15`;
      const labelled = label === undefined ? {} : { snapmirror_label: label };
      await call('primary', 'POST', path, { body: { name, comment: 'by hand', ...labelled } });
    },
    removeForeign: async ({ primary, secondary }, name) => {
      for (const id of [primary, secondary]) {
        const path = await snapshotPath(id, name);
        if (path) await callers[sideOf(id)].call('DELETE', path);
      }
      await until('the foreign one is gone', async () => (await snapshotPath(secondary, name)) === undefined);
    },
    adminView: async () => {
      const read = async (side: Side) => ({
        volumes: await callers[side].records('/storage/volumes?fields=name,uuid,comment,type,state'),
        luns: await callers[side].records('/storage/luns?fields=name,serial_number,lun_maps'),
        groups: await callers[side].records('/application/consistency-groups?fields=name,volumes'),
        initiators: await callers[side].records('/protocols/san/igroups?fields=name,initiators'),
      });
      return { primary: await read('primary'), secondary: await read('secondary') };
    },
    loseSync: async () => {
      await setLink(false);
      return async () => {
        await setLink(true);
        await allInSync();
      };
    },
    loseSecondary: async () => {
      await simulators.secondary.apply({ reachable: false });
      return async () => {
        await simulators.secondary.apply({ reachable: true });
        await allInSync();
      };
    },
    loseSyncWhileMaking: async () => {
      const { faults } = simulators.primary.world;
      const action = { kind: 'refuse' } as const;
      faults.add({ at: 'step', step: 'sync.snapshot', path: `${svm}:${alone}`, times: 1, action });
      return async () => {
        await faults.clear();
        await allInSync();
      };
    },
    exchangeRoles: async () => {
      await turnAround('primary');
      return () => turnAround('secondary');
    },
    readsFrozen: async (shown, volume, name) => {
      const digest = await act(simulators[sideOf(volume)].world, {
        action: 'digest',
        ...{ svm, lun: `/vol/${nameOf(volume)}/${lun}`, snapshot: name },
        ...{ offsetBytes: 0, lengthBytes: probeBytes },
      });
      const frozen = new Set([String(Reflect.get(digest, 'sha256'))]);
      return await readsShownLuns(shown, { initiatorName: proxyIqn, frozen });
    },
    write: async (volume, seed) => {
      fillLun(simulators[sideOf(volume)], svm, `/vol/${nameOf(volume)}/${lun}`, seed);
    },
    bytesRead: async () => {
      const counted = (side: Side) =>
        simulators[side].world.block.counters().reduce((sum, { bytesRead }) => sum + bytesRead, 0);
      return { primary: counted('primary'), secondary: counted('secondary') };
    },
    loseAnswer: async (nth) => {
      for (const side of sides)
        for (const method of ['POST', 'PATCH', 'DELETE'])
          simulators[side].world.faults.add({
            at: 'rest',
            method,
            nth,
            times: 1,
            action: { kind: 'cut', when: 'after' },
          });
    },
    clearFaults: async () => {
      for (const side of sides) await simulators[side].world.faults.clear();
    },
    close: async () => {
      await Promise.all(toClose.map((thing) => thing.close()));
      await Promise.all(sides.map((side) => simulators[side].close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
