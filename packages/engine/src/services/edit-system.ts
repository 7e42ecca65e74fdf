import type { IscsiCredentials } from '@leeward/arrays';
import { isoTime, LeewardError } from '@leeward/core';
import { normalFingerprint, type Trust } from '@leeward/platform';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import type { System, SystemSettings } from '../store/systems.ts';
import type { Connections } from '../systems/connections.ts';
import { chapSecrets, chapSettings, type EditChap, editedChap } from './edit-chap.ts';

/** New settings of a registered system; what is left out stays as it is. */
export interface EditSystem {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly caPem?: string | undefined;
  /** Arrays only; an empty table is none. */
  readonly nfsPorts?: SystemSettings['nfsPorts'];
  readonly iscsiPorts?: SystemSettings['iscsiPorts'];
  /** Arrays only; `null`: proxies log in without. */
  readonly chap?: EditChap | null | undefined;
}

/**
 * Changes how a registered system is reached. The system is looked at with the new settings first: nothing is changed
 * unless it can be read by them and is the one that was registered (`L-CFG-115`). From then on everybody uses them;
 * calls under way end with the old ones.
 */
export async function editSystem(
  deps: BackupDeps,
  connections: Pick<Connections, 'look' | 'forget'>,
  { id, kind }: Pick<System, 'id' | 'kind'>,
  changes: EditSystem,
): Promise<void> {
  const { store, clock } = deps;
  if (Object.values(changes).every((value) => value === undefined))
    throw new LeewardError('L-CFG-103', { problem: 'nothing to change was given.' });
  await store.ledger.alone(`settings of ${id}`, async () => {
    const system = await store.systems.get(id);
    const chap = await editedChap(store, system.settings, changes.chap);
    const settings = changed(system, changes, chap);
    const password = changes.password ?? (await store.secrets.reveal(system.secretId));
    const at = isoTime(clock.now());
    const seen = await connections.look(kind, settings, password, chap);
    if (seen.id !== id) {
      const host = `${settings.host}:${settings.port}`;
      throw new LeewardError('L-CFG-115', { kind, name: system.name, host, seen: seen.id, expected: id });
    }
    const secrets = { [system.secretId]: password, ...chapSecrets(system, chap) };
    await store.registrations.changeSystem({ id, settings, secrets });
    connections.forget(id);
    const cache = new InventoryCache(store);
    if (seen.kind === 'vcenter') await cache.saveVcenter(id, seen.inventory, at);
    else await cache.saveArray(id, seen.inventory, at);
  });
}

function changed(
  { id, settings }: System,
  changes: EditSystem,
  login: IscsiCredentials | undefined,
): SystemSettings {
  const { nfsPorts, iscsiPorts, chap: _, ...rest } = settings;
  const ports = {
    nfsPorts: changes.nfsPorts ?? nfsPorts,
    iscsiPorts: changes.iscsiPorts ?? iscsiPorts,
  };
  return {
    ...rest,
    host: changes.host ?? settings.host,
    port: changes.port ?? settings.port,
    username: changes.username ?? settings.username,
    trust: trustOf(changes) ?? settings.trust,
    // A family without a protocol knows no ports of it, so an empty table is none.
    ...(isEmpty(ports.nfsPorts) ? {} : { nfsPorts: ports.nfsPorts }),
    ...(isEmpty(ports.iscsiPorts) ? {} : { iscsiPorts: ports.iscsiPorts }),
    ...chapSettings(id, login),
  };
}

function trustOf({ fingerprint, caPem }: EditSystem): Trust | undefined {
  if (caPem !== undefined) return { kind: 'ca', pem: caPem };
  if (fingerprint !== undefined) return { kind: 'fingerprint', sha256: normalFingerprint(fingerprint) };
  return undefined;
}

export function isEmpty(ports: object | undefined): boolean {
  return ports === undefined || Object.keys(ports).length === 0;
}
