import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock, systemRandomness } from '@leeward/platform';
import { diskContent } from '@leeward/repository/testing/disk-content';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { hurriedClock } from '../../testing/hurried-clock.ts';
import { type ServedHttp, serveHttp } from '../../testing/served-http.ts';
import type { HttpFolderAccess } from '../folder-access.ts';
import { type OpenFolder, openFolder } from './open-folder.ts';

const mib = 2 ** 20;
const tls = await createSelfSignedCertificate({
  commonName: 'x',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
const other = await createSelfSignedCertificate({
  commonName: 'x',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
const tools = { clock: hurriedClock(systemClock), randomness: systemRandomness };
const content = diskContent(10 * mib + 512, 71);
const files = new Map<string, Uint8Array>([
  ['vm ä/a#1.vmx', Buffer.from('displayName = "a"')],
  ['vm ä/a-flat.vmdk', content],
  ['vm ä/empty', new Uint8Array(0)],
]);
const flat = 'vm ä/a-flat.vmdk';
const secrets = /right:horse|vmware_soap_session/;

async function serve(): Promise<ServedHttp> {
  const served = await serveHttp(files, tls);
  onTestFinished(() => served.close());
  return served;
}

async function open(access: HttpFolderAccess): Promise<OpenFolder> {
  const folder = await openFolder(access, 'ds 1', tools);
  onTestFinished(() => folder.close());
  return folder;
}

async function read(folder: OpenFolder, offsetBytes: number, lengthBytes: number): Promise<Buffer> {
  const file = await folder.folder.open(flat);
  if (!file) throw new Error('no file');
  const target = Buffer.alloc(lengthBytes, 0xee);
  await file.read(offsetBytes, target);
  return target;
}

const errors: unknown[] = [];
async function failure(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  errors.push(error);
  return error;
}

afterEach(() => {
  for (const error of errors.splice(0)) {
    for (let at: unknown = error; at instanceof Error; at = at.cause)
      expect(`${at.message} ${JSON.stringify(at)}`).not.toMatch(secrets);
  }
});

describe('a folder over HTTPS', () => {
  it('reads ranges of any size, exactly', async () => {
    const served = await serve();
    const folder = await open(served.access);
    for (const [at, length] of [
      [0, 1],
      [5, 100_000],
      [mib - 7, 14],
      [mib, 131_072],
      [777, 131_073],
      [3, 9 * mib + 1],
      [content.length - 5, 5],
      [0, content.length],
    ] as const)
      expect((await read(folder, at, length)).equals(content.subarray(at, at + length))).toBe(true);
    const sizes = served.seen.flatMap(({ range }) => {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
      return last === undefined ? [] : [Number(last) - Number(first) + 1];
    });
    expect(Math.max(...sizes)).toBe(4 * mib);
    expect(served.seen[0]?.line).toBe(
      'GET /folder/vm%20%C3%A4/a-flat.vmdk?dcPath=Sites%2FDC%201&dsName=ds%201',
    );
    await expect(read(folder, content.length - 1, 2)).rejects.toThrow(RangeError);
  });

  it('does not connect anew for each request', async () => {
    const served = await serve();
    const folder = await open(served.access);
    for (let turn = 0; turn < 5; turn++) await read(folder, turn * mib, mib);
    await folder.names('vm ä');
    await folder.folder.open('vm ä/none');
    // A second one when the next request comes before the client has let go of the first.
    expect(served.connections()).toBeLessThanOrEqual(2);
  });

  it('asks for a window once, for many small reads', async () => {
    const served = await serve();
    const file = await (await open(served.access)).folder.open(flat);
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const target = Buffer.alloc(512);
        await file?.read(index * 512 * 7, target);
        expect(target.equals(content.subarray(index * 512 * 7, index * 512 * 7 + 512))).toBe(true);
      }),
    );
    expect(served.seen.map(({ range }) => range)).toEqual(['bytes=0-0', `bytes=0-${mib - 1}`]);
  });

  it('lists and reads small files, and tells absence from failure', async () => {
    const served = await serve();
    const folder = await open(served.access);
    expect(await folder.names('vm ä')).toEqual(['a#1.vmx', 'a-flat.vmdk', 'empty']);
    expect(await folder.names('')).toEqual(['vm ä']);
    expect(Buffer.from(await folder.readFile('vm ä/a#1.vmx', 100)).toString()).toBe('displayName = "a"');
    expect((await folder.readFile('vm ä/empty', 100)).length).toBe(0);
    expect(await folder.folder.open('vm ä/none')).toBeUndefined();
    expect(await failure(folder.readFile('vm ä/a#1.vmx', 3))).toMatchObject({ code: 'L-NET-411' });
    expect(await failure(folder.readFile('vm ä/b.vmx', 3))).toMatchObject({ code: 'L-NET-406' });
    expect(await failure(folder.names('none'))).toMatchObject({ code: 'L-NET-406' });
    expect(await failure(folder.readFile('../b', 3))).toMatchObject({ code: 'L-NET-415' });
    const gone = await open({ ...served.access, datastore: 'ds 2' });
    expect(await failure(gone.folder.open('vm ä/none'))).toMatchObject({ code: 'L-NET-406' });
    const below = await open({ ...served.access, rootPath: '/vm ä/' });
    expect((await below.folder.open('a-flat.vmdk'))?.sizeBytes).toBe(content.length);
  });

  it('knows an empty file by each way in which servers show it', async () => {
    const served = await serve();
    const folder = await open(served.access);
    for (const [status, headers] of [
      [416, {}],
      [416, { 'content-range': 'bytes */0' }],
      [200, { 'content-length': '0' }],
    ] as const) {
      served.intercept = (_, response) => {
        response.writeHead(status, headers).end();
        return true;
      };
      expect((await folder.folder.open(flat))?.sizeBytes).toBe(0);
    }
    served.intercept = (_, response) => {
      response.writeHead(200, { 'content-length': '17' }).end('<html>Oops</html>');
      return true;
    };
    expect(await failure(folder.folder.open(flat))).toMatchObject({ code: 'L-NET-409' });
  });

  it.each([
    ['the whole file', 200, {}, content],
    ['an error page of a proxy', 200, { 'content-type': 'text/html' }, Buffer.from('<html>Oops</html>')],
    ['no range named', 206, {}, content.subarray(0, mib)],
    [
      'another range',
      206,
      { 'content-range': `bytes 1-${mib}/${content.length}` },
      content.subarray(1, mib + 1),
    ],
    ['a shorter range', 206, { 'content-range': `bytes 0-9/${content.length}` }, content.subarray(0, 10)],
    [
      'a range of another unit',
      206,
      { 'content-range': `rows 0-${mib - 1}/${content.length}` },
      content.subarray(0, mib),
    ],
    [
      'more than the range',
      206,
      { 'content-range': `bytes 0-${mib - 1}/${content.length}`, 'transfer-encoding': 'chunked' },
      content.subarray(0, mib + 1),
    ],
    [
      'a length that is not that of the range',
      206,
      { 'content-range': `bytes 0-${mib - 1}/${content.length}`, 'content-length': `${mib - 1}` },
      content.subarray(0, mib - 1),
    ],
    [
      'something compressed',
      206,
      { 'content-range': `bytes 0-${mib - 1}/${content.length}`, 'content-encoding': 'gzip' },
      content.subarray(0, mib),
    ],
    ['a redirect', 302, { location: 'https://127.0.0.1/' }, Buffer.alloc(0)],
    ['a status of no use', 418, {}, Buffer.alloc(0)],
  ])('takes for data nothing but the range that it asked for: %s', async (_, status, headers, body) => {
    const served = await serve();
    const file = await (await open(served.access)).folder.open(flat);
    let answers = 0;
    served.intercept = (_request, response) => {
      answers++;
      response.writeHead(status, { 'last-modified': served.modified, ...headers });
      response.end(body);
      return true;
    };
    const error = await failure(file?.read(0, Buffer.alloc(mib)) ?? Promise.resolve());
    expect(error).toMatchObject({ code: 'L-NET-409' });
    expect(answers).toBe(1);
  });

  it.each([
    ['another size', 206, `bytes 0-${mib - 1}/${content.length + 512}`, undefined],
    ['shorter than what is read', 416, `bytes */5`, undefined],
    ['written since', 206, `bytes 0-${mib - 1}/${content.length}`, 'Thu, 01 Jan 2026 00:00:09 GMT'],
  ])('does not mix two states of a file: %s', async (_, status, range, modified) => {
    const served = await serve();
    const file = await (await open(served.access)).folder.open(flat);
    served.intercept = (_request, response) => {
      response.writeHead(status, { 'content-range': range, 'last-modified': modified ?? served.modified });
      response.end(status === 206 ? content.subarray(0, mib) : undefined);
      return true;
    };
    expect(await failure(file?.read(0, Buffer.alloc(mib)) ?? Promise.resolve())).toMatchObject({
      code: 'L-NET-410',
    });
  });

  it('goes on where it was when the connection breaks, or the answer ends early', async () => {
    const served = await serve();
    const folder = await open(served.access);
    const file = await folder.folder.open(flat);
    let cuts = 3;
    served.intercept = (request, response) => {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      if (last === undefined || cuts-- <= 0) return false;
      const [from, to] = [Number(first), Number(last)];
      const end = cuts === 1;
      response.writeHead(206, {
        'content-range': `bytes ${from}-${to}/${content.length}`,
        'last-modified': served.modified,
        ...(end ? { 'transfer-encoding': 'chunked' } : { 'content-length': to - from + 1 }),
      });
      const part = content.subarray(from, from + 300_000);
      if (end) response.end(part);
      else response.write(part, () => setTimeout(() => response.socket?.destroy(), 20));
      return true;
    };
    const target = Buffer.alloc(2 * mib);
    await file?.read(512, target);
    expect(target.equals(content.subarray(512, 512 + 2 * mib))).toBe(true);
    const starts = served.seen.flatMap(({ range }) => /^bytes=(\d+)-/.exec(range)?.[1] ?? []).map(Number);
    // The first asks for the size.
    expect(starts.slice(0, 2)).toEqual([0, 512]);
    expect(starts.length).toBe(5);
    expect(starts.at(-1)).toBeGreaterThan(512);
    cuts = 1000;
    served.intercept = (_, response) => {
      response.socket?.destroy();
      return true;
    };
    expect(await failure(file?.read(0, target) ?? Promise.resolve())).toMatchObject({ code: 'L-NET-401' });
  });

  it('repeats 5xx for a while, and says what it means when it stays', async () => {
    const served = await serve();
    const folder = await open(served.access);
    const file = await folder.folder.open(flat);
    const fail = (status: number, text: string, times: number) => {
      let left = times;
      served.intercept = (_, response) => {
        if (left-- <= 0) return false;
        response.writeHead(status).end(text);
        return true;
      };
    };
    const target = Buffer.alloc(mib);
    for (const status of [500, 502, 503, 429]) {
      fail(status, 'try later', 3);
      await file?.read(0, target);
      expect(target.equals(content.subarray(0, mib))).toBe(true);
    }
    for (const [status, text, code] of [
      [503, 'busy', 'L-NET-408'],
      [500, 'Unable to access the file since it is locked', 'L-NET-407'],
      [423, '', 'L-NET-407'],
      [403, '', 'L-NET-405'],
      [404, '', 'L-NET-406'],
    ] as const) {
      fail(status, text, 1000);
      expect(await failure(file?.read(0, target) ?? Promise.resolve())).toMatchObject({ code });
    }
    served.intercept = (_, response) => {
      response.writeHead(404).end();
      return true;
    };
    expect(await failure(folder.folder.open('vm ä/x') ?? Promise.resolve())).toMatchObject({
      code: 'L-NET-406',
    });
  });

  it('ends when it is aborted, and nothing is written to the target afterwards', async () => {
    const served = await serve();
    const folder = await open(served.access);
    const file = await folder.folder.open(flat);
    const target = Buffer.alloc(8 * mib);
    const stop = new AbortController();
    const reading = file?.read(0, target, stop.signal);
    const reason = new Error('enough');
    setTimeout(() => stop.abort(reason), 5);
    await reading?.catch((error: unknown) => expect(error).toBe(reason));
    const before = Buffer.from(target);
    await systemClock.sleep(50);
    expect(target.equals(before)).toBe(true);
    await expect(file?.read(0, target, AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
    await folder.close();
    await folder.close();
    expect(await failure(file?.read(2 * mib, Buffer.alloc(mib)) ?? Promise.resolve())).toMatchObject({
      code: 'L-NET-413',
    });
  });

  it('sends nothing to a server that it does not trust', async () => {
    const served = await serve();
    const pinned = { kind: 'fingerprint', sha256: other.sha256 } as const;
    const changed = await open({ ...served.access, trust: pinned });
    expect(await failure(changed.names(''))).toMatchObject({ code: 'L-NET-402' });
    const unknown = await open({ ...served.access, trust: { kind: 'ca', pem: other.certificatePem } });
    expect(await failure(unknown.names(''))).toMatchObject({ code: 'L-NET-403' });
    expect(served.seen).toEqual([]);
    const known = await open({ ...served.access, trust: { kind: 'ca', pem: tls.certificatePem } });
    expect(await known.names('')).toEqual(['vm ä']);
    await served.close();
    expect(await failure(known.names(''))).toMatchObject({ code: 'L-NET-401' });
  });
});

describe('logins', () => {
  it('sends the password once, then the cookie; again when the session is lost', async () => {
    const served = await serve();
    const folder = await open({ ...served.access, maxRequests: 8 });
    await Promise.all(Array.from({ length: 12 }, () => folder.names('')));
    const basics = () => served.seen.filter(({ by }) => by === 'basic').length;
    expect(basics()).toBe(1);
    served.endSessions();
    await Promise.all(Array.from({ length: 12 }, () => folder.names('')));
    expect(basics()).toBe(2);
  });

  it('uses Basic for all where no cookie is set', async () => {
    const served = await serve();
    served.intercept = (_, response) => {
      response.setHeader = () => response;
      return false;
    };
    const folder = await open(served.access);
    expect((await read(folder, 0, 9 * mib)).equals(content.subarray(0, 9 * mib))).toBe(true);
  });

  it('does not take a refusal for an answer, and sends a wrong password once, whoever asks', async () => {
    const served = await serve();
    const wrong = { kind: 'basic', username: 'ä', password: 'wrong' } as const;
    const folder = await open({ ...served.access, login: wrong });
    for (const error of await Promise.all([1, 2, 3, 4, 5].map(() => failure(folder.names('')))))
      expect(error).toMatchObject({ code: 'L-NET-404', details: { host: '127.0.0.1', datastore: 'ds 1' } });
    expect(served.seen.map(({ by }) => by)).toEqual(['basic']);
    const cookie = await open({
      ...served.access,
      login: { kind: 'session', cookie: 'vmware_soap_session="9"' },
    });
    expect(await failure(cookie.names(''))).toMatchObject({ code: 'L-NET-404' });
  });

  it('has no more requests under way than allowed', async () => {
    const served = await serve();
    const folder = await open({ ...served.access, maxRequests: 2 });
    served.intercept = () => systemClock.sleep(10).then(() => false);
    await Promise.all(Array.from({ length: 9 }, () => folder.names('')));
    expect(served.peak()).toBe(2);
  });
});
