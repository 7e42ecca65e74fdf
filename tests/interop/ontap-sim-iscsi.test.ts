import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addSan, esxi, proxy } from '@leeward/lab/ontap/testing/san-pair';
import { admin, token } from '@leeward/lab/ontap/testing/start-pair';
import { HostLuns } from '@leeward/lab/san/host-luns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSdk } from './ontap-sdk-run.ts';
import { type ProcessPair, relationsReady, startProcessPair } from './ontap-sim-process.ts';

const run = promisify(execFile);
const mebibyte = 1024 * 1024;

function answerOf(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

const sdk = answerOf('python3', ['-c', 'import netapp_ontap; print(netapp_ontap.__version__)']);
const qemu = answerOf('qemu-img', ['--version'])
  ?.split('\n')[0]
  ?.replace(/^.*version /, '');
const libiscsi = ['iscsi-ls', 'iscsi-inq'].every((program) => answerOf('which', [program]) !== undefined);
console.log(`judge: netapp-ontap ${sdk ?? ''} ${sdk ? 'ran' : 'absent'}`);
console.log(`judge: qemu-img ${qemu ?? ''} ${qemu ? 'ran' : 'absent'}`);
console.log(`judge: libiscsi iscsi-ls, iscsi-inq ${libiscsi ? 'ran' : 'absent'}`);

/** The SDK sets the LUN up as a backup would; foreign initiators read it. */
describe.skipIf(!sdk)(
  'LUNs of the simulated pair, made by the vendor’s SDK, read by foreign initiators',
  () => {
    let pair: ProcessPair;
    let portal = '';
    let target = '';

    beforeAll(async () => {
      pair = await startProcessPair([], addSan);
      await relationsReady(pair.secondary);
      const port = pair.primary.addresses.hostPort ?? 0;
      const host = new HostLuns({ port, token, initiatorName: esxi });
      const [first] = await host.list();
      await (await host.open(first?.scsiName ?? '')).write(
        60 * mebibyte + 4096,
        Buffer.alloc(mebibyte, 0x5a),
      );
      host.close();
      const fill = { action: 'fill', svm: 'svm1', lun: '/vol/san1/lun0', seed: 3 };
      await pair.primary.control('POST', '/actions', { ...fill, lengthBytes: 5 * mebibyte });
      const [found] = pair.secondary.addresses.iscsiPortals;
      portal = `${found?.address}:${found?.port}`;
      target = found?.targetName ?? '';
    });

    afterAll(async () => {
      expect(await pair.stop()).toEqual([0, 0]);
    });

    test('the SDK drives service, LUNs, groups, mappings, clones', async () => {
      expect(
        await runSdk('ontap-sdk-san.py', pair, { user: admin.name, password: admin.password }),
      ).toHaveLength(6);
    });

    test.skipIf(!libiscsi)('discovery and identity', async () => {
      const listed = await run('iscsi-ls', ['-s', '-i', proxy, `iscsi://${portal}`]);
      expect(listed.stdout).toContain(`Target:${target}`);
      expect(listed.stdout).toMatch(/Lun:0\b/);
      const stranger = await run('iscsi-ls', ['-s', '-i', 'iqn.2024-01.org.leeward:x', `iscsi://${portal}`]);
      expect(stranger.stdout).toContain(`Target:${target}`);
      expect(stranger.stdout).not.toMatch(/Lun:\d/);
      const { luns } = await pair.secondary.control('GET', '/state');
      const lun = Object(Array.isArray(luns) ? luns.find((one) => one.path === '/vol/sdk_clone/lun0') : {});
      const url = `iscsi://${portal}/${target}/0`;
      const inquiry = (...more: string[]) => run('iscsi-inq', ['-i', proxy, ...more, url]);
      const standard = (await inquiry()).stdout;
      expect(standard).toMatch(/Vendor:NETAPP/);
      expect(standard).toMatch(/Product:LUN C-Mode/);
      expect((await inquiry('-e', '1', '-c', '128')).stdout).toContain(lun.serial);
      // The tool prints the designator's bytes as they are.
      const { stdout } = await run('iscsi-inq', ['-i', proxy, '-e', '1', '-c', '131', url], {
        encoding: 'buffer',
      });
      expect(stdout.toString('latin1')).toMatch(/NAA/);
      expect(stdout.toString('hex')).toContain(String(lun.scsiName).slice('naa.'.length));
    });

    test.skipIf(!qemu)('every byte', async () => {
      const source = JSON.stringify({
        driver: 'raw',
        file: { driver: 'iscsi', transport: 'tcp', portal, target, lun: 0, 'initiator-name': proxy },
      });
      const copy = join(pair.folder, 'copy.raw');
      await run('qemu-img', ['convert', '-O', 'raw', `json:${source}`, copy]);
      const hash = createHash('sha256');
      for await (const part of createReadStream(copy)) hash.update(part);
      const digest = { action: 'digest', svm: 'svm1', lun: '/vol/san1/lun0', snapshot: 'sdk_san' };
      const { sha256 } = await pair.primary.control('POST', '/actions', digest);
      expect(hash.digest('hex')).toBe(sha256);
      const { ports } = await pair.primary.control('GET', '/counters');
      const read = Array.isArray(ports) ? ports.map((port) => port.bytesRead) : [];
      expect(read.every((bytes) => bytes === 0)).toBe(true);
    });
  },
);
