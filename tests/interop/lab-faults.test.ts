import { addSan, esxi } from '@leeward/lab/ontap/testing/san-pair';
import { type Pair, startPair, token } from '@leeward/lab/ontap/testing/start-pair';
import { ControlClient } from '@leeward/lab/scenario/control-client';
import { systemClock, systemRandomness } from '@leeward/platform';
import { NfsWriter } from '@leeward/transports/nfs/client/nfs-writer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isInstalled, packageVersion, run } from './nfs/judges.ts';

const hasNfs = isInstalled('nfs-cat');
const hasIscsi = isInstalled('iscsi-inq') && isInstalled('iscsi-readcapacity16');
console.log(`judge: libnfs ${hasNfs ? packageVersion('libnfs-utils') : '-'} ${hasNfs ? 'ran' : 'absent'}`);
console.log(
  `judge: libiscsi ${hasIscsi ? packageVersion('libiscsi-bin') : '-'} ${hasIscsi ? 'ran' : 'absent'}`,
);

describe.skipIf(!hasNfs && !hasIscsi)('faults of data ports as foreign clients see them', () => {
  let pair: Pair;
  let door: ControlClient;
  beforeAll(async () => {
    pair = await startPair([], addSan);
    door = new ControlClient({ port: pair.primary.addresses.controlPort, token });
    const { nfsPort = 0, mountPort = 0 } = pair.primary.addresses.dataPorts[0] ?? {};
    const writer = await NfsWriter.connect({
      ...{ addresses: ['127.0.0.1'], nfsPort, mountPort, exportPath: '/ds1' },
      ...{ clock: systemClock, randomness: systemRandomness },
    });
    await writer.write(await writer.createFile('file'), 0, Buffer.from('content'));
    await writer.close();
  });
  afterEach(() => door.delete('/faults'));
  afterAll(() => pair.close());

  const add = (fault: object) => door.post('/faults', { at: 'port', ...fault });
  const refuse = (code: string) => ({ kind: 'refuse', code });
  const cat = async () => {
    const { nfsPort, mountPort } = pair.primary.addresses.dataPorts[0] ?? {};
    const url = `nfs://127.0.0.1/ds1/file?nfsport=${nfsPort}&mountport=${mountPort}&uid=0&gid=0`;
    const { code, stdout, stderr } = await run('nfs-cat', [url]);
    return { code, out: stdout.toString(), said: stderr };
  };
  const portal = () => {
    const { address, port, targetName } = pair.primary.addresses.iscsiPortals[0] ?? {};
    return `iscsi://${address}:${port}/${targetName}`;
  };
  const iscsi = async (program: string) => {
    const { code, stdout, stderr } = await run(program, ['-i', esxi, `${portal()}/0`]);
    return { code, out: stdout.toString() + stderr };
  };

  test.skipIf(!hasNfs)('nfs-cat gets the file, then each refusal by its name', async () => {
    expect(await cat()).toMatchObject({ code: 0, out: 'content' });
    for (const [method, code, words] of [
      ['MNT', 'ACCES', /MNT3ERR_ACCES/],
      ['LOOKUP', 'NOENT', /NFS3ERR_NOENT/],
      ['LOOKUP', 'STALE', /NFS3ERR_STALE/],
      // It does not say which error of a READ it got.
      ['READ', 'IO', /Failed to read from file/],
    ] as const) {
      await add({ protocol: 'nfs', method, path: '/ds1*', action: refuse(code) });
      const { code: exit, out, said } = await cat();
      expect([method, exit === 0, out]).toEqual([method, false, '']);
      expect(said).toMatch(words);
      await door.delete('/faults');
    }
    expect(await cat()).toMatchObject({ code: 0, out: 'content' });
  });

  test.skipIf(!hasIscsi)('libiscsi gets the sense of a command, and is refused a login', async () => {
    expect((await iscsi('iscsi-readcapacity16')).code).toBe(0);
    await add({ method: 'INQUIRY', path: '/vol/san1/lun0', action: refuse('03/11/00') });
    const { code, out } = await iscsi('iscsi-inq');
    expect(code).not.toBe(0);
    expect(out).toMatch(/SENSE KEY:.*\(3\) ASCQ:.*\(0x1100\)/);
    await door.delete('/faults');
    await add({ protocol: 'iscsi', method: 'LOGIN', action: refuse('BUSY') });
    const login = await iscsi('iscsi-inq');
    expect(login.code).not.toBe(0);
    expect(login.out).toMatch(/login/i);
    await door.delete('/faults');
    expect((await iscsi('iscsi-inq')).code).toBe(0);
  });
});
