import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasPrivilege } from '../api/authorization.ts';
import type { Services } from '../api/call.ts';
import type { Session } from '../api/sessions.ts';
import type { CatalogueFile } from '../datastore/catalogue.ts';
import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import { escapedName } from '../inventory/entity.ts';
import { escapeText } from '../soap/xml-tree.ts';
import { clientOf, cookieOf, setCookie } from './cookies.ts';
import type { Counters } from './counters.ts';
import { applyAction } from './injected.ts';
import { parseRange } from './range.ts';

const chunkBytes = 1 << 20;
const neededPrivileges = ['Datastore.Browse', 'Datastore.FileManagement'];

/** `/folder/…?dcPath=…&dsName=…`: files of datastores, read only. */
export async function answerFolder(
  services: Services,
  counters: Counters,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://lab');
  counters.count(`${request.method} /folder`);
  for (const action of services.faults.actions('before', { path: decodeURIComponent(url.pathname) }))
    if (await applyAction(services, response, action)) return;
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'Method not allowed');
  const session = authenticate(services, request, response);
  const isTicket = session === undefined && usesTicket(services, request, url);
  if (!session && !isTicket) {
    response.setHeader('www-authenticate', 'Basic realm="VMware HTTP server"');
    return end(response, 401, 'Unauthorized');
  }
  const datastore = datastoreOf(services, url);
  if (!datastore) return end(response, 404, 'Not found');
  const entity = services.world.entity(datastore.ref);
  const isAllowed = (privilege: string) =>
    session && entity && hasPrivilege(session.account, entity, privilege);
  if (session && !neededPrivileges.every(isAllowed)) return end(response, 403, 'Forbidden');
  const path = decodeURIComponent(url.pathname)
    .replace(/^\/folder\/?/, '')
    .replace(/\/$/, '');
  const file = datastore.catalogue.file(path);
  if (file) return sendFile(counters, request, response, file);
  if (datastore.catalogue.isDirectory(path)) return sendListing(response, datastore, path);
  return end(response, 404, 'Not found');
}

/** By session cookie, or by Basic, which opens a session of its own as real servers do. */
function authenticate(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
): Session | undefined {
  const known = services.sessions.touch(cookieOf(request));
  if (known) return known;
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return undefined;
  const [userName = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  try {
    const session = services.sessions.login(userName, password.join(':'), clientOf(request));
    if (session) response.setHeader('set-cookie', setCookie(session.cookie));
    return session;
  } catch {
    return undefined;
  }
}

/** A ticket is good for one request of its URL and method. */
function usesTicket(services: Services, request: IncomingMessage, url: URL): boolean {
  const id = cookieOf(request, 'vmware_cgi_ticket');
  const ticket = id === undefined ? undefined : services.tickets.get(id);
  if (id === undefined || !ticket) return false;
  const asked = new URL(ticket.url, 'https://lab');
  const isSame = decodeURIComponent(asked.pathname) === decodeURIComponent(url.pathname);
  if (!isSame || ticket.method !== `http${capital(request.method ?? '')}`) return false;
  services.tickets.delete(id);
  return true;
}

function capital(method: string): string {
  return method.slice(0, 1) + method.slice(1).toLowerCase();
}

function datastoreOf(services: Services, url: URL): SimulatedDatastore | undefined {
  const name = url.searchParams.get('dsName');
  const path = url.searchParams.get('dcPath')?.replace(/^\/|\/$/g, '');
  return services.world.datastores.find(
    (each) =>
      escapedName(each.name) === name && (path === undefined || escapedName(each.config.datacenter) === path),
  );
}

async function sendFile(
  counters: Counters,
  request: IncomingMessage,
  response: ServerResponse,
  file: CatalogueFile,
): Promise<void> {
  if (file.isLocked) return end(response, 500, 'Unable to access the file since it is locked');
  const { sizeBytes } = file;
  const range = parseRange(request.headers.range, sizeBytes);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${sizeBytes}`);
    return end(response, 416, 'Range not satisfiable');
  }
  const { start, end: stop } = range ?? { start: 0, end: sizeBytes };
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('content-length', stop - start);
  if (range) response.setHeader('content-range', `bytes ${start}-${stop - 1}/${sizeBytes}`);
  response.writeHead(range ? 206 : 200);
  if (request.method === 'GET')
    for (let at = start; at < stop && !response.destroyed; ) {
      const chunk = file.read(at, Math.min(chunkBytes, stop - at));
      if (chunk.length === 0) {
        response.destroy();
        return;
      }
      counters.fileBytesSent += chunk.length;
      at += chunk.length;
      if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  response.end();
}

function sendListing(response: ServerResponse, datastore: SimulatedDatastore, path: string): void {
  const rows = datastore.catalogue
    .children(path)
    .map(({ name, file }) => `<tr><td>${escapeText(name)}</td><td>${file?.sizeBytes ?? '-'}</td></tr>\n`);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(
    `<html><head><title>Index of ${escapeText(path)}</title></head><body><table>\n${rows.join('')}</table></body></html>\n`,
  );
}

function end(response: ServerResponse, status: number, text: string): void {
  response.setHeader('content-type', 'text/plain');
  response.writeHead(status).end(`${text}\n`);
}
