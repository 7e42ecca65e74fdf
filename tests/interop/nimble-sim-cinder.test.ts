import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { NimbleConfigInput } from '@leeward/lab/nimble/config';
import { admin } from '@leeward/lab/nimble/testing/start-pair';
import { systemClock, systemRandomness } from '@leeward/platform';
import { openIscsiLun } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type GroupProcess, type ProcessPair, startProcessPair } from './nimble-sim-process.ts';

const script = fileURLToPath(new URL('fixtures/openstack-cinder-judge.py', import.meta.url));

function cinderVersion(): string | undefined {
  try {
    const code = 'import importlib.metadata as m; print(m.version("cinder"))';
    return execFileSync('python3', ['-c', code], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

const version = cinderVersion();
console.log(`judge: openstack-cinder ${version ?? ''} ${version ? 'ran' : 'absent'}`);

/** The driver knows no other ports than those of the real system, so each group has a loopback address of its own. */
function moveTo(config: NimbleConfigInput, address: string): void {
  config.rest = { address, port: 5392 };
  config.iscsiPort = 3260;
  config.subnets = config.subnets?.map((subnet) => ({
    ...subnet,
    discoveryAddress: address,
    dataAddresses: [address],
  }));
}

const ownAddress = () => `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;

/** What the driver tells the host that attaches a volume. */
const attachedSchema = z.object({
  volume: z.string(),
  target_portals: z.tuple([z.string()]),
  target_iqns: z.tuple([z.string()]),
  target_luns: z.tuple([z.number()]),
});

/** Logs in as that host does, finds the volume's bytes there, and stays. */
async function openAttached(group: GroupProcess, attached: z.infer<typeof attachedSchema>) {
  const { volume } = attached;
  const lengthBytes = 2 ** 20;
  await group.control('POST', '/actions', { action: 'fill', volume, seed: 5, lengthBytes });
  const [host = '', port] = attached.target_portals[0].split(':');
  const lun = await openIscsiLun({
    clock: systemClock,
    randomness: systemRandomness,
    portals: [{ host, port: Number(port) }],
    initiatorName: 'iqn.2024-01.org.leeward:proxy1',
    targetName: attached.target_iqns[0],
    lun: attached.target_luns[0],
    sessions: 1,
  });
  const content = new Uint8Array(lengthBytes);
  await lun.read(0, content);
  const { sha256 } = await group.control('POST', '/actions', { action: 'digest', volume, lengthBytes });
  expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  return lun;
}

describe.skipIf(!version)('OpenStack’s driver against the simulated pair', () => {
  let pair: ProcessPair;

  beforeAll(async () => {
    pair = await startProcessPair((primary, secondary) => {
      moveTo(primary, ownAddress());
      moveTo(secondary, ownAddress());
    });
  });

  test('does what a volume service does, and is refused in the words that it knows', async () => {
    const side = ({ addresses }: GroupProcess) => ({ address: addresses.restAddress });
    const certificates = join(pair.folder, 'certificates.pem');
    await writeFile(
      certificates,
      [pair.primary, pair.secondary].map(({ addresses }) => addresses.certificatePem).join('\n'),
    );
    const setup = {
      user: admin.name,
      password: admin.password,
      certificates,
      primary: side(pair.primary),
      secondary: side(pair.secondary),
    };
    const path = join(pair.folder, 'setup.json');
    await writeFile(path, JSON.stringify(setup));
    const python = spawn('python3', [script, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => python.once('close', resolve));
    const proved: string[] = [];
    let attached: Awaited<ReturnType<typeof openAttached>> | undefined;
    for await (const line of createInterface({ input: python.stdout })) {
      const [word, ...rest] = line.split(': ');
      if (word === 'proved') proved.push(line);
      if (word === 'attached')
        attached = await openAttached(pair.primary, attachedSchema.parse(JSON.parse(rest.join(': '))));
      if (word === 'attached') python.stdin.write('reading\n');
      if (word !== 'refused') continue;
      await attached?.close();
      python.stdin.write('closed\n');
    }
    console.log(proved.join('\n'));
    expect(await ended).toBe(0);
    expect(proved).toHaveLength(9);
  });

  afterAll(async () => {
    expect(await pair.stop()).toEqual([0, 0]);
  });
});
