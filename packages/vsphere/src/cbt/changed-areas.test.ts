import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Rig, startRig } from '../testing/rig.ts';
import { parseChangeId } from './change-id.ts';

const tls = await createSelfSignedCertificate({
  commonName: 'x',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
const epoch = '52 2d 7b 8f ac 61 51 cc-77 4c 7b ec 91 50 bb 7b';
const disk = { key: 2000, label: 'Hard disk 1', sizeBytes: 1 << 20, changeId: `${epoch}/9` };
const query = { vmMoId: 'vm-1', snapshotMoId: 'snapshot-1', disk, changeId: `${epoch}/7` };
let rig: Rig;

beforeEach(async () => {
  rig = await startRig(tls);
});
afterEach(() => rig.close());

function window(start: number, length: number, ...areas: readonly [number, number][]): string {
  const list = areas.map(
    ([at, size]) => `<changedArea><start>${at}</start><length>${size}</length></changedArea>`,
  );
  return `<returnval><startOffset>${start}</startOffset><length>${length}</length>${list.join('')}</returnval>`;
}

test('windows are asked for until the disk is covered', async () => {
  const asked: string[] = [];
  rig.fake.handlers.set('QueryChangedDiskAreas', ({ text }) => {
    const at = Number(/<startOffset>(\d+)</.exec(text)?.[1]);
    asked.push(/<snapshot.*?<\/changeId>/.exec(text)?.[0] ?? '');
    return at === 0
      ? window(0, 786_432, [65_536, 65_536], [131_072, 65_536])
      : window(786_432, 262_144, [983_040, 131_072]);
  });
  expect(await rig.client.changedAreas(query)).toEqual({
    usable: true,
    extents: [
      { offsetBytes: 65_536, lengthBytes: 131_072 },
      { offsetBytes: 983_040, lengthBytes: 65_536 },
    ],
  });
  expect(asked).toEqual(
    [0, 786_432].map(
      (at) =>
        `<snapshot type="VirtualMachineSnapshot">snapshot-1</snapshot><deviceKey>2000</deviceKey><startOffset>${at}</startOffset><changeId>${epoch}/7</changeId>`,
    ),
  );
});

test('of a disk that grew only the old part is asked for', async () => {
  rig.fake.handlers.set('QueryChangedDiskAreas', () => window(0, 1 << 20, [0, 1 << 20]));
  expect(await rig.client.changedAreas({ ...query, sizeBytes: 4_096 })).toEqual({
    usable: true,
    extents: [{ offsetBytes: 0, lengthBytes: 4_096 }],
  });
});

test('all that was ever written is asked for by a star', async () => {
  const asked: string[] = [];
  rig.fake.handlers.set('QueryChangedDiskAreas', ({ text }) => {
    asked.push(/<changeId>(.*)<\/changeId>/.exec(text)?.[1] ?? '');
    return window(0, 1 << 20, [0, 65_536]);
  });
  expect(await rig.client.allocatedAreas(query)).toEqual({
    usable: true,
    extents: [{ offsetBytes: 0, lengthBytes: 65_536 }],
  });
  expect(asked).toEqual(['*']);
  const untracked = { key: 2000, label: 'x', sizeBytes: 1 };
  expect(await rig.client.allocatedAreas({ ...query, disk: untracked })).toMatchObject({
    cause: 'not-tracked',
  });
});

describe('without asking', () => {
  test.each([
    ['not-tracked', 'L-VC-403', { disk: { key: 2000, label: 'x', sizeBytes: 1 } }],
    ['epoch-restarted', 'L-VC-401', { changeId: '00 2d/7' }],
    ['counter-went-back', 'L-VC-402', { changeId: `${epoch}/10` }],
    ['id-malformed', 'L-VC-405', { changeId: '*' }],
    ['id-malformed', 'L-VC-405', { changeId: '' }],
  ] as const)('%s', async (cause, code, part) => {
    expect(await rig.client.changedAreas({ ...query, ...part })).toMatchObject({
      usable: false,
      cause,
      reason: { code },
    });
    expect(rig.fake.calls).toEqual([]);
  });
});

describe('faults that cost speed only', () => {
  const argument = (name: string) => ({
    fault: 'InvalidArgument',
    inside: `<invalidProperty>${name}</invalidProperty>`,
  });
  test.each([
    ['id-unknown', { fault: 'FileFault', inside: '<file>/vmfs/volumes/x</file>' }],
    ['id-unknown', { fault: 'FileNotFound', inside: '<file>x-ctk.vmdk</file>' }],
    ['id-unknown', { fault: 'InvalidArgument' }],
    ['disk-unknown', argument('deviceKey')],
    ['id-malformed', argument('changeId')],
    ['answer-untrusted', argument('startOffset')],
    ['answer-untrusted', window(0, 0)],
    ['host-trouble', { fault: 'SystemError' }],
    ['host-trouble', { fault: 'HostNotConnected' }],
    ['host-trouble', { status: 503 }],
  ] as const)('%s', async (cause, reply) => {
    rig.fake.handlers.set('QueryChangedDiskAreas', () => reply);
    const result = await rig.client.changedAreas(query);
    expect(result).toMatchObject({ usable: false, cause });
    if (!result.usable) expect(result.reason.message).toContain('Hard disk 1');
  });
});

describe('faults that end the attempt', () => {
  test.each([
    [
      'L-VC-409',
      { fault: 'ManagedObjectNotFound', inside: '<obj type="VirtualMachineSnapshot">snapshot-1</obj>' },
    ],
    ['L-VC-201', { fault: 'ManagedObjectNotFound', inside: '<obj type="VirtualMachine">vm-1</obj>' }],
    ['L-VC-409', { fault: 'NotFound' }],
    [
      'L-VC-110',
      {
        fault: 'NoPermission',
        inside: '<privilegeId>VirtualMachine.Provisioning.DiskRandomRead</privilegeId>',
      },
    ],
    ['L-VC-114', { fault: 'NotSupported' }],
  ])('%s', async (code, reply) => {
    rig.fake.handlers.set('QueryChangedDiskAreas', () => reply);
    await expect(rig.client.changedAreas(query)).rejects.toMatchObject({ code });
  });

  test('a host in trouble is asked again', async () => {
    let left = 2;
    rig.fake.handlers.set('QueryChangedDiskAreas', () =>
      left-- > 0 ? { fault: 'SystemError' } : window(0, 1 << 20),
    );
    expect(await rig.client.changedAreas(query)).toEqual({ usable: true, extents: [] });
  });
});

test('change ids are compared by value, not by spelling', () => {
  expect(parseChangeId('52 2D 7b-00/0012')).toEqual({ epoch: '522d7b00', counter: 12n });
  expect(parseChangeId(`${epoch}/18446744073709551615`)?.counter).toBe(18446744073709551615n);
  for (const text of ['*', '', '/1', 'a', 'a/', 'a/b', 'a/1/2', 'a/-1'])
    expect(parseChangeId(text)).toBeUndefined();
});
