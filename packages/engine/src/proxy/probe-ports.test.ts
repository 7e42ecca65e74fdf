import { createServer } from 'node:net';
import type { ReachProof } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import {
  initiatorName,
  startTestTarget,
  type TestTarget,
  type TestTargetOptions,
  targetName,
} from '@leeward/transports/iscsi/testing/test-target';
import { NfsStatusError } from '@leeward/transports/nfs/nfs-status';
import {
  MemoryFileSystem,
  type MemoryFileSystemOptions,
} from '@leeward/transports/nfs/testing/memory-file-system';
import { startPair, type TestPair } from '@leeward/transports/nfs/testing/test-pair';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryEngine } from '../flow/memory/memory-engine.ts';
import type { System, SystemSettings } from '../store/systems.ts';
import { type ProbeInput, type ProbePort, probeFlow } from './probe.ts';
import { probeDefinition } from './probe-ports.ts';

const address = '127.0.0.1';
const arraySerial = 'S1';
const secret = 'correct horse battery';
const secretId = 'array/S1/chap';
const mutualSecret = 'battery staple horse';
const mutualSecretId = 'array/S1/chap-mutual';
const opened: { close(): Promise<void> }[] = [];
let chap: SystemSettings['chap'];

beforeEach(() => {
  chap = undefined;
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

/** Runs the flow as a proxy does, and also gives all that the engine stored of it. */
async function probe(...ports: ProbePort[]): Promise<{ proofs: ReachProof[]; stored: string }> {
  const trust = { kind: 'ca' } as const;
  const settings = { host: 'a', port: 443, username: 'u', trust, ...(chap ? { chap } : {}) };
  const system: System = { id: arraySerial, kind: 'array', name: 'a', settings, secretId: 'array/S1' };
  const reveal = async (id: string) => {
    expect([secretId, mutualSecretId]).toContain(id);
    return id === secretId ? secret : mutualSecret;
  };
  const store = { systems: { get: async () => system }, secrets: { reveal } };
  const engine = new MemoryEngine({ clock: systemClock });
  engine.register(probeDefinition({ clock: systemClock, randomness: systemRandomness, store }));
  await engine.launch();
  const input: ProbeInput = { ports, initiatorName };
  await engine.start(probeFlow, 'probe-1', input);
  const end = await engine.wait('probe-1');
  expect(end.state).toBe('success');
  const stored = JSON.stringify([await engine.list(), end, input]);
  await engine.shutdown();
  return { proofs: probeFlow.parseOutput?.(end.result) ?? [], stored };
}

async function proofOf(port: ProbePort): Promise<ReachProof> {
  const { proofs } = await probe(port);
  expect(proofs).toHaveLength(1);
  expect(proofs[0]).toMatchObject({ arraySerial, address: port.address, protocol: port.protocol });
  return proofs[0] as ReachProof;
}

/** A port of this machine where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('NFS', () => {
  let read = 0;

  async function serve(options: MemoryFileSystemOptions = {}): Promise<{ port: ProbePort } & TestPair> {
    read = 0;
    const fileSystem = new MemoryFileSystem(options);
    const pair = await startPair(fileSystem, {
      onBytesRead: (_, bytes) => {
        read += bytes;
      },
    });
    opened.push(pair.server);
    const { nfsPort, mountPort } = pair.server;
    return { ...pair, port: { arraySerial, address, protocol: 'nfs', nfsPort, mountPort } };
  }

  it('mounts and reads a file of a replica', async () => {
    const { port, fileSystem } = await serve();
    fileSystem.addDirectory('empty');
    fileSystem.addFile('web/web-flat.vmdk', new Uint8Array(10_000).fill(7));
    const exports = [{ path: '/export', replica: true }];
    expect(await proofOf({ ...port, exports })).toMatchObject({
      reached: true,
      proved: 'read',
      sourceAddress: '127.0.0.1',
      text: '/export is mounted, 4096 bytes of a file were read',
    });
    expect(read).toBe(4096);
  });

  it('reads nothing of production: folders and what the server grants have to do', async () => {
    const { port, fileSystem } = await serve();
    fileSystem.addFile('web/web-flat.vmdk', new Uint8Array(10_000));
    const proof = await proofOf(port);
    expect(proof).toMatchObject({ reached: true, proved: 'read' });
    expect(proof).not.toHaveProperty('refused');
    expect(read).toBe(0);
  });

  it('says of an export without files that it is mounted', async () => {
    const { port } = await serve();
    expect(await proofOf(port)).toMatchObject({ reached: true, proved: 'mount' });
  });

  it('says that files may not be read when the server says so', async () => {
    const before = (procedure: string) => {
      if (procedure === 'READ') throw new NfsStatusError('ACCES');
    };
    const { port, fileSystem } = await serve({ before });
    fileSystem.addFile('web-flat.vmdk', new Uint8Array(10_000));
    const proof = await proofOf({ ...port, exports: [{ path: '/export', replica: true }] });
    expect(proof).toMatchObject({ reached: true, proved: 'mount', refused: 'L-NET-202' });
  });

  it('goes on to the next export when one refuses, and prefers what can be read', async () => {
    const { port, fileSystem } = await serve();
    fileSystem.addFile('ds1/a.vmx', new Uint8Array(10));
    const exports = [
      { path: '/secret', replica: true },
      { path: '/export/ds1', replica: true },
    ];
    expect(await proofOf({ ...port, exports })).toMatchObject({
      proved: 'read',
      text: expect.stringContaining('/export/ds1'),
    });
  });

  it('keeps a port reached whose exports all refuse this proxy, with the reason', async () => {
    const before = (procedure: string) => {
      if (procedure === 'MNT') throw new NfsStatusError('ACCES');
    };
    const { port } = await serve({ before });
    const proof = await proofOf(port);
    expect(proof).toMatchObject({ reached: true, proved: 'connected', sourceAddress: '127.0.0.1' });
    expect(proof.refused).toMatch(/^L-NET-10[67]$/);
    expect(proof.text).toContain('none of the exports tried (1) admits this proxy now');
  });

  it('says of a port where nobody listens that it is not reached, without a refusal', async () => {
    const nfsPort = await deadPort();
    const proof = await proofOf({ arraySerial, address, protocol: 'nfs', nfsPort, mountPort: nfsPort });
    expect(proof).toMatchObject({ reached: false, text: expect.stringContaining('ECONNREFUSED') });
    expect(proof).not.toHaveProperty('proved');
    expect(proof).not.toHaveProperty('refused');
  });

  it('does not take a MOUNT service for a reached port when NFS is closed', async () => {
    const { port } = await serve();
    expect(await proofOf({ ...port, nfsPort: await deadPort() })).toMatchObject({ reached: false });
  });
});

describe('iSCSI', () => {
  async function serve(options?: TestTargetOptions): Promise<{ port: ProbePort; test: TestTarget }> {
    const test = await startTestTarget(options);
    opened.push(test);
    const [iscsiPort] = test.server.ports;
    return { test, port: { arraySerial, address, protocol: 'iscsi', iscsiPort } };
  }

  it('logs in and reads a LUN that is mapped to this initiator', async () => {
    const { port } = await serve();
    expect(await proofOf(port)).toMatchObject({
      reached: true,
      proved: 'read',
      sourceAddress: '127.0.0.1',
      text: `login to ${targetName} works, 512 bytes of LUN 5 were read`,
    });
  });

  it('says that the login works where no LUN is mapped', async () => {
    const { port, test } = await serve();
    test.mapped.unmap(initiatorName, 5);
    const proof = await proofOf(port);
    expect(proof).toMatchObject({ reached: true, proved: 'login' });
    expect(proof.text).toBe(`login to ${targetName} works, no LUN is mapped to ${initiatorName} now`);
    expect(proof).not.toHaveProperty('refused');
  });

  it('keeps a portal reached that shows no target before a LUN is mapped', async () => {
    const { port, test } = await serve();
    test.mapped.forbid(initiatorName);
    expect(await proofOf(port)).toMatchObject({
      ...{ reached: true, proved: 'connected' },
      text: expect.stringContaining(`no target is shown to ${initiatorName}`),
    });
  });

  it('uses the CHAP user of the array, whose secret is nowhere in what the engine stores', async () => {
    chap = { username: 'proxies', secretId };
    const { port, test } = await serve();
    test.mapped.setChap(initiatorName, { user: 'proxies', secret });
    const { proofs, stored } = await probe(port);
    expect(proofs[0]).toMatchObject({ reached: true, proved: 'read' });
    expect(stored).toContain(targetName);
    expect(stored).not.toContain(secret);
  });

  it.each([
    ['proves itself', { user: 'array', secret: mutualSecret }, { reached: true, proved: 'read' }],
    [
      'knows another secret',
      { user: 'array', secret: 'another secret' },
      { reached: false, refused: 'L-BLK-104' },
    ],
    [
      'goes by another name',
      { user: 'other', secret: mutualSecret },
      { reached: false, refused: 'L-BLK-104' },
    ],
    ['has nothing to prove itself with', undefined, { reached: false, refused: 'L-BLK-102' }],
  ])('with mutual CHAP, where the target %s', async (_, mutual, expected) => {
    chap = { username: 'proxies', secretId, mutual: { username: 'array', secretId: mutualSecretId } };
    const { port, test } = await serve();
    test.mapped.setChap(initiatorName, { user: 'proxies', secret, mutual });
    const { proofs, stored } = await probe(port);
    expect(proofs[0]).toMatchObject(expected);
    expect(stored).not.toContain(mutualSecret);
  });

  it('logs in without CHAP while the array asks this initiator for none', async () => {
    chap = { username: 'proxies', secretId };
    const { port } = await serve();
    expect(await proofOf(port)).toMatchObject({ reached: true, proved: 'read' });
  });

  it.each([
    ['another secret', { username: 'proxies', secretId }, 'L-BLK-102'],
    ['no CHAP user here', undefined, 'L-BLK-103'],
  ])('does not count a portal as reached that refuses the login: %s', async (_, ours, refused) => {
    chap = ours;
    const { port, test } = await serve();
    test.mapped.setChap(initiatorName, { user: 'proxies', secret: 'another secret' });
    const proof = await proofOf(port);
    expect(proof).toMatchObject({ reached: false, refused });
    expect(proof).not.toHaveProperty('proved');
    expect(JSON.stringify(proof)).not.toContain(secret);
  });

  it('tells a LUN that cannot be read from a portal that cannot be reached', async () => {
    const beforeRead = () => {
      throw new Error('broken');
    };
    const { port } = await serve({ backend: { beforeRead } });
    const proof = await proofOf(port);
    expect(proof).toMatchObject({ reached: true, proved: 'login' });
    expect(proof.refused).toMatch(/^L-BLK-2/);
  });

  it('says of a port where nobody listens that it is not reached', async () => {
    const proof = await proofOf({ arraySerial, address, protocol: 'iscsi', iscsiPort: await deadPort() });
    expect(proof).toMatchObject({ reached: false, text: expect.stringContaining('ECONNREFUSED') });
  });

  it('does not take another service for an iSCSI portal', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end('SSH-2.0-other\r\n'.repeat(20));
    });
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    const { port } = server.address() as { port: number };
    const proof = await proofOf({ arraySerial, address, protocol: 'iscsi', iscsiPort: port });
    expect(proof.reached).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });
});

it('proves both protocols of one address side by side, one failure not costing the other', async () => {
  const target = await startTestTarget();
  opened.push(target);
  const nfsPort = await deadPort();
  const { proofs } = await probe(
    { arraySerial, address, protocol: 'nfs', nfsPort, mountPort: nfsPort },
    { arraySerial, address, protocol: 'iscsi', iscsiPort: target.server.ports[0] },
  );
  expect(proofs.map(({ protocol, reached }) => [protocol, reached])).toEqual([
    ['nfs', false],
    ['iscsi', true],
  ]);
});
