import { LeewardError } from '@leeward/core';
import { type FolderAccess, type HttpFolderAccess, openHostGate, sessionKeys } from '@leeward/mover';
import { connectVcenter } from '@leeward/vsphere';
import type { ProxyDeps } from './proxy-deps.ts';
import type { ReadVmFile, ReadVmInput } from './read-vm.ts';
import type { Session } from './shared-sessions.ts';

/** File requests at once of this proxy to one vCenter, of all VMs together: what hosts serve beside their own work. */
const maxRequests = 4;

/** The one way of a proxy to the datastore files of one vCenter: its login and its places, shared by all readers. */
export interface StandardGate extends Session {
  /** Without a secret: readers ask the gate for the login of each request. */
  readonly door: Pick<HttpFolderAccess, 'host' | 'port' | 'trust' | 'login'>;
}

/** Opens it by what is registered now. The password is read from the secret store here, so that it is in no journal. */
export async function openStandardGate(
  { store, clock, randomness }: Pick<ProxyDeps, 'store' | 'clock' | 'randomness'>,
  vcenterId: string,
): Promise<StandardGate> {
  const { settings, secretId } = await store.systems.get(vcenterId);
  const { host, port, username, trust } = settings;
  const password = await store.secrets.reveal(secretId);
  const client = connectVcenter({
    ...{ host, port, username, password, trust, clock, randomness, instanceUuid: vcenterId },
  });
  const keys = sessionKeys((refused) => client.folderCookie(refused));
  const gate = openHostGate({ keys, maxRequests, clock, randomness });
  return {
    isUsable: true,
    door: { host, port, trust, login: gate.login },
    async close() {
      gate.close();
      // A session that cannot be ended ends by itself; the point that was just made counts all the same.
      await client.close().catch(() => undefined);
    },
  };
}

/** How the datastore of a file is reached through the gate. */
export function standardAccess({ door }: StandardGate, { vmName, through }: ReadVmInput) {
  return ({ datastore }: ReadVmFile): FolderAccess => {
    const known = through?.datastores.find(({ name }) => name === datastore);
    if (!known) throw new LeewardError('L-RUN-108', { vm: vmName });
    return { protocol: 'http', ...door, datacenterPath: known.datacenterPath, datastore, rootPath: '' };
  };
}
