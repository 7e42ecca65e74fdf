import { bounded, type Clock, type Randomness } from '@leeward/core';
import { HttpsClient, type Trust } from '@leeward/platform';
import { enableCbt } from './calls/enable-cbt.ts';
import { frozenDisks } from './calls/frozen-disks.ts';
import { readInventory, readVm } from './calls/inventory.ts';
import { missingPrivileges } from './calls/privileges.ts';
import {
  consolidate,
  createVmwareSnapshot,
  findVmwareSnapshots,
  removeVmwareSnapshot,
} from './calls/snapshots.ts';
import { allocatedAreas, changedAreas } from './cbt/changed-areas.ts';
import { DatastoreFiles } from './files/datastore-files.ts';
import { FolderCredentials } from './files/folder-credentials.ts';
import type { VcenterAbout } from './model/places.ts';
import { VimSession } from './session/session.ts';
import type { CallEvent, CallOptions, SessionHandle } from './session/session-call.ts';
import { SoapCaller } from './session/soap-caller.ts';
import type { ReadOptions, VcenterClient } from './vcenter-client.ts';
import { originOf, XmlChannel } from './wire/channel.ts';

export interface VcenterOptions {
  readonly host: string;
  /** Default 443. */
  readonly port?: number | undefined;
  readonly username: string;
  readonly password: string;
  readonly trust: Trust;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Identity the vCenter was registered with; another one answering is `L-VC-117`. */
  readonly instanceUuid?: string | undefined;
  /** Calls at once. Default 8. */
  readonly concurrency?: number | undefined;
  /** Default `7.0`; lower only for simulators. */
  readonly oldestApiVersion?: string | undefined;
  /** Default 10 minutes: vCenter ends idle sessions after 30. */
  readonly keepAliveMs?: number | undefined;
  /** No new login for so long after a refused password. Default 5 minutes. */
  readonly loginPauseMs?: number | undefined;
  /** Told of every call; carries no secrets and no contents. */
  readonly onCall?: ((event: CallEvent) => void) | undefined;
}

const readTimeoutMs = 15 * 60_000;

/** A client of one vCenter. Does nothing on the network until it is used. The caller closes it. */
export function connectVcenter(options: VcenterOptions): VcenterClient {
  const { host, port = 443, username, password, trust, clock, concurrency = 8 } = options;
  const place = { host, port, username };
  const channel = new XmlChannel({ host, port, trust, clock, maxConnections: concurrency });
  const caller = new SoapCaller({ ...options, channel, concurrency });
  const { oldestApiVersion = '7.0', instanceUuid, keepAliveMs, loginPauseMs } = options;
  const session = new VimSession({
    ...{ caller, channel, clock, username, password, oldestApiVersion },
    ...{ instanceUuid, keepAliveMs, loginPauseMs },
  });
  const https = new HttpsClient({ origin: originOf(place), trust, maxConnections: 16 });
  const files = new DatastoreFiles(https, session, clock, place);
  const credentials = new FolderCredentials(session, { host, username });
  const vcenter = { session, clock };
  const read = <T>(
    name: string,
    { signal, timeoutMs = readTimeoutMs }: ReadOptions,
    work: (handle: SessionHandle, how: CallOptions) => Promise<T>,
  ) =>
    bounded(clock, { name: `${name} of vCenter ${host}`, timeoutMs, signal }, (inner) =>
      session.run((handle) => work(handle, { signal: inner }), inner),
    );
  return {
    about: (how = {}) => read('the identity', how, async (handle) => describeAbout(handle)),
    inventory: (how = {}) => read('the inventory', how, readInventory),
    vm: (moId, how = {}) => read(`the VM ${moId}`, how, (handle, inner) => readVm(handle, moId, inner)),
    enableCbt: (moId, how = {}) => enableCbt(vcenter, moId, how),
    createVmwareSnapshot: (moId, wanted, how = {}) => createVmwareSnapshot(vcenter, moId, wanted, how),
    removeVmwareSnapshot: (moId, choice, how = {}) => removeVmwareSnapshot(vcenter, moId, choice, how),
    consolidate: (moId, how = {}) => consolidate(vcenter, moId, how),
    findVmwareSnapshots: (prefix, how = {}) =>
      read('the VMware snapshots', how, (handle, inner) => findVmwareSnapshots(handle, prefix, inner)),
    frozenDisks: (moId, how = {}) =>
      read(`the VMware snapshot ${moId}`, how, (handle, inner) => frozenDisks(handle, moId, inner)),
    changedAreas: (query) => changedAreas(vcenter, query),
    allocatedAreas: (query) => allocatedAreas(vcenter, query),
    datastoreFileSize: (file, signal) => files.sizeOf(file, signal),
    readDatastoreFile: (file, range, signal) => files.read(file, range, signal),
    folderCookie: (refused, signal) => credentials.cookie(refused, signal),
    folderTicket: (request, signal) => credentials.ticket(request, signal),
    missingPrivileges: (entities, how = {}) =>
      read('the privileges', how, (handle, inner) => missingPrivileges(handle, entities, inner)),
    async close() {
      await session.close();
      await https.close();
    },
  };
}

function describeAbout({ content: { about } }: SessionHandle): VcenterAbout {
  const { instanceUuid = '', name, version, build, apiType, apiVersion } = about;
  return { instanceUuid, name, version, build, apiType, apiVersion };
}
