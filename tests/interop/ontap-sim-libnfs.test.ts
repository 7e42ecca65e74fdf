import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { textAt } from '@leeward/lab/json';
import { RestCaller } from '@leeward/lab/ontap/testing/rest-caller';
import { admin } from '@leeward/lab/ontap/testing/start-pair';
import { SeededRandomness, systemClock, systemRandomness } from '@leeward/platform';
import { NfsWriter } from '@leeward/transports/nfs/client/nfs-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ClusterProcess,
  type ProcessPair,
  relationsReady,
  startProcessPair,
} from './ontap-sim-process.ts';

function installed(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const present = installed('nfs-ls') && installed('nfs-cat');
console.log(`judge: libnfs ${present ? 'ran' : 'absent'}`);

const port = (cluster: ClusterProcess) => {
  const [first] = cluster.addresses.dataPorts;
  if (!first) throw new Error('no data port');
  return first;
};

describe.skipIf(!present)('libnfs against the data ports', () => {
  let pair: ProcessPair;
  const content = new SeededRandomness(7).bytes(5_000_000);
  const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

  const url = (cluster: ClusterProcess, path: string) => {
    const { address, nfsPort, mountPort } = port(cluster);
    return `nfs://${address}${path}?nfsport=${nfsPort}&mountport=${mountPort}&uid=0&gid=0`;
  };

  const cat = async (cluster: ClusterProcess, path: string): Promise<Buffer> => {
    const child = spawn('nfs-cat', [url(cluster, path)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    for await (const part of child.stdout) parts.push(part);
    return Buffer.concat(parts);
  };

  beforeAll(async () => {
    pair = await startProcessPair(['XDPDefault']);
    await relationsReady(pair.secondary);
    const { address, nfsPort, mountPort } = port(pair.primary);
    const writer = await NfsWriter.connect({
      addresses: [address],
      nfsPort,
      mountPort,
      exportPath: '/ds1',
      clock: systemClock,
      randomness: systemRandomness,
    });
    await writer.makeDirectory('vm');
    const file = await writer.createFile('vm/disk-flat.vmdk');
    await writer.write(file, 0, content);
    const primary = new RestCaller(pair.primary.addresses, admin);
    const uuid = async (caller: RestCaller) =>
      textAt((await caller.records('/storage/volumes?name=ds1'))[0], 'uuid');
    await primary.call('POST', `/storage/volumes/${await uuid(primary)}/snapshots?return_timeout=10`, {
      body: { name: 'one' },
    });
    await writer.write(file, 0, new Uint8Array(1_000_000));
    await writer.close();
    const secondary = new RestCaller(pair.secondary.addresses, admin);
    const [relation] = await secondary.records('/snapmirror/relationships');
    await secondary.call('POST', `/snapmirror/relationships/${relation?.['uuid']}/transfers`, {
      body: { source_snapshot: 'one' },
    });
    for (let turn = 0; turn < 200; turn++) {
      const { body } = await secondary.get(
        `/snapmirror/relationships/${relation?.['uuid']}?fields=transfer.state`,
      );
      if (textAt(body, 'transfer.state') === 'success') break;
      await systemClock.sleep(20);
    }
    await secondary.call('PATCH', `/storage/volumes/${await uuid(secondary)}?return_timeout=10`, {
      body: { nas: { path: '/ds1' } },
    });
    await Promise.all([primary.close(), secondary.close()]);
  });

  test('the hidden .snapshot of the replica is listed and read', async () => {
    const list = async (path: string) =>
      (await promisify(execFile)('nfs-ls', [url(pair.secondary, path)])).stdout;
    expect(await list('/ds1')).not.toContain('.snapshot');
    expect(await list('/ds1/.snapshot')).toMatch(/\bone\b/);
    expect(await list('/ds1/.snapshot/one/vm')).toMatch(/ 5000000 disk-flat\.vmdk/);
    expect(sha256(await cat(pair.secondary, '/ds1/.snapshot/one/vm/disk-flat.vmdk'))).toBe(sha256(content));
  });

  test('the primary keeps the storage snapshot while its live file changes', async () => {
    expect(sha256(await cat(pair.primary, '/ds1/.snapshot/one/vm/disk-flat.vmdk'))).toBe(sha256(content));
    const live = await cat(pair.primary, '/ds1/vm/disk-flat.vmdk');
    expect(live.subarray(0, 1_000_000).every((byte) => byte === 0)).toBe(true);
    expect(sha256(live.subarray(1_000_000))).toBe(sha256(content.subarray(1_000_000)));
  });

  test('bytes are counted per client', async () => {
    const { ports } = await pair.secondary.control('GET', '/counters');
    expect(ports).toMatchObject([{ bytesRead: 5_000_000, bytesWritten: 0, clients: { '127.0.0.1': {} } }]);
  });

  afterAll(async () => {
    expect(await pair.stop()).toEqual([0, 0]);
  });
});
