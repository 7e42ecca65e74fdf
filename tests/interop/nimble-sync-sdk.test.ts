import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SimulatorAddresses } from '@leeward/lab/nimble/simulator';
import { admin, token } from '@leeward/lab/nimble/testing/start-pair';
import { sides, syncConfig } from '@leeward/lab/nimble/testing/sync-config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SimulatorProcess } from './simulator-process.ts';

/** argv: address, port, user, password, pool of each side. Prints a line for each proof; any failure raises. */
const script = `
import sys, time
from nimbleclient import NimOSClient
from nimbleclient.exceptions import NimOSAPIError
address, port, user, password, pool_a, pool_b = sys.argv[1:]
client = NimOSClient(address, user, password, port=int(port), job_timeout=30)

def proof(text):
    print('proved: ' + text)

def refused(code, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except NimOSAPIError as error:
        assert code in str(error), (code, error)
        return
    raise AssertionError('not refused: ' + code)

found = client.volume_collections.list(detail=True, replication_type='synchronous')
assert sorted(one.attrs['name'] for one in found) == ['vc-one', 'vc-sync'], found
for one in found:
    assert one.attrs['synchronous_replication_type'] == 'soft_available'
    assert one.attrs['synchronous_replication_state'] == 'in_sync'
    assert {row['pool_name'] for row in one.attrs['upstream_volume_list']} == {pool_a}
    assert {row['pool_name'] for row in one.attrs['downstream_volume_list']} == {pool_b}
proof('synchronous volume collections are listed')

roles = {}
for role in ('synchronous_upstream', 'synchronous_downstream'):
    for volume in client.volumes.list(detail=True, replication_role=role):
        roles.setdefault(volume.attrs['name'], {})[role] = volume
assert sorted(roles) == ['ds1', 'ds2', 'ds3']
for halves in roles.values():
    up, down = halves['synchronous_upstream'], halves['synchronous_downstream']
    assert up.id != down.id and up.attrs['serial_number'] == down.attrs['serial_number']
    assert up.attrs['iscsi_target_scope'] == 'group'
proof('halves have one identity and two ids')

partners = {one.attrs['name']: one for one in client.replication_partners.list(detail=True, partner_type='pool')}
assert sorted(partners) == [pool_a, pool_b]
refused('SM_pool_partner_pause_unsup', client.replication_partners.pause, partners[pool_b].id)
proof('partners of the type pool cannot be paused')

vc = client.volume_collections.get(name='vc-sync')
made = client.snapshot_collections.create('sdk-run', volcoll_id=vc.id, replicate=True, start_online=False)
halves = client.snapshot_collections.list(detail=True, name='sdk-run')
assert len(halves) == 2
by_owner = {one.attrs['srep_owner_id']: one for one in halves}
up, down = by_owner[partners[pool_a].id], by_owner[partners[pool_b].id]
assert made.id == up.id and up.attrs['peer_snapcoll_id'] == down.id and down.attrs['peer_snapcoll_id'] == up.id
proof('one create makes two linked snapshot collections')

member = next(row for row in down.attrs['snapshots_list'] if row['vol_name'] == 'ds1')
assert member['vol_id'] == roles['ds1']['synchronous_downstream'].id
clone = client.volumes.create('sdk-clone', clone=True, base_snap_id=member['snap_id'], online=True)
assert clone.attrs['pool_name'] == pool_b
refused('SM_snap_has_clone', client.snapshot_collections.delete, down.id)
client.volumes.offline(clone.id)
client.volumes.delete(clone.id)
proof('a clone of the downstream half lives in the downstream pool')

client.snapshot_collections.delete(down.id)
client.snapshot_collections.delete(up.id)
assert client.snapshot_collections.list(detail=True, name='sdk-run') == []
proof('both halves are deleted')

refused('SM_srep_volcoll_unsup', client.volume_collections.promote, vc.id)
client.volume_collections.handover(vc.id, partners[pool_b].id)
for _ in range(200):
    now = client.volumes.get(roles['ds1']['synchronous_downstream'].id)
    if now.attrs['replication_role'] == 'synchronous_upstream':
        break
    time.sleep(0.05)
else:
    raise AssertionError('never handed over')
proof('a handover exchanges the roles')
`;

function sdkVersion(): string | undefined {
  try {
    const code = 'import nimbleclient; print(nimbleclient.__version__)';
    return execFileSync('python3', ['-c', code], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

const version = sdkVersion();
console.log(`judge: nimble-sdk ${version ?? ''} ${version ? 'ran' : 'absent'}`);

describe.skipIf(!version)('the vendor’s SDK against a group with synchronous pairs', () => {
  let folder: string;
  let group: SimulatorProcess<SimulatorAddresses>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nimble-sync-sdk-'));
    const config = syncConfig(join(folder, 'data'));
    group = await SimulatorProcess.start('nimble', join(folder, 'group.json'), config, token);
  });

  test('lists synchronous collections, and makes, reads and removes coordinated snapshot collections', async () => {
    const { restAddress, restPort } = group.addresses;
    const { upstream, downstream } = sides;
    const args = [restAddress, String(restPort), admin.name, admin.password, upstream.pool, downstream.pool];
    const { stdout } = await promisify(execFile)('python3', ['-c', script, ...args], { timeout: 120_000 });
    console.log(stdout);
    expect(stdout.match(/^proved: /gm)).toHaveLength(7);
  });

  afterAll(async () => {
    expect(await group.stop()).toBe(0);
    await rm(folder, { recursive: true, force: true });
  });
});
