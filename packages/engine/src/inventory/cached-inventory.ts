import type { ArrayInventory, Datastore, VirtualMachine } from '@leeward/core';
import type { Store } from '../store/store.ts';
import { vmRows } from '../store/vms.ts';

/** Form of the cached inventories below; another form in the database is read anew, not interpreted. */
const form = 1;

export interface VcenterInventory {
  readonly datastores: readonly Datastore[];
  readonly vms: readonly VirtualMachine[];
}

/** Inventories as last read, written by this server itself. */
export class InventoryCache {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async saveVcenter(systemId: string, content: VcenterInventory, at: string): Promise<void> {
    const rows = vmRows(content.vms, content.datastores);
    await this.#store.systems.saveInventory(systemId, { form, content }, at, rows);
  }

  async saveArray(systemId: string, content: ArrayInventory, at: string): Promise<void> {
    await this.#store.systems.saveInventory(systemId, { form, content }, at);
  }

  async vcenter(systemId: string): Promise<VcenterInventory | undefined> {
    return (await this.#content(systemId)) as VcenterInventory | undefined;
  }

  /** The datastores of a vCenter alone. */
  async datastores(systemId: string): Promise<readonly Datastore[]> {
    const part = await this.#store.systems.inventoryPart(systemId, 'datastores');
    return (part ?? []) as readonly Datastore[];
  }

  async array(systemId: string): Promise<ArrayInventory | undefined> {
    return (await this.#content(systemId)) as ArrayInventory | undefined;
  }

  async #content(systemId: string): Promise<unknown> {
    const cached = await this.#store.systems.inventory(systemId);
    if (typeof cached !== 'object' || cached === null || !('form' in cached) || cached.form !== form)
      return undefined;
    return 'content' in cached ? cached.content : undefined;
  }
}
