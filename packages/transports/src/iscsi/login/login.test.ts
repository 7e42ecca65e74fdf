import { SeededRandomness } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChapCredentials } from '../initiator/chap-credentials.ts';
import { discoverTargets } from '../initiator/discovery.ts';
import { LoginDialogue } from '../initiator/login-dialogue.ts';
import { openIscsiLun } from '../initiator/open-iscsi-lun.ts';
import { OperationalOffer } from '../initiator/operational-offer.ts';
import { PduError } from '../pdu/pdu-error.ts';
import type { TargetChap } from '../target/served-target.ts';
import { initiatorName, startTestTarget, type TestTarget, targetName } from '../testing/test-target.ts';
import { chapResponse, decodeBinary, encodeBinary } from './chap.ts';
import { stage } from './login-pdu.ts';

const targets: TestTarget[] = [];
afterEach(async () => {
  await Promise.all(targets.splice(0).map((target) => target.close()));
});

async function withChap(chap: TargetChap | undefined): Promise<TestTarget> {
  const target = await startTestTarget();
  targets.push(target);
  target.mapped.setChap(initiatorName, chap);
  return target;
}

const secret = 'one-way-secret';
const user = 'proxy';
const mutual = { user: 'array', secret: 'the-other-secret' };

describe('CHAP', () => {
  it('hashes as RFC 1994 says', () => {
    // What md5sum says of 0x01, "secret", 0x02, 0x03.
    expect(chapResponse('md5', 1, 'secret', Uint8Array.of(2, 3)).toString('hex')).toBe(
      'f506c24f35d1c70e450edb8fdf933478',
    );
    expect(chapResponse('sha256', 1, 'secret', Uint8Array.of(2, 3)).length).toBe(32);
    expect(decodeBinary('k', '0x1ff')).toEqual(Buffer.from([1, 255]));
    expect(decodeBinary('k', '0bAQI=')).toEqual(Buffer.from([1, 2]));
    expect(encodeBinary(Uint8Array.of(0, 171))).toBe('0x00ab');
    for (const text of ['', '0x', '0xzz', 'abcd', `0x${'0'.repeat(3000)}`])
      expect(() => decodeBinary('k', text)).toThrow(PduError);
  });

  it.each([
    ['one-way', { user, secret }, { user, secret }],
    ['mutual', { user, secret, mutual }, { user, secret, mutual }],
    ['MD5 only at the target', { user, secret, algorithms: ['md5'] }, { user, secret }],
    ['MD5 only here', { user, secret }, { user, secret, algorithms: ['md5'] }],
    [
      'all algorithms',
      { user, secret, algorithms: ['sha3-256'] },
      { user, secret, algorithms: ['sha1', 'sha3-256'] },
    ],
    ['not demanded', undefined, { user, secret }],
  ] as [string, TargetChap | undefined, ChapCredentials][])('%s: lets in', async (_, theirs, chap) => {
    const target = await withChap(theirs);
    const lun = await openIscsiLun({ ...target.options, chap });
    await lun.read(0, new Uint8Array(512));
    await lun.close();
  });

  it.each([
    ['L-BLK-103', { user, secret }, undefined],
    ['L-BLK-102', { user, secret }, { user, secret: 'wrong' }],
    ['L-BLK-102', { user, secret }, { user: 'wrong', secret }],
    ['L-BLK-102', { user, secret }, { user, secret, mutual }],
    ['L-BLK-104', { user, secret, mutual }, { user, secret, mutual: { ...mutual, secret: 'wrong' } }],
    ['L-BLK-104', { user, secret, mutual }, { user, secret, mutual: { ...mutual, user: 'wrong' } }],
    ['L-BLK-102', { user, secret, algorithms: ['sha1'] }, { user, secret }],
  ] as [string, TargetChap, ChapCredentials | undefined][])('%s', async (code, theirs, chap) => {
    const target = await withChap(theirs);
    const failure = await openIscsiLun({ ...target.options, chap }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    const shown = JSON.stringify(failure) + String(failure);
    for (const hidden of [secret, mutual.secret]) expect(shown).not.toContain(hidden);
    expect(target.server.sessions).toEqual([]);
  });

  it('a target that lets us in without a proof is not trusted where a proof is wanted', async () => {
    const target = await withChap(undefined);
    const chap = { user, secret, mutual };
    await expect(openIscsiLun({ ...target.options, chap })).rejects.toMatchObject({ code: 'L-BLK-102' });
  });

  it('guards discovery too', async () => {
    const target = await startTestTarget({ target: { discoveryChap: { user, secret } } });
    targets.push(target);
    await expect(discoverTargets(target.options)).rejects.toMatchObject({ code: 'L-BLK-103' });
    expect(await discoverTargets({ ...target.options, chap: { user, secret } })).toHaveLength(1);
    expect(await discoverTargets({ ...target.options, chap: { user, secret, mutual } })).toHaveLength(1);
  });

  it('does not demand of discovery what only targets have to prove', async () => {
    const target = await withChap({ user, secret, mutual });
    expect(await discoverTargets({ ...target.options, chap: { user, secret, mutual } })).toHaveLength(1);
  });
});

describe('refusals', () => {
  it.each([
    ['L-BLK-105', { targetName: 'iqn.2024-01.org.leeward:other' }],
    ['L-BLK-106', { initiatorName: 'iqn.2024-01.org.leeward:stranger' }],
  ])('%s', async (code, options) => {
    const target = await withChap(undefined);
    await expect(openIscsiLun({ ...target.options, ...options })).rejects.toMatchObject({ code });
    expect(target.server.counters[0]).toMatchObject({ loginsRefused: 1, logins: 0 });
  });

  it.each([
    [0x0301, 'L-BLK-112'],
    [0x0206, 'L-BLK-112'],
    [0x0205, 'L-BLK-101'],
    [0x0204, 'L-BLK-105'],
  ])('status 0x%s', async (status, code) => {
    const target = await withChap(undefined);
    target.faults.onLogin = () => ({ kind: 'refuse', status });
    await expect(openIscsiLun(target.options)).rejects.toMatchObject({ code });
  });

  it('digests that one side requires and the other does not have', async () => {
    const forbids = await startTestTarget({ target: { digests: 'forbid' } });
    const requires = await startTestTarget({ target: { digests: 'require' } });
    targets.push(forbids, requires);
    await expect(openIscsiLun({ ...forbids.options, digests: 'require' })).rejects.toMatchObject({
      code: 'L-BLK-108',
      details: { key: 'HeaderDigest' },
    });
    await expect(openIscsiLun({ ...requires.options, digests: 'none' })).rejects.toMatchObject({
      code: 'L-BLK-101',
    });
    for (const options of [{ ...requires.options, digests: 'offer' } as const, requires.options]) {
      const lun = await openIscsiLun(options);
      await lun.read(1, new Uint8Array(1000));
      await lun.close();
    }
  });

  it('tries the next portal', async () => {
    const target = await startTestTarget({ portals: 3 });
    targets.push(target);
    const last = target.options.portals[2]?.port;
    target.faults.onLogin = ({ portal }) =>
      portal.endsWith(`:${last}`) ? undefined : { kind: 'refuse', status: 0x0203 };
    const lun = await openIscsiLun(target.options);
    await lun.close();
  });
});

it('offers digests in the order in which it would have them', () => {
  const wished = (digests: 'none' | 'accept' | 'offer' | 'require') => {
    const wish = {
      digests: { header: digests, data: digests },
      maxReceiveBytes: 65_536,
      maxBurstBytes: 65_536,
    };
    return new Map(new OperationalOffer(wish, true).keys()).get('DataDigest');
  };
  expect(wished('none')).toBe('None');
  expect(wished('accept')).toBe('None,CRC32C');
  expect(wished('offer')).toBe('CRC32C,None');
  expect(wished('require')).toBe('CRC32C');
});

describe('the dialogue', () => {
  const wish = {
    initiatorName,
    targetName,
    digests: { header: 'none', data: 'none' },
    maxReceiveBytes: 65_536,
    maxBurstBytes: 65_536,
    randomness: new SeededRandomness(1),
  } as const;
  const said = (keys: Record<string, string>, current: number, next: number) => ({
    transit: next !== current,
    current,
    next,
    keys: new Map(Object.entries(keys)),
  });

  it('answers what a target proposes by itself, and takes its limits', () => {
    const dialogue = new LoginDialogue({ ...wish, chap: undefined });
    dialogue.start();
    dialogue.answer(
      said({ AuthMethod: 'None', TargetPortalGroupTag: '3' }, stage.security, stage.operational),
    );
    const step = dialogue.answer(
      said({ OFMarker: 'Yes', 'X-org.example': '1' }, stage.operational, stage.operational),
    );
    expect(step).toMatchObject({
      keys: [
        ['OFMarker', 'No'],
        ['X-org.example', 'NotUnderstood'],
      ],
    });
    const keys = { MaxBurstLength: '8192', MaxRecvDataSegmentLength: '1024' };
    expect(dialogue.answer(said(keys, stage.operational, stage.fullFeature))).toMatchObject({
      maxBurstBytes: 8192,
      maxSendBytes: 1024,
      groupTag: 3,
    });
  });

  it('never says that it would write', () => {
    const dialogue = new LoginDialogue({ ...wish, chap: undefined });
    dialogue.start();
    const step = dialogue.answer(said({ AuthMethod: 'None' }, stage.security, stage.operational));
    const keys = new Map('keys' in step ? step.keys : []);
    expect([keys.get('ImmediateData'), keys.get('InitialR2T')]).toEqual(['No', 'Yes']);
  });

  it('does not let a target leave out the mutual proof', () => {
    const dialogue = new LoginDialogue({ ...wish, chap: { user, secret, mutual } });
    dialogue.start();
    expect(() => dialogue.answer(said({}, stage.security, stage.operational))).toThrow('CHAP');
  });

  it('ends a target that talks for ever', () => {
    const dialogue = new LoginDialogue({ ...wish, chap: undefined });
    dialogue.start();
    const forever = () => {
      for (let turn = 0; turn < 100; turn++) dialogue.answer(said({}, stage.security, stage.security));
    };
    expect(forever).toThrow(PduError);
  });
});
