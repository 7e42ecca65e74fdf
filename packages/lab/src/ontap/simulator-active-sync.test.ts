import { systemClock } from '@leeward/platform';
import { afterEach, describe, expect, test } from 'vitest';
import { Bench, code } from '../../../../tests/interop/ontap-sim-bench.ts';
import { textAt } from '../json.ts';
import { addSan } from './testing/san-pair.ts';
import { startPair } from './testing/start-pair.ts';

describe('SnapMirror active sync', () => {
  let bench: Bench;
  afterEach(() => bench.close());

  const open = async (policy: string) => {
    bench = new Bench(
      await startPair([], (primary, secondary) => {
        addSan(primary, secondary);
        const [source] = primary.svms;
        const [destination] = secondary.svms;
        if (!source || !destination) throw new Error('no SVM');
        secondary.cluster.version = '9.16.1';
        source.consistencyGroups = [{ name: 'cg', volumes: ['san1', 'ds2'] }];
        destination.volumes = [
          ...(destination.volumes ?? []),
          { name: 'ds2', sizeBytes: 1024 ** 3, type: 'dp' },
        ];
        destination.consistencyGroups = [{ name: 'cg', volumes: ['san1', 'ds2'] }];
        secondary.relations = [
          {
            source: 'svm1_prod:/cg/cg',
            destination: 'svm1:/cg/cg',
            volumes: ['san1', 'ds2'].map((name) => ({ source: name, destination: name })),
            policy,
          },
        ];
      }),
    );
    const path = '/snapmirror/relationships';
    const [relation] = await bench.secondary.records(
      `${path}?fields=*,source.consistency_group_volumes.name,destination.consistency_group_volumes.name`,
    );
    return relation ?? {};
  };
  const freeze = async (name: string) => {
    const [group] = await bench.primary.records('/application/consistency-groups?name=cg');
    const path = `/application/consistency-groups/${group?.['uuid']}/snapshots?return_timeout=10`;
    return await bench.primary.call('POST', path, { body: { name, consistency_type: 'crash' } });
  };
  const serials = async (caller: Bench['primary']) =>
    (await caller.records('/storage/luns?location.volume.name=san1&fields=serial_number'))
      .map((lun) => String(lun['serial_number']))
      .sort();

  test('is one relation of the group, in sync as a whole, told by both clusters', async () => {
    expect(await open('AutomatedFailOver')).toMatchObject({
      state: 'in_sync',
      healthy: true,
      group_type: 'consistency_group',
      source: { path: 'svm1_prod:/cg/cg', consistency_group_volumes: [{ name: 'san1' }, { name: 'ds2' }] },
      policy: { type: 'sync' },
    });
    const told = await bench.primary.records('/snapmirror/relationships?list_destinations_only=true');
    expect(told).toHaveLength(1);
    await bench.pair.secondary.apply({ syncLink: false });
    const [lost] = await bench.secondary.records('/snapmirror/relationships?fields=state');
    expect(lost).toMatchObject({ state: 'out_of_sync' });
  });

  test('a storage snapshot of the group is on both sides, of one instant; both show the same LUNs to hosts', async () => {
    await open('AutomatedFailOver');
    expect((await freeze('s1')).status).toBe(201);
    const times = new Set<string | undefined>();
    for (const caller of [bench.primary, bench.secondary])
      for (const name of ['san1', 'ds2']) {
        const uuid = await bench.volume(caller, name);
        const path = `/storage/volumes/${uuid}/snapshots?name=s1&fields=create_time`;
        times.add(textAt((await caller.records(path))[0], 'create_time'));
      }
    expect([...times]).toEqual([expect.any(String)]);
    expect(await serials(bench.secondary)).toEqual(await serials(bench.primary));
  });

  test('can be neither paused nor broken off, and takes no transfers', async () => {
    const { uuid } = await open('AutomatedFailOverDuplex');
    const path = `/snapmirror/relationships/${uuid}`;
    for (const [state, refusal] of [
      ['paused', 13303829],
      ['broken_off', 13303830],
    ] as const) {
      const answer = await bench.secondary.call('PATCH', `${path}?return_timeout=10`, { body: { state } });
      expect(code(answer)).toBe(refusal);
    }
    expect(code(await bench.secondary.call('POST', `${path}/transfers`, { body: {} }))).toBe(13303844);
    const replica = await bench.volume(bench.secondary, 'ds2');
    const refused = await bench.secondary.call(
      'POST',
      `/storage/volumes/${replica}/snapshots?return_timeout=10`,
      { body: { name: 'there' } },
    );
    expect(code(refused)).toBe(1638630);
  });

  test('a planned failover changes the roles, and leads the other way from then on', async () => {
    const { uuid } = await open('AutomatedFailOver');
    const path = `/snapmirror/relationships/${uuid}?failover=true&return_timeout=20`;
    expect((await bench.secondary.call('PATCH', path, { body: {} })).status).toBe(200);
    expect(await bench.secondary.records('/snapmirror/relationships')).toEqual([]);
    const turned = async () => (await bench.primary.records('/snapmirror/relationships?fields=state'))[0];
    for (let turn = 0; turn < 200 && (await turned())?.['state'] !== 'in_sync'; turn++)
      await systemClock.sleep(20);
    expect(await turned()).toMatchObject({ state: 'in_sync', source: { path: 'svm1_dr:/cg/cg' } });
    const [group] = await bench.secondary.records('/application/consistency-groups?name=cg');
    const frozen = await bench.secondary.call(
      'POST',
      `/application/consistency-groups/${group?.['uuid']}/snapshots?return_timeout=10`,
      { body: { name: 'turned', consistency_type: 'crash' } },
    );
    expect(frozen.status).toBe(201);
    expect(await bench.names(bench.primary, 'san1')).toContain('turned');
    expect(await serials(bench.secondary)).toEqual(await serials(bench.primary));
  });

  test('ends on both clusters when it is deleted', async () => {
    const { uuid } = await open('AutomatedFailOver');
    const path = `/snapmirror/relationships/${uuid}?return_timeout=10`;
    expect((await bench.secondary.call('DELETE', path)).status).toBe(200);
    expect(await bench.secondary.records('/snapmirror/relationships')).toEqual([]);
    expect(await bench.primary.records('/snapmirror/relationships?list_destinations_only=true')).toEqual([]);
    expect((await freeze('alone')).status).toBe(201);
  });
});

test('nodes of a MetroCluster say so', async () => {
  const pair = await startPair([], (primary) => {
    primary.cluster.metrocluster = 'ip';
  });
  const bench = new Bench(pair);
  const nodes = await bench.primary.records('/cluster/nodes?fields=metrocluster.type');
  expect(nodes.map((node) => textAt(node, 'metrocluster.type'))).toEqual(['ip', 'ip']);
  await bench.close();
});
