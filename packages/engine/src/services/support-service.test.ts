import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { jobDefaults, LeewardError, reportOf } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStoreOfTests, type StoreOfTests } from '../store/testing/store-of-tests.ts';
import { jsonWithoutSecrets } from '../support/without-secrets.ts';
import { SupportService } from './support-service.ts';

const secrets = {
  'vcenter/1': 'vc-Passw0rd-äö"x',
  'array/1': 'arr4y:Secret+/=',
  'array/1/chap': 'chap-secret-14ch',
  'repository/1': 'correct horse battery',
};
const hash = 'token-hash-5f0c2a';
const run = '20261126T120000Z-abcd';
let tests: StoreOfTests;
let support: SupportService;

beforeAll(async () => {
  tests = await openStoreOfTests();
  const { store, folder, db } = tests;
  support = new SupportService({ store, db, clock: systemClock, version: '1.2.3', dataFolder: folder });
  for (const [id, plain] of Object.entries(secrets)) await store.secrets.put(id, plain);
  const settings = { host: 'h', port: 1, username: 'u', trust: { kind: 'ca' } } as const;
  await store.systems.add({ id: '1', kind: 'array', name: 'site-b', settings, secretId: 'array/1' });
  await store.jobs.add({ ...jobDefaults, id: 'j', name: 'nightly', vms: ['x'], repositoryId: 'r' });
  await store.runs.add({ id: run, jobId: 'j', kind: 'backup', startedAt: '2026-11-26T12:00:00Z' });
  await store.runs.add({
    id: '20261126T130000Z-abcd',
    jobId: 'j',
    kind: 'backup',
    startedAt: '2026-11-26T13:00:00Z',
  });
  // Foreign systems may repeat what they were sent, in any form.
  const forms = Object.values(secrets).flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64'),
    Buffer.from(`leeward:${secret}`).toString('base64'),
    Buffer.from(`u:${secret}`).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ]);
  const reason = `refused: ${forms.join(' | ')}`;
  await store.runLog.event(run, '', new LeewardError('L-CFG-203', { host: 'db', reason }));
  const problem = reportOf(new LeewardError('L-CFG-203', { host: 'db', reason }));
  await store.runVms.put({ runId: run, vmKey: 'v', name: 'web-01', state: 'failed' }, {}, problem);
  await store.runLog.step(
    run,
    ['v'],
    'read',
    async () => 1,
    () => ({ tokenHash: hash, password: 'x1x2x3x4' }),
  );
  await writeFile(join(folder, 'postgresql.log'), `line\n${forms.join('\n')}\n`.repeat(3));
});
afterAll(() => tests.close());

async function bytesOf(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return gunzipSync(Buffer.concat(parts));
}

it('holds what helps, and no secret as it is, in base64 or in hex', async () => {
  const tar = await bytesOf(await support.bundle());
  const text = tar.toString();
  for (const name of ['versions', 'settings', 'systems', 'jobs', 'tables', 'codes-seen', 'journal-open'])
    expect(text).toContain(`leeward-support/${name}.json`);
  expect(text).toContain(`leeward-support/runs/${run}.json`);
  expect(text).toContain('L-CFG-203');
  expect(text).toContain('web-01');
  for (const secret of [...Object.values(secrets), hash, 'x1x2x3x4']) {
    const bytes = Buffer.from(secret);
    const middles = [0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .slice(shift + 1, -4),
    );
    for (const form of [secret, bytes.toString('hex'), bytes.toString('base64'), ...middles])
      expect([form, text.includes(form)]).toEqual([form, false]);
  }
});

it('may be of one run; an unknown one is refused', async () => {
  const text = (await bytesOf(await support.bundle({ run: '20261126T13' }))).toString();
  expect([...text.matchAll(/leeward-support\/runs\/(\S+)\.json/g)].map(([, id]) => id)).toEqual([
    '20261126T130000Z-abcd',
  ]);
  await expect(support.bundle({ run: 'nothing' })).rejects.toMatchObject({ code: 'L-CFG-102' });
});

it('leaves out what is secret by its name, and keeps what is not', () => {
  const given = {
    secretId: 'array/1',
    newPassword: 'a',
    nested: [{ csrfToken: 'b', kept: 7, at: new Date(0) }],
  };
  expect(JSON.parse(jsonWithoutSecrets(given, []))).toEqual({
    secretId: 'array/1',
    nested: [{ kept: 7, at: '1970-01-01T00:00:00.000Z' }],
  });
});
