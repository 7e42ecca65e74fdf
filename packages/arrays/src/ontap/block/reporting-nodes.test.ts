import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OntapSimulator, startOntapSimulator } from '@leeward/lab/ontap/simulator';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nightly, ontapConfig, proxyIqn } from '../../../../../tests/interop/ontap-driver-config.ts';
import type { ArrayDriver } from '../../contract/array-driver.ts';
import { ownershipComment } from '../../contract/ownership.ts';
import { arraySettingsSchema, createDriver } from '../../registry.ts';

const deps = { clock: systemClock, randomness: systemRandomness };
const folder = mkdtempSync(join(tmpdir(), 'leeward-reporting-nodes-'));
const nodes = [1, 2, 3, 4].map((n) => ({ name: `secondary-0${n}`, serialNumber: `72180200000${n}` }));
const volumeName = 'local_block';
let simulator: OntapSimulator;
let driver: ArrayDriver;

const iscsiLif = (address: string, node: string) => ({
  name: `iscsi-${address}`,
  address,
  services: ['data_core', 'data_iscsi'],
  node,
});

/** Four nodes, of which the first two show the LUN, each with a portal; another SVM has portals on these two. */
beforeAll(async () => {
  const config = ontapConfig('secondary', '9.14.1', folder);
  const { peer: _, ...alone } = config;
  const [svm] = config.svms;
  const local = svm?.volumes?.find(({ name }) => name === volumeName);
  if (!svm || !local) throw new Error('the config lacks its SVM or its volume');
  const own = nodes.map(({ name }, at) => iscsiLif(`127.0.${at + 1}.36`, name));
  const others = nodes.slice(0, 2).map(({ name }, at) => iscsiLif(`127.0.${at + 1}.37`, name));
  simulator = await startOntapSimulator(
    {
      ...alone,
      cluster: { ...config.cluster, nodes },
      svms: [
        { ...svm, peers: [], lifs: own, volumes: [local] },
        { name: 'svm_other', iscsi: {}, lifs: others },
      ],
      relations: [],
    },
    deps,
  );
  const { restAddress, restPort, certificateSha256, iscsiPortals } = simulator.addresses;
  const settings = arraySettingsSchema.parse({
    family: 'ontap',
    host: restAddress,
    port: restPort,
    username: 'leeward',
    password: 'leeward-pw',
    trust: { kind: 'fingerprint', sha256: certificateSha256 },
    iscsiPorts: Object.fromEntries(iscsiPortals.map(({ address, port }) => [address, port])),
  });
  driver = createDriver(settings, deps);
});
afterAll(async () => {
  await driver.close();
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

it('only the portals of its own SVM on the nodes that show a LUN are offered', async () => {
  const comment = ownershipComment('test', 'run-1');
  const { volumes } = await driver.inventory();
  const volume = volumes.find(({ name }) => name === volumeName)?.id;
  if (!volume || !driver.luns) throw new Error('no volume, or no block access');
  await driver.createStorageSnapshots({ name: nightly, volumes: [volume], comment });
  const request = {
    name: 'leeward_nodes',
    volume,
    storageSnapshotName: nightly,
    protocol: 'iscsi',
    initiatorNames: [proxyIqn],
    comment,
  } as const;
  const plan = await driver.luns.plan(request, []);
  const { portals } = await driver.luns.present(plan);
  expect(portals.map(({ address, preference }) => [address, preference])).toEqual([
    ['127.0.1.36', 0],
    ['127.0.2.36', 1],
  ]);
  await driver.luns.withdraw(plan, []);
  // The SVM still has portals on the other two nodes, where the LUN is not seen.
  for (const address of ['127.0.1.36', '127.0.2.36']) await simulator.world.block.setPortal(address, false);
  const late = await driver.luns.plan(request, []);
  await expect(driver.luns.present(late)).rejects.toMatchObject({
    code: 'L-ARR-607',
    details: {
      reason: 'no data port for iSCSI is up on the nodes that show the LUN (secondary-01, secondary-02)',
    },
  });
  await driver.luns.withdraw(late, []);
  await driver.deleteStorageSnapshot(volume, nightly);
  expect(await driver.listOwned()).toEqual([]);
});
