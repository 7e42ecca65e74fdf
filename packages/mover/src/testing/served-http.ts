import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { HttpFolderAccess } from '../disk/folder-access.ts';

export interface ServedHttp {
  readonly access: HttpFolderAccess;
  /** Every request in the order of coming: `GET /folder/a?…`, its range, and how it was authenticated. */
  readonly seen: {
    readonly line: string;
    readonly range: string;
    readonly by: 'basic' | 'cookie' | 'none';
  }[];
  /** Most answers that were under way at once. */
  readonly peak: () => number;
  readonly connections: () => number;
  /** Asked before each answer; when it answers itself it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  /** `Last-Modified` of all files. */
  modified: string;
  endSessions(): void;
  close(): Promise<void>;
}

const password = 'right:horse';

/** A `/folder` door as a scriptable server on loopback: files of the datastore `ds 1` of `Sites/DC 1`. */
export async function serveHttp(
  files: ReadonlyMap<string, Uint8Array>,
  tls: { readonly keyPem: string; readonly certificatePem: string; readonly sha256: string },
): Promise<ServedHttp> {
  const sessions = new Set<string>();
  let [count, inFlight, peak] = [0, 0, 0];
  const server = createServer({ key: tls.keyPem, cert: tls.certificatePem }, (request, response) => {
    inFlight++;
    peak = Math.max(peak, inFlight);
    response.once('close', () => inFlight--);
    answer(request, response).catch(() => response.destroy());
  });
  let connections = 0;
  server.on('secureConnection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { range = '', authorization = '', cookie = '' } = request.headers;
    const isCookie = sessions.has(cookie);
    const by = isCookie ? 'cookie' : authorization === '' ? 'none' : 'basic';
    served.seen.push({ line: `${request.method} ${request.url}`, range, by });
    if (await served.intercept(request, response)) return;
    const expected = `Basic ${Buffer.from(`ä:${password}`).toString('base64')}`;
    if (authorization === expected) {
      sessions.add(`vmware_soap_session="${++count}"`);
      response.setHeader('set-cookie', `vmware_soap_session="${count}"; Path=/; HttpOnly; Secure;`);
    } else if (!isCookie) return void response.writeHead(401).end('Unauthorized');
    const url = new URL(request.url ?? '/', 'https://x');
    const path = decodeURIComponent(url.pathname.replace(/^\/folder\/?/, ''));
    const isKnown = url.search === '?dcPath=Sites%2FDC%201&dsName=ds%201';
    const content = files.get(path);
    if (!isKnown) response.writeHead(404).end();
    else if (content) sendFile(request, response, content, served.modified);
    else sendListing(response, [...files.keys()], path);
  }

  const served: ServedHttp = {
    access: {
      protocol: 'http',
      host: '127.0.0.1',
      port,
      trust: { kind: 'fingerprint', sha256: tls.sha256 },
      datacenterPath: 'Sites/DC 1',
      datastore: 'ds 1',
      rootPath: '',
      login: { kind: 'basic', username: 'ä', password },
    },
    seen: [],
    peak: () => peak,
    connections: () => connections,
    intercept: () => false,
    modified: 'Thu, 01 Jan 2026 00:00:00 GMT',
    endSessions: () => sessions.clear(),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return served;
}

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  content: Uint8Array,
  modified: string,
): void {
  const found = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  const first = Number(found?.[1] ?? 0);
  const last = Math.min(Number(found?.[2] ?? content.length - 1), content.length - 1);
  if (found && first >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const part = content.subarray(first, last + 1);
  response.writeHead(found ? 206 : 200, {
    'content-length': part.length,
    'last-modified': modified,
    ...(found ? { 'content-range': `bytes ${first}-${last}/${content.length}` } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : part);
}

function sendListing(response: ServerResponse, paths: readonly string[], folder: string): void {
  const prefix = folder === '' ? '' : `${folder}/`;
  const names = new Set(
    paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length).split('/')[0]),
  );
  if (names.size === 0 && folder !== '') return void response.writeHead(404).end();
  const links = [...names].map((name) => {
    const link = `/folder/${`${prefix}${name}`.split('/').map(encodeURIComponent).join('/')}?dsName=ds%201`;
    return `<a href="${link}">${name}</a>`;
  });
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(
    `<html><body><a href="/folder?dsName=ds%201">Parent Directory</a>${links.join('\n')}</body></html>`,
  );
}
