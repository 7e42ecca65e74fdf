import { describe, expect, it } from 'vitest';
import type { VolumeCollection } from '../inventory/volume-collections.ts';
import type { VolumeRecord } from '../inventory/volumes.ts';
import { pairsOf } from './pairing.ts';
import { lookAt } from './sync-look.ts';

const collection: VolumeCollection = {
  id: 'vc',
  name: 'vc-sync',
  replication_type: 'synchronous',
  synchronous_replication_state: 'in_sync',
};

function volume(id: string, role: 'upstream' | 'downstream', more: Partial<VolumeRecord> = {}): VolumeRecord {
  return {
    id,
    name: 'ds1',
    size: 64,
    metadata: [],
    volcoll_id: 'vc',
    replication_role: `synchronous_${role}`,
    pool_id: role,
    pool_name: `pool-${role}`,
    ...more,
  };
}

const ids = (volumes: readonly VolumeRecord[]) =>
  pairsOf(collection, volumes).map(({ upstream, downstream }) => [upstream.id, downstream.id]);

describe('halves of a synchronous collection', () => {
  it('belong together by the identity that both show, also where it is told in another attribute', () => {
    const up = volume('u', 'upstream', { serial_number: 'AA' });
    const downs = [
      volume('d1', 'downstream', { serial_number: 'aa', name: 'other' }),
      volume('d2', 'downstream', { serial_number: 'bb', secondary_serial_number: 'AA', name: 'other' }),
    ];
    for (const down of downs) expect(ids([down, up])).toEqual([['u', down.id]]);
  });

  it('belong together by name where no identity is shared', () => {
    const up = volume('u', 'upstream', { serial_number: 'aa' });
    const down = volume('d', 'downstream', { serial_number: 'bb' });
    expect(ids([up, down])).toEqual([['u', 'd']]);
    expect(ids([up, { ...down, name: 'other' }])).toEqual([]);
  });

  it('are no pair when several could be the other one, in another collection, or without a role', () => {
    const up = volume('u', 'upstream', { serial_number: 'aa' });
    const down = volume('d', 'downstream', { serial_number: 'aa' });
    expect(ids([up, down, { ...down, id: 'd2' }])).toEqual([]);
    expect(ids([up, { ...down, volcoll_id: 'other' }])).toEqual([]);
    expect(ids([up, { ...down, replication_role: 'no_replication' }])).toEqual([]);
  });
});

describe('a look at a pair', () => {
  const pair = { upstream: volume('u', 'upstream'), downstream: volume('d', 'downstream') };
  const unit = (name: string, pool_id: string, status = 'reachable') => ({ name, pool_id, status });
  const units = [unit('arr-a', 'upstream'), unit('arr-b', 'downstream')];
  const partner = (is_alive: boolean) => ({
    id: 'p',
    name: 'pool-downstream',
    partner_type: 'pool',
    is_alive,
  });
  const calm = { units, partners: [partner(true)] };

  it.each([
    ['in sync', {}, calm, 'in-sync', true],
    ['out of sync', { synchronous_replication_state: 'out_of_sync' }, calm, 'out-of-sync', false],
    [
      'a resync',
      { synchronous_replication_state: 'out_of_sync', srep_resync_percent: 40 },
      calm,
      'resyncing',
      false,
    ],
    ['an unknown state', { synchronous_replication_state: 'unknown' }, calm, 'unknown', false],
    ['no state', { synchronous_replication_state: null }, calm, 'unknown', false],
    ['a handover', { is_handing_over: true }, calm, 'unknown', false],
    [
      'a lost secondary',
      {},
      { ...calm, units: [unit('arr-a', 'upstream'), unit('arr-b', 'downstream', 'unreachable')] },
      'unreachable',
      false,
    ],
    [
      'a lost primary',
      {},
      { ...calm, units: [unit('arr-a', 'upstream', 'unreachable'), unit('arr-b', 'downstream')] },
      'unreachable',
      false,
    ],
    ['a silent partner', {}, { ...calm, partners: [partner(false)] }, 'unreachable', false],
    [
      'a lost array of another pool',
      {},
      { ...calm, units: [...units, unit('arr-c', 'third', 'unreachable')] },
      'in-sync',
      true,
    ],
  ])('tells %s', (_, told, surroundings, state, detected) => {
    const look = lookAt({ ...collection, ...told }, pair, surroundings);
    expect(look).toMatchObject({ state, detected });
    expect(look.reasons.length > 0).toBe(!detected);
  });
});
