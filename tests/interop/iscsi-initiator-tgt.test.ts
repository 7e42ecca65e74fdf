import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import { discoverTargets, reportLuns } from '@leeward/transports/iscsi/initiator/discovery';
import {
  type IscsiLun,
  type IscsiLunOptions,
  openIscsiLun,
} from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTgtd, type Tgtd } from './iscsi/tgtd.ts';
import { isInstalled, packageVersion } from './nfs/judges.ts';

const missing =
  process.getuid?.() !== 0
    ? 'needs root for its control socket'
    : ['tgtd', 'tgtadm'].filter((program) => !isInstalled(program)).join(', ');
console.log(`judge: tgt ${missing ? '-' : packageVersion('tgt')} ${missing ? `absent (${missing})` : 'ran'}`);

const plain = 'iqn.2024-01.org.leeward:plain';
const guarded = 'iqn.2024-01.org.leeward:guarded';
const digested = 'iqn.2024-01.org.leeward:digested';
const chap = { user: 'proxy', secret: 'one-way-secret' };
const mutual = { user: 'array', secret: 'the-other-secret' };

describe.skipIf(missing)('our initiator against tgtd', () => {
  const work = mkdtempSync(join(tmpdir(), 'leeward-tgt-'));
  const image = join(work, 'disk.raw');
  const content = randomBytes(48 * 1024 * 1024 + 512);
  const hash = createHash('sha256').update(content).digest('hex');
  const luns: IscsiLun[] = [];
  let tgtd: Tgtd;

  const common = () => ({
    portals: [{ host: '127.0.0.1', port: tgtd.port }],
    initiatorName: 'iqn.2024-01.org.leeward:proxy',
    clock: systemClock,
    randomness: systemRandomness,
  });

  async function open(options: Partial<IscsiLunOptions> = {}): Promise<IscsiLun> {
    const lun = await openIscsiLun({ ...common(), targetName: plain, lun: 1, ...options });
    luns.push(lun);
    return lun;
  }

  async function hashOf(lun: IscsiLun, pieceBytes = 3 * 1024 * 1024 + 777): Promise<string> {
    const sum = createHash('sha256');
    const buffer = Buffer.alloc(pieceBytes);
    for (let at = 0; at < lun.sizeBytes; at += pieceBytes) {
      const piece = buffer.subarray(0, Math.min(pieceBytes, lun.sizeBytes - at));
      await lun.read(at, piece);
      sum.update(piece);
    }
    return sum.digest('hex');
  }

  beforeAll(async () => {
    writeFileSync(image, content);
    tgtd = await startTgtd();
    tgtd.addTarget(1, plain, image);
    tgtd.addTarget(2, guarded, image);
    tgtd.addTarget(3, digested, image);
    for (const { user, secret } of [chap, mutual])
      tgtd.admin('--op', 'new', '--mode', 'account', '--user', user, '--password', secret);
    tgtd.admin('--op', 'bind', '--mode', 'account', '--tid', '2', '--user', chap.user);
    tgtd.admin('--op', 'bind', '--mode', 'account', '--tid', '2', '--user', mutual.user, '--outgoing');
    // Its own default is no digest, whatever an initiator would rather have.
    for (const name of ['HeaderDigest', 'DataDigest'])
      tgtd.admin('--op', 'update', '--mode', 'target', '--tid', '3', '--name', name, '--value', 'CRC32C');
  });

  afterEach(async () => {
    await Promise.all(luns.splice(0).map((lun) => lun.close()));
  });

  afterAll(async () => {
    await tgtd?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  it('discovers targets and LUNs', async () => {
    const found = await discoverTargets(common());
    expect(found.map(({ targetName }) => targetName).sort()).toEqual([digested, guarded, plain]);
    expect(found[0]?.portals).toEqual([{ host: '127.0.0.1', port: tgtd.port, groupTag: 1 }]);
    expect(await reportLuns({ ...common(), targetName: plain })).toEqual([0, 1]);
    // tgt has no CHAP for discovery here, as most arrays have none.
    const credentials = { ...chap, mutual };
    expect(await discoverTargets({ ...common(), chap: credentials })).toHaveLength(3);
    expect(await reportLuns({ ...common(), targetName: guarded, chap: credentials })).toEqual([0, 1]);
  });

  it('knows the LUN by vendor, serial and NAA, and that LUN 0 is no disk', async () => {
    const lun = await open();
    expect(lun.sizeBytes).toBe(content.length);
    expect(lun.identity).toMatchObject({ vendor: 'IET', product: 'VIRTUAL-DISK', serial: 'beaf11' });
    expect(lun.identity.naa).toMatch(/^6[0-9a-f]{31}$/);
    await expect(open({ lun: 0 })).rejects.toMatchObject({ code: 'L-BLK-210' });
    await expect(open({ lun: 9 })).rejects.toMatchObject({ code: 'L-BLK-201' });
    await expect(open({ targetName: 'iqn.2024-01.org.leeward:none' })).rejects.toMatchObject({
      code: 'L-BLK-105',
    });
  });

  it.each([1, 2, 4])('reads it all to the same SHA-256 with %i sessions', async (sessions) => {
    const lun = await open({ sessions });
    // Above the bursts of tgt, which are of 256 KiB.
    expect(lun.readBytes).toBe(524_288);
    expect(await hashOf(lun)).toBe(hash);
    expect(lun.counters).toMatchObject({ openSessions: sessions, sessionsReplaced: 0 });
  });

  it.each(['require', 'offer', 'accept', 'none'] as const)('digests: %s', async (digests) => {
    expect(await hashOf(await open({ targetName: digested, digests }))).toBe(hash);
  });

  it('has no digests with a target that does not want them, unless they are required', async () => {
    for (const digests of ['offer', 'accept'] as const)
      expect(await hashOf(await open({ digests }))).toBe(hash);
    await expect(open({ digests: 'require' })).rejects.toMatchObject({ code: 'L-BLK-108' });
  });

  it.each([
    ['one-way', chap],
    ['one-way, MD5 only', { ...chap, algorithms: ['md5' as const] }],
    ['mutual', { ...chap, mutual }],
  ])('CHAP %s', async (_, credentials) => {
    expect(await hashOf(await open({ targetName: guarded, chap: credentials }))).toBe(hash);
  });

  it.each([
    ['L-BLK-103', undefined],
    ['L-BLK-102', { ...chap, secret: 'wrong' }],
    ['L-BLK-102', { ...chap, user: 'wrong' }],
    ['L-BLK-104', { ...chap, mutual: { ...mutual, secret: 'wrong' } }],
  ])('CHAP refused: %s', async (code, credentials) => {
    await expect(open({ targetName: guarded, chap: credentials })).rejects.toMatchObject({ code });
  });

  it('reads on over the death and restart of the target', async () => {
    const lun = await open({ readBytes: 16_384 });
    const reading = hashOf(lun, 512 * 1024);
    await expect.poll(() => lun.counters.bytesRead).toBeGreaterThan(2_000_000);
    await tgtd.restart();
    tgtd.addTarget(1, plain, image);
    expect(await reading).toBe(hash);
    expect(lun.counters.sessionsReplaced).toBeGreaterThan(0);
  });
});
