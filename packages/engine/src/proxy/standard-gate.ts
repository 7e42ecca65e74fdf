import { LeewardError } from '@leeward/core';
import {
  type FolderAccess,
  type HttpFolderAccess,
  type HttpKeys,
  openHostGate,
  sessionKeys,
  ticketKeys,
} from '@leeward/mover';
import { fetchFingerprints } from '@leeward/platform';
import { connectVcenter, type VcenterClient } from '@leeward/vsphere';
import type { ProxyDeps } from './proxy-deps.ts';
import type { ReadVmFile, ReadVmInput } from './read-vm.ts';
import type { Session } from './shared-sessions.ts';

/** File requests at once of this proxy to one vCenter or host, of all VMs together: what hosts serve beside their own work. */
const maxRequests = 4;

/** The one way of a proxy to the datastore files of one vCenter: its login and its places, shared by all readers. */
export interface StandardGate extends Session {
  /** Without a secret: readers ask the gate for the login of each request. */
  readonly door: Pick<HttpFolderAccess, 'host' | 'port' | 'trust' | 'login'>;
  /** An ESXi host knows no datacenters. */
  readonly isHost: boolean;
}

type GateDeps = Pick<ProxyDeps, 'store' | 'clock' | 'randomness'>;

/** Opens it by what is registered now. The password is read from the secret store here, so that it is in no journal. */
export async function openStandardGate(deps: GateDeps, vcenterId: string): Promise<StandardGate> {
  const { client, place } = await connect(deps, vcenterId);
  const keys = sessionKeys((refused) => client.folderCookie(refused));
  return gateOf(deps, client, keys, place, false);
}

/**
 * The way to the files at an ESXi host itself: each request with a ticket of vCenter, which also tells the certificate
 * that the host has to show. Throws `L-NET-401` when the host cannot be reached from here, `L-NET-416` when what
 * answers there is not the host that vCenter knows.
 */
export async function openStandardHostGate(
  deps: GateDeps,
  vcenterId: string,
  hostName: string,
): Promise<StandardGate> {
  const { client } = await connect(deps, vcenterId);
  try {
    const place = await trustedHost(client, hostName);
    const keys = ticketKeys(async (request, signal) => (await client.folderTicket(request, signal)).id);
    return gateOf(deps, client, keys, place, true);
  } catch (error) {
    await client.close().catch(() => undefined);
    throw error;
  }
}

async function connect({ store, clock, randomness }: GateDeps, vcenterId: string) {
  const { settings, secretId } = await store.systems.get(vcenterId);
  const { host, port, username, trust } = settings;
  const password = await store.secrets.reveal(secretId);
  const client = connectVcenter({
    ...{ host, port, username, password, trust, clock, randomness, instanceUuid: vcenterId },
  });
  return { client, place: { host, port, trust } };
}

/** By the fingerprints that vCenter tells over its own verified connection. */
async function trustedHost(client: VcenterClient, hostName: string): Promise<Place> {
  const { hostname: host, port: named } = new URL(`https://${hostName}`);
  const port = named === '' ? 443 : Number(named);
  const { fingerprints } = await client.folderTicket({ method: 'HEAD', url: `https://${hostName}/folder` });
  const shown = await fetchFingerprints(host, port).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LeewardError('L-NET-401', { host, port, reason }, error);
  });
  if (!fingerprints.includes(shown.sha256) && !fingerprints.includes(shown.sha1)) {
    const expected = fingerprints.join(' or ') || 'none was told';
    throw new LeewardError('L-NET-416', { host: hostName, expected, seen: shown.sha256 });
  }
  return { host, port, trust: { kind: 'fingerprint', sha256: shown.sha256 } };
}

type Place = Pick<HttpFolderAccess, 'host' | 'port' | 'trust'>;

function gateOf(
  { clock, randomness }: GateDeps,
  client: VcenterClient,
  keys: HttpKeys,
  place: Place,
  isHost: boolean,
): StandardGate {
  const gate = openHostGate({ keys, maxRequests, clock, randomness });
  return {
    isUsable: true,
    isHost,
    door: { ...place, login: gate.login },
    async close() {
      gate.close();
      // A session that cannot be ended ends by itself; the point that was just made counts all the same.
      await client.close().catch(() => undefined);
    },
  };
}

/** How the datastore of a file is reached through the gate. */
export function standardAccess({ door, isHost }: StandardGate, { vmName, through }: ReadVmInput) {
  return ({ datastore }: ReadVmFile): FolderAccess => {
    const known = through?.datastores.find(({ name }) => name === datastore);
    if (!known) throw new LeewardError('L-RUN-108', { vm: vmName });
    const datacenterPath = isHost ? '' : known.datacenterPath;
    return { protocol: 'http', ...door, datacenterPath, datastore, rootPath: '' };
  };
}
