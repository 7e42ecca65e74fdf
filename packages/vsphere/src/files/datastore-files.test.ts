import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { SeededRandomness, systemClock } from '@leeward/platform';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Rig, startRig } from '../testing/rig.ts';

const tls = await createSelfSignedCertificate({
  commonName: 'x',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
const file = { datacenterPath: '/Sites/Süd%2fWest', datastore: 'ds [1]', path: 'a b/ä#1.vmx' };
const content = Buffer.from(new SeededRandomness(5).bytes(300_000));
let rig: Rig;
let seen: { url: string; range: string }[];
/** Bytes after which an answer is cut, one number per answer. */
let cuts: number[];
let modified: string;
let modifiedAfterCut: string;

beforeEach(async () => {
  rig = await startRig(tls);
  seen = [];
  cuts = [];
  modified = 'Thu, 01 Jan 2026 00:00:00 GMT';
  modifiedAfterCut = modified;
  rig.fake.onFile = (request, response) => {
    if (!rig.fake.isLoggedIn(request)) return void response.writeHead(401).end();
    const { range = '' } = request.headers;
    seen.push({ url: request.url ?? '', range });
    const found = /^bytes=(\d+)-(\d*)$/.exec(range);
    const first = Number(found?.[1] ?? 0);
    const last = Math.min(found?.[2] ? Number(found[2]) : content.length - 1, content.length - 1);
    if (first >= content.length) return void response.writeHead(416).end();
    const part = content.subarray(first, last + 1);
    response.writeHead(found ? 206 : 200, {
      'content-length': part.length,
      'last-modified': modified,
      ...(found ? { 'content-range': `bytes ${first}-${last}/${content.length}` } : {}),
    });
    if (request.method === 'HEAD') return void response.end();
    const cut = cuts.shift();
    if (cut === undefined) return void response.end(part);
    modified = modifiedAfterCut;
    response.write(part.subarray(0, cut), () => setTimeout(() => response.socket?.destroy(), 20));
  };
});
afterEach(() => rig.close());

async function read(range?: { offsetBytes: number; lengthBytes: number }): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of rig.client.readDatastoreFile(file, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('a whole file, with every part of its address encoded', async () => {
  expect((await read()).equals(content)).toBe(true);
  expect(seen[0]?.url).toBe(
    '/folder/a%20b/%C3%A4%231.vmx?dcPath=Sites%2FS%C3%BCd%252fWest&dsName=ds%20%5B1%5D',
  );
});

test('its size', async () => {
  expect(await rig.client.datastoreFileSize(file)).toBe(300_000);
});

test('a range, also one that reaches beyond the end', async () => {
  expect((await read({ offsetBytes: 1_000, lengthBytes: 5 })).equals(content.subarray(1_000, 1_005))).toBe(
    true,
  );
  expect((await read({ offsetBytes: 299_990, lengthBytes: 50 })).equals(content.subarray(299_990))).toBe(
    true,
  );
  expect((await read({ offsetBytes: 400_000, lengthBytes: 50 })).length).toBe(0);
});

test('a connection that breaks again and again: every byte once', async () => {
  cuts = [100_000, 0, 50_000];
  expect((await read()).equals(content)).toBe(true);
  expect(seen.map(({ range }) => range)).toEqual(['', 'bytes=100000-', 'bytes=100000-', 'bytes=150000-']);
});

test('a file that changed in between is not patched together', async () => {
  cuts = [100_000];
  modifiedAfterCut = 'Thu, 01 Jan 2026 00:00:09 GMT';
  await expect(read()).rejects.toMatchObject({ code: 'L-VC-503' });
});

test('a lost session is renewed', async () => {
  await rig.client.about();
  rig.fake.endSessions();
  expect(await rig.client.datastoreFileSize(file)).toBe(300_000);
  expect(rig.fake.countOf('Login')).toBe(2);
});

test.each([
  [404, 'L-VC-501'],
  [403, 'L-VC-110'],
  [500, 'L-VC-502'],
] as const)('HTTP %i', async (status, code) => {
  rig.fake.onFile = (_, response) => void response.writeHead(status).end();
  await expect(read()).rejects.toMatchObject({ code });
  await expect(rig.client.datastoreFileSize(file)).rejects.toMatchObject({ code });
});

test('leaving the loop early ends the transfer', async () => {
  for await (const chunk of rig.client.readDatastoreFile(file)) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect((await read({ offsetBytes: 0, lengthBytes: 1 })).length).toBe(1);
});
