import { isError } from '@leeward/core';
import { SeededRandomness, systemClock, systemRandomness } from '@leeward/platform';
import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';
import { NfsWriter } from '@leeward/transports/nfs/client/nfs-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textAt } from '../json.ts';
import { act } from './control/control-actions.ts';
import { RestCaller } from './testing/rest-caller.ts';
import { admin, type Pair, startPair } from './testing/start-pair.ts';

describe('the NFS data port', () => {
  let pair: Pair;
  let caller: RestCaller;

  beforeAll(async () => {
    pair = await startPair(['XDPDefault'], (primary) => {
      primary.svms[0]?.volumes?.push({ name: 'closed', sizeBytes: 2 ** 30, junction: '/ds2/closed' });
    });
    caller = new RestCaller(pair.primary.addresses, admin);
  });
  afterAll(async () => {
    await caller.close();
    await pair.close();
  });

  const options = (exportPath: string, uid = 0) => {
    const [port] = pair.primary.addresses.dataPorts;
    return {
      addresses: ['127.0.0.1'],
      nfsPort: port?.nfsPort ?? 0,
      mountPort: port?.mountPort ?? 0,
      exportPath,
      credential: { uid, gid: uid },
      clock: systemClock,
      randomness: systemRandomness,
      giveUpAfterMs: 1000,
    };
  };
  const volume = async (name: string) =>
    textAt((await caller.records(`/storage/volumes?name=${name}`))[0], 'uuid');
  const policyRules = async (name: string) => {
    const [policy] = await caller.records(`/protocols/nfs/export-policies?name=${name}`);
    return `/protocols/nfs/export-policies/${policy?.['id']}/rules`;
  };
  const post = async (path: string, body: Parameters<RestCaller['call']>[2]) => {
    const made = await caller.call('POST', path, body);
    expect([path, made.status]).toEqual([path, 201]);
  };
  const denied = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'allowed',
      (error: unknown) => (isError(error, 'L-NET-104') ? 'denied' : String(error)),
    );

  test('junctions have policies of their own; rules count at once', async () => {
    const root = await connectNfs(options('/'));
    const names: string[] = [];
    for await (const entry of root.readDirectory('')) names.push(entry.name);
    expect(names.filter((name) => !name.startsWith('.')).sort()).toEqual(['ds1', 'ds2']);
    await root.close();
    const inside = await connectNfs(options('/ds2'));
    // Reachable below an open volume, but its own policy `default` gives no write.
    expect((await inside.stat('closed')).type).toBe('directory');
    await inside.close();
    const writer = await NfsWriter.connect(options('/ds2/closed'));
    await expect(writer.createFile('f')).rejects.toThrow();
    await writer.close();
    const rules = await policyRules('default');
    await caller.call('DELETE', `${rules}/1`);
    expect(await denied(connectNfs(options('/ds1')))).not.toBe('allowed');
    await post(rules, {
      body: { clients: [{ match: '127.0.0.0/8' }], ro_rule: ['sys'], rw_rule: ['sys'], superuser: ['sys'] },
    });
    const again = await connectNfs(options('/ds2/closed'));
    await again.close();
  });

  test('root squash: what belongs to root stays closed without superuser', async () => {
    const writer = await NfsWriter.connect(options('/ds1'));
    const file = await writer.createFile('secret');
    await writer.write(file, 0, new Uint8Array([1, 2, 3]));
    await writer.close();
    for (const one of pair.primary.world.cluster.volumes.values())
      for (const inode of one.tree.inodes()) if (inode.facts.sizeBytes === 3) inode.facts.mode = 0o600;
    const mount = await connectNfs(options('/ds1'));
    expect(await mount.readFile('secret', 10)).toHaveLength(3);
    const rules = await policyRules('esx');
    await caller.call('PATCH', `${rules}/1`, { body: { superuser: ['none'] } });
    await expect(mount.readFile('secret', 10)).rejects.toThrow();
    await caller.call('PATCH', `${rules}/1`, { body: { superuser: ['sys'] } });
    await mount.close();
    const other = await connectNfs(options('/ds1', 1000));
    await expect(other.readFile('secret', 10)).rejects.toThrow();
    await other.close();
  });

  test('storage snapshots are frozen, read-only and gone when deleted', async () => {
    const uuid = await volume('ds1');
    const writer = await NfsWriter.connect(options('/ds1'));
    const before = new SeededRandomness(5).bytes(700_000);
    const file = await writer.createFile('disk');
    await writer.write(file, 0, before);
    await post(`/storage/volumes/${uuid}/snapshots?return_timeout=10`, { body: { name: 'frozen' } });
    await writer.write(file, 100_000, new Uint8Array(300_000));
    await writer.remove('secret');
    const mount = await connectNfs(options('/ds1'));
    expect(Buffer.compare(await mount.readFile('.snapshot/frozen/disk', 1_000_000), before)).toBe(0);
    expect(await mount.readFile('.snapshot/frozen/secret', 10)).toHaveLength(3);
    await expect(writer.createFile('.snapshot/frozen/new')).rejects.toThrow();
    const open = await mount.open('.snapshot/frozen/disk');
    const [snapshot] = await caller.records(`/storage/volumes/${uuid}/snapshots?name=frozen`);
    await caller.call('DELETE', `/storage/volumes/${uuid}/snapshots/${snapshot?.['uuid']}?return_timeout=10`);
    await expect(open.read(0, new Uint8Array(10))).rejects.toThrow();
    await caller.call('PATCH', `/storage/volumes/${uuid}?return_timeout=10`, {
      body: { snapshot_directory_access_enabled: false },
    });
    await expect(mount.stat('.snapshot')).rejects.toThrow();
    await mount.close();
    await writer.close();
  });

  test('a clone is writable and changes nothing of its parent', async () => {
    const uuid = await volume('ds1');
    await post(`/storage/volumes/${uuid}/snapshots?return_timeout=10`, { body: { name: 'base' } });
    await post('/storage/volumes?return_timeout=10', {
      body: {
        name: 'copy',
        svm: { name: 'svm1' },
        nas: { path: '/copy', export_policy: { name: 'esx' } },
        clone: { is_flexclone: true, parent_volume: { uuid }, parent_snapshot: { name: 'base' } },
      },
    });
    const parent = await connectNfs(options('/ds1'));
    const original = await parent.readFile('disk', 1_000_000);
    const writer = await NfsWriter.connect(options('/copy'));
    const file = await writer.openFile('disk');
    await writer.write(file, 0, new Uint8Array(200_000).fill(9));
    await writer.close();
    expect(Buffer.compare(await parent.readFile('disk', 1_000_000), original)).toBe(0);
    await parent.close();
    const [copy] = await caller.records('/storage/volumes?name=copy&fields=space.used');
    expect(Number(textAt(copy, 'space.used'))).toBe(4 * 65536);
    const drop = () =>
      caller.call('DELETE', `/storage/volumes/${copy?.['uuid']}?force=true&return_timeout=10`);
    expect((await drop()).body).toMatchObject({ error: { code: '917533' } });
    await caller.call('PATCH', `/storage/volumes/${copy?.['uuid']}?return_timeout=10`, {
      body: { nas: { path: '' } },
    });
    expect((await drop()).status).toBe(200);
  });

  test('a full volume answers NOSPC and refuses storage snapshots', async () => {
    await act(pair.primary.world, { action: 'setFreeBytes', volume: 'svm1:ds2', freeBytes: 0 });
    const writer = await NfsWriter.connect(options('/ds2'));
    await expect(writer.createFile('more')).rejects.toThrow();
    const made = await caller.call(
      'POST',
      `/storage/volumes/${await volume('ds2')}/snapshots?return_timeout=10`,
      {
        body: { name: 'no-room' },
      },
    );
    expect(made.body).toMatchObject({ error: { code: '524479' } });
    await act(pair.primary.world, { action: 'setFreeBytes', volume: 'svm1:ds2' });
    await writer.createFile('more');
    await writer.close();
  });

  test('an answer that is lost: the call has acted', async () => {
    const { faults } = pair.primary.world;
    const uuid = await volume('ds2');
    faults.add({
      at: 'rest',
      method: 'POST',
      path: '*/snapshots',
      times: 1,
      action: { kind: 'cut', when: 'after' },
    });
    const path = `/storage/volumes/${uuid}/snapshots?return_timeout=10`;
    await expect(caller.call('POST', path, { body: { name: 'lost' } })).rejects.toThrow();
    expect(await caller.records(`/storage/volumes/${uuid}/snapshots?name=lost`)).toHaveLength(1);
    faults.clear();
    faults.add({ at: 'rest', method: 'POST', path: '*/snapshots', times: 1, action: { kind: 'cut' } });
    await expect(caller.call('POST', path, { body: { name: 'never' } })).rejects.toThrow();
    expect(await caller.records(`/storage/volumes/${uuid}/snapshots?name=never`)).toEqual([]);
    faults.clear();
    faults.add({
      at: 'job',
      method: 'POST',
      action: { kind: 'refuse', code: 524819, message: 'clone failed' },
    });
    expect((await caller.call('POST', path, { body: { name: 'job' } })).body).toMatchObject({
      error: { code: '524819' },
    });
    faults.clear();
  });
});
