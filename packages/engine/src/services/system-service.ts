import {
  type ArrayCheck,
  type IscsiCredentials,
  managementPort,
  type RequiredPermission,
} from '@leeward/arrays';
import { type ArrayInventory, isoTime, LeewardError } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { adoptOnArray } from '../chains/adopt-on-array.ts';
import { InventoryCache, type VcenterInventory } from '../inventory/cached-inventory.ts';
import { rescanArray, rescanVcenter } from '../inventory/rescan.ts';
import type { System, SystemKind, SystemSettings } from '../store/systems.ts';
import type { Connections } from '../systems/connections.ts';
import { chapSecrets, chapSettings } from './edit-chap.ts';
import { type EditSystem, editSystem, isEmpty } from './edit-system.ts';
import { findOne } from './find.ts';
import { type LeftBehind, removeSystem } from './remove-system.ts';
import { trustFor } from './trust-on-first-use.ts';

export interface AddSystem {
  readonly name: string;
  readonly host: string;
  readonly port?: number | undefined;
  readonly username: string;
  readonly password: string;
  readonly fingerprint?: string | undefined;
  readonly caPem?: string | undefined;
  /** Arrays only. */
  readonly family?: string | undefined;
  readonly nfsPorts?: SystemSettings['nfsPorts'];
  readonly iscsiPorts?: SystemSettings['iscsiPorts'];
  readonly chap?: IscsiCredentials | undefined;
}

/** What the certificate of a system is compared with at every connection. */
export type CertificateCheck =
  | { readonly by: 'fingerprint'; readonly sha256: string }
  /** `own`: an authority that was given with the system; else those that the host of the server trusts. */
  | { readonly by: 'authority'; readonly own: boolean };

export interface SystemSummary {
  /** What the system itself goes by: the instance id of a vCenter, the serial of an array. */
  readonly id: string;
  readonly kind: SystemKind;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** What proxies log in with over iSCSI. */
  readonly chapUsername?: string;
  /** What it proves itself with to them in turn. */
  readonly chapMutualUsername?: string;
  readonly certificate: CertificateCheck;
  readonly family?: string;
  readonly inventoryAt?: string;
  readonly problem?: System['problem'];
}

export interface RemovedSystem {
  readonly system: SystemSummary;
  readonly leftBehind: LeftBehind;
}

/** Registering, changing and looking at vCenters and arrays. */
export class SystemService {
  readonly #deps: BackupDeps;
  readonly #connections: Connections;

  constructor(deps: BackupDeps, connections: Connections) {
    this.#deps = deps;
    this.#connections = connections;
  }

  /** Logs in, learns who the system is, stores it and reads its inventory. Nothing is stored when that fails. */
  async add(kind: SystemKind, input: AddSystem): Promise<SystemSummary> {
    const { store } = this.#deps;
    const registered = await store.systems.list(kind);
    const { name, host, port = kind === 'array' ? managementPort(input.family ?? '') : 443 } = input;
    if (registered.some((each) => each.name === name)) throw new LeewardError('L-CFG-101', { kind, name });
    const trust = await trustFor({ host, port, fingerprint: input.fingerprint, caPem: input.caPem });
    const settings: SystemSettings = {
      host,
      port,
      username: input.username,
      trust,
      ...(kind === 'array' ? { family: input.family } : {}),
      // A family without a protocol knows no ports of it, so an empty table is none.
      ...(isEmpty(input.nfsPorts) ? {} : { nfsPorts: input.nfsPorts }),
      ...(isEmpty(input.iscsiPorts) ? {} : { iscsiPorts: input.iscsiPorts }),
    };
    const at = isoTime(this.#deps.clock.now());
    const { chap } = input;
    const seen = await this.#connections.look(kind, settings, input.password, chap);
    const { id } = seen;
    const same = registered.find((each) => each.id === id);
    if (same) throw new LeewardError('L-CFG-104', { kind, name, other: same.name });
    const secretId = `${kind}/${id}`;
    await store.secrets.put(secretId, input.password);
    for (const [chapId, secret] of Object.entries(chapSecrets({ id, settings }, chap)))
      if (secret !== undefined) await store.secrets.put(chapId, secret);
    await store.systems.add({
      ...{ id, kind, name, secretId },
      // Its secrets are named after the array, which is known only after the look.
      settings: { ...settings, ...chapSettings(id, chap) },
    });
    const cache = new InventoryCache(store);
    if (seen.kind === 'vcenter') await cache.saveVcenter(id, seen.inventory, at);
    else await cache.saveArray(id, seen.inventory, at);
    if (kind === 'array') await adoptOnArray(this.#deps, id);
    return this.#summary(await store.systems.get(id));
  }

  async list(kind: SystemKind): Promise<readonly SystemSummary[]> {
    return (await this.#deps.store.systems.list(kind)).map((system) => this.#summary(system));
  }

  async find(kind: SystemKind, wanted: string): Promise<SystemSummary> {
    return findOne(kind, await this.list(kind), wanted);
  }

  async rescan(kind: SystemKind, wanted: string): Promise<SystemSummary> {
    const { id } = await this.find(kind, wanted);
    await (kind === 'vcenter' ? rescanVcenter : rescanArray)(this.#deps, id);
    if (kind === 'array') await adoptOnArray(this.#deps, id);
    return this.find(kind, id);
  }

  /** Changes how it is reached, at once and for everybody; nothing when that fails. See `editSystem`. */
  async edit(kind: SystemKind, wanted: string, changes: EditSystem): Promise<SystemSummary> {
    const { id } = await this.find(kind, wanted);
    await editSystem(this.#deps, this.#connections, { id, kind }, changes);
    return this.find(kind, id);
  }

  /** Forgets it, unless it is needed. See `removeSystem`. */
  async remove(kind: SystemKind, wanted: string): Promise<RemovedSystem> {
    const system = await this.find(kind, wanted);
    return { system, leftBehind: await removeSystem(this.#deps, this.#connections, system) };
  }

  async vcenterInventory(wanted: string): Promise<VcenterInventory> {
    const { id } = await this.find('vcenter', wanted);
    return (await new InventoryCache(this.#deps.store).vcenter(id)) ?? { datastores: [], vms: [] };
  }

  async arrayInventory(wanted: string): Promise<ArrayInventory | undefined> {
    const { id } = await this.find('array', wanted);
    return new InventoryCache(this.#deps.store).array(id);
  }

  async testArray(wanted: string): Promise<readonly ArrayCheck[]> {
    const { id } = await this.find('array', wanted);
    const driver = await this.#deps.doors.array(id);
    return driver.check();
  }

  permissions(family: string): readonly RequiredPermission[] {
    return this.#connections.permissions(family);
  }

  #summary({ id, kind, name, settings, inventoryAt, problem }: System): SystemSummary {
    const { host, port, username, family, chap, trust } = settings;
    return {
      id,
      kind,
      name,
      host,
      port,
      username,
      ...(chap ? { chapUsername: chap.username } : {}),
      ...(chap?.mutual ? { chapMutualUsername: chap.mutual.username } : {}),
      certificate:
        trust.kind === 'fingerprint'
          ? { by: 'fingerprint', sha256: trust.sha256 }
          : { by: 'authority', own: trust.pem !== undefined },
      ...(family ? { family } : {}),
      ...(inventoryAt ? { inventoryAt } : {}),
      ...(problem ? { problem } : {}),
    };
  }
}
