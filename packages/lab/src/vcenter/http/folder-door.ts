import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasPrivilege } from '../api/authorization.ts';
import type { Services } from '../api/call.ts';
import type { Session, SessionStore } from '../api/sessions.ts';
import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import { escapedName } from '../inventory/entity.ts';
import type { Counters } from './counters.ts';
import { sendFile } from './folder-file.ts';
import { type ListingPlace, listingPage } from './folder-listing.ts';
import { sessionOf, usesTicket } from './folder-login.ts';
import type { FolderOrigin } from './folder-origin.ts';
import { applyAction } from './injected.ts';

const neededPrivileges = ['Datastore.Browse', 'Datastore.FileManagement'];

export interface FolderDoor {
  readonly services: Services;
  readonly counters: Counters;
  readonly origin: FolderOrigin;
  /** Of this origin: accounts and cookies of a host are not those of vCenter. */
  readonly sessions: SessionStore;
}

/** `/folder/…?dcPath=…&dsName=…`: files of datastores, read only. */
export async function answerFolder(
  door: FolderDoor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { services, counters, origin } = door;
  const url = new URL(request.url ?? '/', 'https://lab');
  counters.count(`${request.method} /folder`);
  let cutAfterBytes: number | undefined;
  const occasion = { path: decodeURIComponent(url.pathname), origin: origin.name };
  for (const action of services.faults.actions('before', occasion)) {
    if (action.kind === 'cut' && action.afterBytes > 0) cutAfterBytes = action.afterBytes;
    else if (await applyAction(services, response, action)) return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'Method not allowed');
  const session = sessionOf(door.sessions, request, response);
  const isTicket = session === undefined && usesTicket(services, request);
  if (isTicket) origin.transfers.ticketUsed();
  if (!session && !isTicket) {
    response.setHeader('www-authenticate', 'Basic realm="VMware HTTP server"');
    return end(response, 401, 'Unauthorized');
  }
  const place = placeOf(origin, url);
  if (!place) return end(response, 404, 'Not found');
  const { datastore } = place;
  if (!datastore) return end(response, 200, listingPage(place.at, placesIn(origin, place.at)), 'text/html');
  if (session && !isAllowed(services, session, datastore)) return end(response, 403, 'Forbidden');
  const { path } = place.at;
  const file = datastore.catalogue.file(path);
  if (file) {
    if (file.isLocked || isHeld(services, datastore, path))
      return end(response, 500, 'Unable to access the file since it is locked');
    return sendFile({ counters, origin, request, response, file, datastore, cutAfterBytes });
  }
  if (!datastore.catalogue.isDirectory(path)) return end(response, 404, 'Not found');
  const rows = datastore.catalogue.children(path).map(({ name, file: child }) => ({
    name,
    file: child,
    place: { ...place.at, path: path === '' ? name : `${path}/${name}` },
  }));
  return end(response, 200, listingPage(place.at, rows), 'text/html');
}

interface Found {
  readonly at: ListingPlace;
  readonly datastore?: SimulatedDatastore;
}

/** What the address means here; undefined when there is no such datacenter or datastore. */
function placeOf(origin: FolderOrigin, url: URL): Found | undefined {
  const given = url.searchParams.get('dcPath')?.replace(/^\/|\/$/g, '');
  const name = url.searchParams.get('dsName');
  const path = decodeURIComponent(url.pathname)
    .replace(/^\/folder\/?/, '')
    .replace(/\/$/, '');
  const datacenter = given ?? origin.defaultDatacenter;
  if (datacenter !== undefined && !origin.datacenters.includes(datacenter)) return undefined;
  if (name === null) {
    if (path !== '') return undefined;
    return { at: { ...(given === undefined ? {} : { datacenter: given }), path } };
  }
  const among = datacenter === undefined ? origin.datacenters : [datacenter];
  for (const each of among) {
    const datastore = origin.datastores(each).find((known) => escapedName(known.name) === name);
    if (datastore) return { at: { datacenter: each, datastore: name, path }, datastore };
  }
  return undefined;
}

/** The datacenters, or the datastores of one. */
function placesIn(origin: FolderOrigin, { datacenter }: ListingPlace) {
  if (datacenter === undefined)
    return origin.datacenters.map((name) => ({ name, place: { datacenter: name, path: '' } }));
  return origin.datastores(datacenter).map((datastore) => {
    const name = escapedName(datastore.name);
    return { name, place: { datacenter, datastore: name, path: '' } };
  });
}

/** Accounts of a host are not in vCenter's inventory: who may log in there may read. */
function isAllowed(services: Services, session: Session, datastore: SimulatedDatastore): boolean {
  const entity = services.world.entity(datastore.ref);
  return neededPrivileges.every(
    (privilege) => entity !== undefined && hasPrivilege(session.account, entity, privilege),
  );
}

/** The file that a running VM writes to: the base of a disk, or the newest delta. */
function isHeld({ world }: Services, datastore: SimulatedDatastore, path: string): boolean {
  return world.vms.some(
    (vm) =>
      vm.isRunning &&
      vm.disks.some(
        ({ folder, top }) =>
          folder.datastore === datastore && `${folder.directory}/${top.extentName}` === path,
      ),
  );
}

function end(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  const body = `${text}\n`;
  response.setHeader('content-type', `${type}; charset=utf-8`);
  response.setHeader('content-length', Buffer.byteLength(body));
  response.writeHead(status).end(body);
}
