import { isoTime, LeewardError } from '@leeward/core';
import { normalFingerprint, type Trust } from '@leeward/platform';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import type { SecretChanges } from '../store/registrations.ts';
import type { System, SystemKind, SystemSettings } from '../store/systems.ts';
import type { Connections } from '../systems/connections.ts';

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
  readonly chap?:
    | { readonly username?: string | undefined; readonly password?: string | undefined }
    | null
    | undefined;
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
    const settings = changed(system, changes);
    const password = changes.password ?? (await store.secrets.reveal(system.secretId));
    const chapPassword = await chapPasswordOf(deps, system, settings, changes);
    const at = isoTime(clock.now());
    const seen = await connections.look(kind, settings, password, chapPassword);
    if (seen.id !== id) {
      const host = `${settings.host}:${settings.port}`;
      throw new LeewardError('L-CFG-115', { kind, name: system.name, host, seen: seen.id, expected: id });
    }
    const secrets = { [system.secretId]: password, ...chapSecret(system, settings, chapPassword) };
    await store.registrations.changeSystem({ id, settings, secrets });
    connections.forget(id);
    const cache = new InventoryCache(store);
    if (seen.kind === 'vcenter') await cache.saveVcenter(id, seen.inventory, at);
    else await cache.saveArray(id, seen.inventory, at);
  });
}

/** Under which the CHAP password of an array is sealed. */
export function chapSecretId(kind: SystemKind, id: string): string {
  return `${kind}/${id}/chap`;
}

function changed({ id, kind, settings }: System, changes: EditSystem): SystemSettings {
  const { nfsPorts, iscsiPorts, chap, ...rest } = settings;
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
    ...chapOf(chap, changes.chap, chapSecretId(kind, id)),
  };
}

function trustOf({ fingerprint, caPem }: EditSystem): Trust | undefined {
  if (caPem !== undefined) return { kind: 'ca', pem: caPem };
  if (fingerprint !== undefined) return { kind: 'fingerprint', sha256: normalFingerprint(fingerprint) };
  return undefined;
}

function chapOf(known: SystemSettings['chap'], wanted: EditSystem['chap'], secretId: string) {
  if (wanted === null) return {};
  const username = wanted?.username ?? known?.username;
  if (username === undefined) {
    if (wanted === undefined) return {};
    throw new LeewardError('L-CFG-103', { problem: 'a CHAP password needs a CHAP user name with it.' });
  }
  return { chap: { username, secretId: known?.secretId ?? secretId } };
}

async function chapPasswordOf(
  { store }: BackupDeps,
  { settings: before }: System,
  { chap }: SystemSettings,
  changes: EditSystem,
): Promise<string | undefined> {
  if (!chap) return undefined;
  if (changes.chap?.password !== undefined) return changes.chap.password;
  if (before.chap) return store.secrets.reveal(before.chap.secretId);
  throw new LeewardError('L-CFG-103', { problem: 'a CHAP user name needs a CHAP password with it.' });
}

function chapSecret(
  { settings: before }: System,
  { chap }: SystemSettings,
  password?: string,
): SecretChanges {
  if (chap) return { [chap.secretId]: password };
  return before.chap ? { [before.chap.secretId]: undefined } : {};
}

export function isEmpty(ports: object | undefined): boolean {
  return ports === undefined || Object.keys(ports).length === 0;
}
