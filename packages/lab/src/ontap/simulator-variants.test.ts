import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textAt } from '../json.ts';
import type { OntapConfigInput } from './config.ts';
import { startOntapSimulator } from './simulator.ts';
import { RestCaller } from './testing/rest-caller.ts';
import { admin, primaryConfig, startPair } from './testing/start-pair.ts';

describe('other systems', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ontap-variants-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const on = async (
    cluster: Partial<OntapConfigInput['cluster']>,
    work: (caller: RestCaller) => Promise<void>,
  ) => {
    const base = primaryConfig(folder);
    const config = { ...base, cluster: { ...base.cluster, ...cluster } };
    const simulator = await startOntapSimulator(config, { clock: systemClock, randomness: systemRandomness });
    const caller = new RestCaller(simulator.addresses, admin);
    try {
      await work(caller);
    } finally {
      await caller.close();
      await simulator.close();
    }
  };

  test.each([
    ['netapp', 'NetApp Release 9.16.1P2', 'AFF-A400', false],
    ['asa', 'NetApp Release 9.16.1P2', 'ASA-A400', true],
    ['lenovo', 'Lenovo Release 9.16.1P2', 'DM5100F', false],
    ['fujitsu', 'Fujitsu Release 9.16.1P2', 'AX4100', false],
  ] as const)('%s shows itself', (variant, full, model, optimised) =>
    on({ variant }, async (caller) => {
      const { body } = await caller.get('/cluster');
      expect(body).toMatchObject({
        version: { generation: 9, major: 16, minor: 1 },
        san_optimized: optimised,
      });
      expect(textAt(body, 'version.full')).toContain(full);
      const [node] = await caller.records('/cluster/nodes?fields=model,system_machine_type');
      expect(node).toMatchObject({ model });
      expect('system_machine_type' in (node ?? {})).toBe(variant === 'lenovo');
    }),
  );

  test('ASA r2 refuses writes to volumes', () =>
    on({ variant: 'asa-r2' }, async (caller) => {
      expect((await caller.get('/cluster')).body).toMatchObject({ san_optimized: true, disaggregated: true });
      const refused = await caller.call('POST', '/storage/volumes', {
        body: { name: 'x', svm: { name: 'svm1' } },
      });
      expect(refused.body).toMatchObject({ error: { code: '918701' } });
    }));

  test('9.10.1 does not know the vault flag; 9.11.1 does', async () => {
    const vault = '/snapmirror/policies?name=XDPDefault&fields=*';
    await on({ version: '9.10.1' }, async (caller) => {
      expect((await caller.records(vault))[0]).not.toHaveProperty('create_snapshot_on_source');
      expect((await caller.get('/snapmirror/policies?fields=create_snapshot_on_source')).status).toBe(400);
    });
    await on({ version: '9.11.1' }, async (caller) => {
      expect((await caller.records(vault))[0]).toMatchObject({ create_snapshot_on_source: false });
    });
  });

  test('a synchronous relation is shown as such and takes no updates', async () => {
    const pair = await startPair(['StrictSync']);
    const caller = new RestCaller(pair.secondary.addresses, admin);
    const [relation] = await caller.records('/snapmirror/relationships?fields=*');
    expect(relation).toMatchObject({ state: 'in_sync', policy: { type: 'sync' } });
    const refused = await caller.call('POST', `/snapmirror/relationships/${relation?.['uuid']}/transfers`, {
      body: {},
    });
    expect(refused.body).toMatchObject({ error: { code: '13303844' } });
    await caller.close();
    await pair.close();
  });

  test('a clone on the replica pins its base against rotation, also from the recovery queue', async () => {
    const pair = await startPair(['one'], (_, secondary) => {
      secondary.snapmirrorPolicies = [{ name: 'one', kind: 'vault', retention: [{ label: 'd', count: 1 }] }];
    });
    const primary = new RestCaller(pair.primary.addresses, admin);
    const secondary = new RestCaller(pair.secondary.addresses, admin);
    const volume = async (caller: RestCaller) =>
      (await caller.records('/storage/volumes?name=ds1'))[0]?.['uuid'];
    const [relation] = await secondary.records('/snapmirror/relationships');
    const path = `/snapmirror/relationships/${relation?.['uuid']}`;
    const bring = async (name: string) => {
      await primary.call('POST', `/storage/volumes/${await volume(primary)}/snapshots?return_timeout=9`, {
        body: { name, snapmirror_label: 'd' },
      });
      await secondary.call('POST', `${path}/transfers`, { body: {} });
      for (let turn = 0; turn < 300; turn++) {
        const { body } = await secondary.get(`${path}?fields=transfer.state`);
        if (textAt(body, 'transfer.state') === 'success') return;
        await systemClock.sleep(10);
      }
    };
    const kept = async () =>
      (await secondary.records(`/storage/volumes/${await volume(secondary)}/snapshots?name=d*`)).map(
        (one) => one['name'],
      );
    await bring('d1');
    const body = {
      name: 'pin',
      svm: { name: 'svm1' },
      clone: { is_flexclone: true, parent_volume: { name: 'ds1' }, parent_snapshot: { name: 'd1' } },
    };
    const made = await secondary.call('POST', '/storage/volumes?return_timeout=9', { body });
    expect(await secondary.finish(systemClock, made)).toMatchObject({ state: 'success' });
    const withoutSnapshot = {
      ...body,
      name: 'bad',
      clone: { is_flexclone: true, parent_volume: { name: 'ds1' } },
    };
    const bad = await secondary.call('POST', '/storage/volumes?return_timeout=9', { body: withoutSnapshot });
    expect(bad.body).toMatchObject({ error: { code: '1638515' } });
    await bring('d2');
    expect(await kept()).toEqual(['d1', 'd2']);
    const [clone] = await secondary.records('/storage/volumes?name=pin');
    const gone = await secondary.call('DELETE', `/storage/volumes/${clone?.['uuid']}?return_timeout=9`);
    expect(await secondary.finish(systemClock, gone)).toMatchObject({ state: 'success' });
    expect(await secondary.records('/storage/volumes?name=pin*')).toEqual([]);
    await bring('d3');
    expect(await kept()).toEqual(['d1', 'd3']);
    await Promise.all([primary.close(), secondary.close()]);
    await pair.close();
  });
});
