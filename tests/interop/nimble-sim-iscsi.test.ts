import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RestCaller } from '@leeward/lab/nimble/testing/rest-caller';
import { admin } from '@leeward/lab/nimble/testing/start-pair';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProcessPair, startProcessPair } from './nimble-sim-process.ts';

const run = promisify(execFile);
const initiatorName = 'iqn.2024-01.org.leeward:proxy1';
const mebibyte = 1024 * 1024;

function versionOf(program: string): string | undefined {
  try {
    return execFileSync(program, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .split('\n')[0]
      ?.replace(/^.*version /, '');
  } catch {
    return undefined;
  }
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const qemu = versionOf('qemu-img');
const libiscsi = isInstalled('iscsi-ls') && isInstalled('iscsi-inq');
console.log(`judge: qemu-img ${qemu ?? ''} ${qemu ? 'ran' : 'absent'}`);
console.log(`judge: libiscsi iscsi-ls, iscsi-inq ${libiscsi ? 'ran' : 'absent'}`);

describe.skipIf(!qemu && !libiscsi)('the clone of a replica over iSCSI, read by foreign initiators', () => {
  let pair: ProcessPair;
  let secondary: RestCaller;
  let clone: Record<string, unknown> = {};
  let portal = '';

  beforeAll(async () => {
    pair = await startProcessPair();
    const primary = new RestCaller(pair.primary.addresses);
    secondary = new RestCaller(pair.secondary.addresses);
    await primary.login(admin);
    await secondary.login(admin);
    const fill = { action: 'fill', volume: 'ds2', seed: 3 };
    await pair.primary.control('POST', '/actions', { ...fill, lengthBytes: 5 * mebibyte });
    await pair.primary.control('POST', '/actions', {
      ...fill,
      offsetBytes: 1023 * mebibyte,
      lengthBytes: mebibyte,
    });
    const collection = await primary.create('snapshot_collections', {
      name: 'run-1',
      volcoll_id: String((await primary.one('volume_collections?name=vc-prod'))['id']),
      replicate: true,
    });
    const path = `snapshot_collections/${collection['id']}`;
    await primary.until(path, (row) => row['repl_status'] === 'complete');
    await primary.close();
    const replica = await secondary.one('volumes?name=ds2');
    const base = await secondary.one(`snapshots?vol_id=${replica['id']}&name=run-1`);
    clone = await secondary.create('volumes', {
      name: 'leeward-clone',
      clone: true,
      base_snap_id: String(base['id']),
    });
    await secondary.create('access_control_records', {
      vol_id: String(clone['id']),
      initiator_group_id: String((await secondary.one('initiator_groups?name=proxy'))['id']),
      apply_to: 'volume',
    });
    const [first] = pair.secondary.addresses.portals;
    portal = `${first?.address}:${first?.port}`;
  });

  afterAll(async () => {
    await secondary.close();
    expect(await pair.stop()).toEqual([0, 0]);
  });

  test.skipIf(!libiscsi)('discovery and identity', async () => {
    const listed = await run('iscsi-ls', ['-i', initiatorName, `iscsi://${portal}`]);
    expect(listed.stdout).toContain(`Target:${clone['target_name']}`);
    const stranger = await run('iscsi-ls', ['-i', 'iqn.2024-01.org.leeward:other', `iscsi://${portal}`]);
    expect(stranger.stdout).not.toContain('Target:');
    const url = `iscsi://${portal}/${clone['target_name']}/0`;
    const inquiry = (...more: string[]) => run('iscsi-inq', ['-i', initiatorName, ...more, url]);
    const standard = (await inquiry()).stdout;
    expect(standard).toMatch(/Vendor:Nimble/);
    expect(standard).toMatch(/Product:Server/);
    const serial = String(clone['serial_number']);
    expect((await inquiry('-e', '1', '-c', '128')).stdout).toContain(serial);
    const designators = (await inquiry('-e', '1', '-c', '131')).stdout;
    expect(designators).toMatch(/EUI[-_ ]?64/i);
    expect(designators.toLowerCase().replaceAll(/[^0-9a-f]/g, '')).toContain(serial);
  });

  test.skipIf(!qemu)('every byte', async () => {
    const source = JSON.stringify({
      driver: 'raw',
      file: {
        driver: 'iscsi',
        transport: 'tcp',
        portal,
        target: clone['target_name'],
        lun: 0,
        'initiator-name': initiatorName,
      },
    });
    const copy = join(pair.folder, 'copy.raw');
    await run('qemu-img', ['convert', '-O', 'raw', `json:${source}`, copy]);
    const hash = createHash('sha256');
    for await (const part of createReadStream(copy)) hash.update(part);
    const digest = { action: 'digest', volume: 'ds2', snapshot: 'run-1' };
    const { sha256 } = await pair.primary.control('POST', '/actions', digest);
    expect(hash.digest('hex')).toBe(sha256);
  });
});
