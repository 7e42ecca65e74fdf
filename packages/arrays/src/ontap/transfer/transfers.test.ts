import type { Clock } from '@leeward/core';
import { LeewardError } from '@leeward/core';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, type FakeRequest, type RestFake, startRestFake } from '../../testing/rest-fake.ts';
import { OntapArray } from '../ontap-array.ts';
import { ontapSettingsSchema } from '../settings.ts';
import { Transfers } from './transfers.ts';

const certificate = await createSelfSignedCertificate({
  commonName: 'fake',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
const hurried: Clock = { ...systemClock, sleep: async (_ms, signal) => signal?.throwIfAborted() };
const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const cluster = { name: 'sec', uuid: uuid(9), version: { full: '', generation: 9, major: 14, minor: 1 } };
const request = { relation: { arraySerial: uuid(9), objectId: uuid(1) }, storageSnapshotName: 'leeward_a' };
const open: RestFake[] = [];

afterEach(async () => {
  for (const fake of open.splice(0)) await fake.close();
});

/** A secondary as one script: what the relation says, what is there, how the next update is answered. */
interface Script {
  state: string;
  transfer: Record<string, unknown> | undefined;
  snapshots: { name: string; uuid: string; create_time: string }[];
  listed: Record<string, unknown>[];
  posts: FakeAnswer[];
}

async function secondary(part: Partial<Script> = {}) {
  const script: Script = {
    state: 'snapmirrored',
    transfer: undefined,
    snapshots: [],
    listed: [],
    posts: [],
    ...part,
  };
  const answer = ({ method, path }: FakeRequest): FakeAnswer => {
    const ok = (body: unknown) => ({ status: 200, body });
    if (path === '/api/cluster') return ok(cluster);
    if (path === '/api/cluster/licensing/licenses') return ok({ records: [{ name: 'snapmirror' }] });
    if (path.endsWith('/snapshots')) return ok({ records: script.snapshots });
    if (path === '/api/storage/volumes')
      return ok({ records: [{ uuid: uuid(5), name: 'vol', svm: { name: 'svm' } }] });
    if (method === 'POST') return script.posts.shift() ?? { status: 500, body: { error: { code: '999' } } };
    if (method === 'PATCH') return ok({});
    const transfer = /\/transfers\/(.+)$/.exec(path)?.[1];
    if (transfer) {
      const found = script.listed.find((record) => record['uuid'] === transfer);
      return found ? ok(found) : { status: 404, body: { error: { code: '4' } } };
    }
    const { state, transfer: current } = script;
    const destination = { path: 'svm:vol', svm: { name: 'svm', uuid: uuid(6) } };
    return ok({
      uuid: uuid(1),
      state,
      healthy: true,
      destination,
      ...(current ? { transfer: current } : {}),
    });
  };
  const fake = await startRestFake({ key: certificate.keyPem, cert: certificate.certificatePem }, answer);
  open.push(fake);
  const trust = { kind: 'fingerprint', sha256: certificate.sha256 };
  const settings = {
    family: 'ontap',
    host: '127.0.0.1',
    port: fake.port,
    username: 'u',
    password: 'p',
    trust,
  };
  const array = new OntapArray(ontapSettingsSchema.parse(settings), { clock: hurried });
  return { script, fake, array, transfers: new Transfers(array) };
}

const started = (n: number): FakeAnswer => ({
  status: 201,
  headers: { location: `/api/snapmirror/relationships/${uuid(1)}/transfers/${uuid(n)}` },
});
const refused = (code: string, message: string): FakeAnswer => ({
  status: 400,
  body: { error: { code, message } },
});
const busyText = 'Transfer failed. Reason: Another transfer is in progress.';
const arrivedSnapshot = { name: 'leeward_a', uuid: uuid(7), create_time: '2026-01-01T01:00:00+01:00' };
const posted = (fake: RestFake) => fake.requests.filter(({ method }) => method === 'POST');

describe('one transfer', () => {
  it('names the storage snapshot and keeps the id from the answer', async () => {
    const { fake, transfers, script } = await secondary({ posts: [started(3)] });
    const ref = await transfers.start(request);
    expect(ref).toEqual({ ...request, transferId: uuid(3) });
    expect(posted(fake).map(({ body }) => body)).toEqual([{ source_snapshot: 'leeward_a' }]);
    script.transfer = { uuid: uuid(3), state: 'transferring', bytes_transferred: 10 };
    expect(await transfers.progress(ref)).toEqual({ state: 'transferring', bytesTransferred: 10 });
    script.transfer = { uuid: uuid(3), state: 'success', bytes_transferred: 20 };
    script.snapshots = [arrivedSnapshot];
    expect(await transfers.progress(ref)).toEqual({ state: 'done', bytesTransferred: 20 });
  });

  it('is not asked for when the storage snapshot is there already', async () => {
    const { fake, transfers } = await secondary({ snapshots: [arrivedSnapshot] });
    await transfers.start(request);
    expect(posted(fake)).toEqual([]);
  });

  it('waits while the array says so, in each of its ways, and starts when it can', async () => {
    const posts = [refused('13303844', busyText), refused('6619715', 'being modified'), started(3)];
    const { transfers } = await secondary({ posts });
    const ref = await transfers.start(request);
    expect(ref).toEqual(request);
    expect(await transfers.progress(ref)).toMatchObject({ state: 'waiting' });
    expect(await transfers.progress(ref)).toEqual({
      state: 'transferring',
      bytesTransferred: 0,
      transferId: uuid(3),
    });
  });

  it('waits behind a transfer of the administrator and takes up one that carries ours', async () => {
    const running = { uuid: uuid(4), state: 'transferring', bytes_transferred: 5 };
    const { fake, transfers, script } = await secondary({
      transfer: running,
      listed: [{ ...running, snapshot: 'hourly' }],
    });
    const ref = await transfers.start(request);
    expect(await transfers.progress(ref)).toMatchObject({ state: 'waiting' });
    script.listed = [{ ...running, snapshot: 'leeward_a' }];
    expect(await transfers.progress(ref)).toMatchObject({ state: 'transferring', transferId: uuid(4) });
    expect(posted(fake)).toEqual([]);
  });

  it.each(['paused', 'broken_off', 'uninitialized'])(
    'is never asked of a relation that is %s',
    async (state) => {
      const { fake, transfers } = await secondary({ state });
      await expect(transfers.start(request)).rejects.toMatchObject({ code: 'L-ARR-201', details: { state } });
      expect(posted(fake)).toEqual([]);
    },
  );

  it('that the array refuses for another reason is an error with its words', async () => {
    const { transfers } = await secondary({ posts: [refused('13303844', 'snapshot not found on source')] });
    const error = await transfers.start(request).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LeewardError);
    expect(error).toMatchObject({ code: 'L-ARR-202', details: { message: 'snapshot not found on source' } });
  });

  it('failed when it ended and nothing arrived, with the reason of the array', async () => {
    const failed = { uuid: uuid(3), state: 'failed' };
    const listed = [{ ...failed, error_info: { code: 6620046, message: 'Transfer aborted' } }];
    const { transfers } = await secondary({ transfer: failed, listed });
    expect(await transfers.progress({ ...request, transferId: uuid(3) })).toEqual({
      state: 'failed',
      bytesTransferred: 0,
      reason: 'the transfer ended as failed: Transfer aborted (code 6620046)',
    });
  });

  it('is asked for again when it ended well but only brought an older one that had been cut short', async () => {
    const success = { uuid: uuid(3), state: 'success' };
    const { fake, transfers, script } = await secondary({ transfer: success, posts: [started(4)] });
    const ref = { ...request, transferId: uuid(3) };
    expect(await transfers.progress(ref)).toMatchObject({ state: 'transferring', transferId: uuid(4) });
    script.transfer = { uuid: uuid(4), state: 'success' };
    script.snapshots = [arrivedSnapshot];
    expect((await transfers.progress(ref)).state).toBe('done');
    expect(posted(fake)).toHaveLength(1);
  });

  it('ends as failed when success never brings it', async () => {
    const success = { uuid: uuid(3), state: 'success' };
    const posts = [started(3), started(3), started(3), started(3), started(3)];
    const { transfers } = await secondary({ transfer: success, posts });
    const ref = { ...request, transferId: uuid(3) };
    const states: string[] = [];
    for (let look = 0; look < 4; look++) states.push((await transfers.progress(ref)).state);
    expect(states).toEqual(['transferring', 'transferring', 'transferring', 'failed']);
  });

  it('of another time under the same name is an error', async () => {
    const { transfers } = await secondary({ snapshots: [arrivedSnapshot] });
    const at = (createdAt: string) => transfers.start({ ...request, createdAt });
    await at('2026-01-01T00:00:00.000Z');
    await expect(at('2026-01-01T00:00:01.000Z')).rejects.toMatchObject({ code: 'L-ARR-203' });
  });
});

describe('abort', () => {
  const running = { uuid: uuid(3), state: 'transferring' };
  const patched = (fake: RestFake) =>
    fake.requests.filter(({ method }) => method === 'PATCH').map(({ path }) => path);

  it('ends our transfer', async () => {
    const { fake, transfers } = await secondary({ transfer: running });
    await transfers.abort({ ...request, transferId: uuid(3) });
    expect(patched(fake)).toEqual([`/api/snapmirror/relationships/${uuid(1)}/transfers/${uuid(3)}`]);
  });

  it('leaves the transfers of others alone', async () => {
    const { fake, transfers } = await secondary({
      transfer: running,
      listed: [{ ...running, snapshot: 'hourly' }],
    });
    await transfers.abort(request);
    await transfers.abort({ ...request, transferId: uuid(4) });
    expect(patched(fake)).toEqual([]);
  });
});
