import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../clock/system-clock.ts';
import { CertificateChanged, HttpsClient } from './https-client.ts';
import { fetchFingerprint, normalFingerprint, type Trust, trustSchema } from './trust.ts';

type Certificate = Awaited<ReturnType<typeof createSelfSignedCertificate>>;

const make = (...altNames: string[]) =>
  createSelfSignedCertificate({ commonName: 'array.test', altNames, clock: systemClock });

describe('HttpsClient', () => {
  let first: Certificate;
  let second: Certificate;
  let elsewhere: Certificate;
  const open: { close(): unknown }[] = [];

  beforeAll(async () => {
    first = await make('127.0.0.1', 'localhost');
    second = await make('127.0.0.1', 'localhost');
    elsewhere = await make('other.test');
  });
  afterEach(async () => {
    for (const thing of open.splice(0).toReversed()) await thing.close();
  });

  async function serve({ keyPem, certificatePem }: Certificate, port = 0) {
    const requests: string[] = [];
    const server: Server = createServer({ key: keyPem, cert: certificatePem }, (request, answer) => {
      requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`);
      if (request.url === '/redirect') answer.writeHead(302, { location: '/elsewhere' }).end();
      else if (request.url !== '/silent') request.pipe(answer);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    open.push({ close });
    return { port: (server.address() as AddressInfo).port, requests, close };
  }

  function connect(port: number, trust: Trust, host = '127.0.0.1'): HttpsClient {
    const client = new HttpsClient({ origin: `https://${host}:${port}`, trust, headersTimeoutMs: 10_000 });
    open.push(client);
    return client;
  }

  const post = async (client: HttpsClient, path = '/x', body = 'hello') => {
    const answer = await client.request({
      method: 'POST',
      path,
      body,
      headers: { authorization: 'Basic abc' },
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  };

  it('talks to a server whose certificate is pinned, however the fingerprint is written', async () => {
    const { port, requests } = await serve(first);
    const colons = first.sha256.toUpperCase().replace(/(..)(?!$)/g, '$1:');
    for (const sha256 of [first.sha256, colons]) {
      const client = connect(port, { kind: 'fingerprint', sha256 });
      expect(await post(client)).toEqual({ status: 200, text: 'hello' });
    }
    expect(requests).toEqual(['POST /x Basic abc', 'POST /x Basic abc']);
  });

  it('sends nothing to a server that shows another certificate than the pinned one', async () => {
    const { port, requests } = await serve(second);
    const client = connect(port, { kind: 'fingerprint', sha256: first.sha256 });
    const failure = await post(client).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CertificateChanged);
    expect(failure).toMatchObject({ expectedSha256: first.sha256, seenSha256: second.sha256 });
    expect(requests).toEqual([]);
  });

  it('notices that the certificate changed while it was connected', async () => {
    const before = await serve(first);
    const client = connect(before.port, { kind: 'fingerprint', sha256: first.sha256 });
    expect(await post(client)).toMatchObject({ status: 200 });
    await before.close();
    const after = await serve(second, before.port);
    let failure: unknown;
    for (let turn = 0; turn < 3 && !(failure instanceof CertificateChanged); turn++)
      failure = await post(client).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CertificateChanged);
    expect(after.requests).toEqual([]);
  });

  it.each([
    ['an empty one', ''],
    ['a part of the right one', 'first half'],
  ])('accepts no fingerprint but the whole one: %s', async (_, sha256) => {
    const { port, requests } = await serve(first);
    const pinned = sha256 === '' ? '' : first.sha256.slice(0, 32);
    await expect(post(connect(port, { kind: 'fingerprint', sha256: pinned }))).rejects.toThrow();
    expect(requests).toEqual([]);
  });

  it('trusts the given authority, for the names in the certificate only', async () => {
    const { port } = await serve(first);
    const pem = first.certificatePem;
    expect(await post(connect(port, { kind: 'ca', pem }))).toMatchObject({ status: 200 });
    expect(await post(connect(port, { kind: 'ca', pem }, 'localhost'))).toMatchObject({ status: 200 });
    const other = await serve(elsewhere);
    await expect(
      post(connect(other.port, { kind: 'ca', pem: elsewhere.certificatePem })),
    ).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(other.requests).toEqual([]);
  });

  it('does not trust an unknown authority, neither by default nor by another one', async () => {
    const { port, requests } = await serve(first);
    await expect(post(connect(port, { kind: 'ca' }))).rejects.toThrow(/self-signed/);
    await expect(post(connect(port, { kind: 'ca', pem: second.certificatePem }))).rejects.toThrow();
    expect(requests).toEqual([]);
  });

  it('does not follow redirects, which could carry credentials away', async () => {
    const { port, requests } = await serve(first);
    const client = connect(port, { kind: 'fingerprint', sha256: first.sha256 });
    expect(await post(client, '/redirect')).toMatchObject({ status: 302 });
    expect(requests).toHaveLength(1);
  });

  it('ends a request when its signal aborts and when it is closed', async () => {
    const { port } = await serve(first);
    const client = connect(port, { kind: 'fingerprint', sha256: first.sha256 });
    const controller = new AbortController();
    const silent = client.request({ method: 'GET', path: '/silent', signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(silent).rejects.toThrow('enough');
    const closed = client.request({ method: 'GET', path: '/silent' });
    const failure = expect(closed).rejects.toThrow();
    await client.close();
    await failure;
  });

  it('shows the fingerprint of a server for a first use, and fails where there is none', async () => {
    const { port, close } = await serve(first);
    expect(await fetchFingerprint('127.0.0.1', port)).toBe(first.sha256);
    await close();
    await expect(fetchFingerprint('127.0.0.1', port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('Trust', () => {
  it('has no way to switch verification off', () => {
    expect(trustSchema.safeParse({ kind: 'none' }).success).toBe(false);
    expect(trustSchema.safeParse({ kind: 'fingerprint' }).success).toBe(false);
    expect(normalFingerprint('AB:cd 0f')).toBe('abcd0f');
  });
});
