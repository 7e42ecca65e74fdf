import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReachProof } from '@leeward/core';
import { MemoryEngine } from '@leeward/engine/flow/memory/memory-engine';
import { type ProbePort, probeFlow } from '@leeward/engine/proxy/probe';
import { probeDefinition } from '@leeward/engine/proxy/probe-ports';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTgtd, type Tgtd } from './iscsi/tgtd.ts';
import { type Ganesha, startGanesha } from './nfs/ganesha.ts';
import { isInstalled, packageVersion } from './nfs/judges.ts';

const isRoot = process.getuid?.() === 0;
const missingTgt = isRoot ? absent('tgtd', 'tgtadm') : 'needs root for its control socket';
const missingGanesha = isRoot
  ? absent('ganesha.nfsd', 'rpcbind')
  : 'needs root for rpcbind and open_by_handle_at';
tell('tgt', missingTgt);
tell('nfs-ganesha', missingGanesha);

const initiatorName = 'iqn.2026-11.io.leeward:local';
const secret = 'one-way-secret';
const address = '127.0.0.1';
const arraySerial = 'S1';
const work = mkdtempSync(join(tmpdir(), 'leeward-probe-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function absent(...programs: readonly string[]): string {
  return programs.filter((program) => !isInstalled(program)).join(', ');
}

function tell(judge: string, missing: string): void {
  const version = missing ? '-' : packageVersion(judge);
  console.log(`judge: ${judge} ${version} ${missing ? `absent (${missing})` : 'ran'}`);
}

/** What the flow of the proxy proves; `username`: of the array's CHAP. */
async function probe(port: ProbePort, username?: string): Promise<ReachProof | undefined> {
  const chap = username === undefined ? {} : { chap: { username, secretId: 'chap' } };
  const settings = { host: 'a', port: 443, username: 'u', trust: { kind: 'ca' } as const, ...chap };
  const system = { id: arraySerial, kind: 'array' as const, name: 'a', settings, secretId: 'x' };
  const store = { systems: { get: async () => system }, secrets: { reveal: async () => secret } };
  const engine = new MemoryEngine({ clock: systemClock });
  engine.register(probeDefinition({ clock: systemClock, randomness: systemRandomness, store }));
  await engine.launch();
  await engine.start(probeFlow, 'probe', { ports: [port], initiatorName });
  const { result } = await engine.wait('probe');
  await engine.shutdown();
  return probeFlow.parseOutput?.(result)[0];
}

describe.skipIf(missingTgt)('probing tgtd', () => {
  let tgtd: Tgtd;
  const image = join(work, 'disk.raw');
  const port = (): ProbePort => ({ arraySerial, address, protocol: 'iscsi', iscsiPort: tgtd.port });

  beforeAll(async () => {
    writeFileSync(image, randomBytes(1024 * 1024));
    tgtd = await startTgtd();
  });
  afterAll(() => tgtd?.stop());

  it('does not take a portal for reached that hangs up, as tgtd does while it has no target', async () => {
    const proof = await probe(port());
    expect(proof).toMatchObject({ reached: false, text: expect.stringContaining('lost') });
    expect(proof).not.toHaveProperty('refused');
  });

  it('takes a portal for reached that shows this host no target', async () => {
    tgtd.addTarget(1, 'iqn.2024-01.org.leeward:disk', image);
    const admission = ['--mode', 'target', '--tid', '1', '-I'];
    tgtd.admin('--op', 'unbind', ...admission, 'ALL');
    expect(await probe(port())).toMatchObject({ reached: true, proved: 'connected' });
    tgtd.admin('--op', 'bind', ...admission, 'ALL');
  });

  it('logs in and reads, and then with CHAP', async () => {
    expect(await probe(port())).toMatchObject({ reached: true, proved: 'read', sourceAddress: address });
    tgtd.admin('--op', 'new', '--mode', 'account', '--user', 'proxies', '--password', secret);
    tgtd.admin('--op', 'bind', '--mode', 'account', '--tid', '1', '--user', 'proxies');
    expect(await probe(port(), 'proxies')).toMatchObject({ reached: true, proved: 'read' });
    const refused = { reached: false, refused: expect.stringMatching(/^L-BLK-10[23]$/) };
    expect(await probe(port())).toMatchObject(refused);
    expect(await probe(port(), 'others')).toMatchObject(refused);
  });

  it('says that the login works where the target has no disk', async () => {
    tgtd.admin('--op', 'delete', '--mode', 'logicalunit', '--tid', '1', '--lun', '1');
    const proof = await probe(port(), 'proxies');
    expect(proof).toMatchObject({ reached: true, proved: 'login' });
  });
});

describe.skipIf(missingGanesha)('probing nfs-ganesha', () => {
  let server: Ganesha;
  const exported = join(work, 'export');

  beforeAll(async () => {
    mkdirSync(join(exported, 'web'), { recursive: true });
    mkdirSync(join(exported, 'private'));
    writeFileSync(join(exported, 'web', 'web-flat.vmdk'), randomBytes(1024 * 1024), { mode: 0o600 });
    server = await startGanesha(work, exported);
  });
  afterAll(() => server?.stop());

  const port = (exports: ProbePort['exports'] = []): ProbePort => ({
    ...{ arraySerial, address, protocol: 'nfs', exports },
    ...{ nfsPort: server.nfsPort, mountPort: server.mountPort },
  });

  it('reads a replica although the export before it refuses this host', async () => {
    const exports = [join(exported, 'private'), exported].map((path) => ({ path, replica: true }));
    expect(await probe(port(exports))).toMatchObject({
      ...{ reached: true, proved: 'read', sourceAddress: address },
      text: expect.stringContaining('4096 bytes'),
    });
  });

  it('finds the exports that the server lists, and asks it for the right to read', async () => {
    expect(await probe(port())).toMatchObject({ reached: true, proved: 'read' });
  });
});
