import { unescapeName } from '../model/inventory-name.ts';
import type { Place } from '../model/places.ts';
import type { ManagedType } from '../schema/properties.ts';
import type { Ref } from '../schema/values.ts';
import { type PropertyRequest, type ReadObject, readObject } from '../session/collector.ts';
import type { CallOptions, SessionHandle } from '../session/session-call.ts';

export const placeRequest = {
  Datacenter: ['name', 'parent'],
  Folder: ['name', 'parent'],
  VirtualApp: ['name', 'parent', 'parentFolder'],
} as const satisfies PropertyRequest;

const kinds: Partial<Record<ManagedType, Place['kind']>> = {
  Datacenter: 'datacenter',
  Folder: 'folder',
  StoragePod: 'folder',
  VirtualApp: 'vapp',
};

type PlaceObject = ReadObject<'Datacenter' | 'Folder' | 'StoragePod' | 'VirtualApp' | 'ResourcePool'>;

interface Node {
  readonly ref: Ref;
  readonly storedName: string;
  readonly parent?: Ref;
}

/** Deeper than any inventory. */
const maxDepth = 100;

/** The tree above VMs and datastores, for inventory paths. Places not listed beforehand are asked for one by one. */
export class PlaceTree {
  readonly #handle: SessionHandle;
  readonly #options: CallOptions;
  readonly #nodes = new Map<string, Node>();

  constructor(handle: SessionHandle, options: CallOptions) {
    this.#handle = handle;
    this.#options = options;
  }

  add(object: PlaceObject): Node {
    const { type, moId, values } = object;
    const folder = object.type === 'VirtualApp' ? object.values.parentFolder : undefined;
    const parent = folder ?? values.parent;
    const node = { ref: { type, moId }, storedName: values.name ?? moId, ...(parent ? { parent } : {}) };
    this.#nodes.set(moId, node);
    return node;
  }

  /** Inventory path of a place; empty for none and for the root folder. */
  async pathOf(place: Ref | undefined): Promise<string> {
    const names = (await this.#lineage(place)).map(({ storedName }) => storedName);
    return names.length === 0 ? '' : `/${names.join('/')}`;
  }

  /** Inventory path of the data centre above a place. */
  async datacenterPathOf(place: Ref | undefined): Promise<string> {
    const lineage = await this.#lineage(place);
    const datacenter = lineage.findLast(({ ref }) => ref.type === 'Datacenter');
    return this.pathOf(datacenter?.ref);
  }

  async list(): Promise<Place[]> {
    const places: Place[] = [];
    for (const { ref, storedName, parent } of [...this.#nodes.values()]) {
      const kind = Object.entries(kinds).find(([type]) => type === ref.type)?.[1];
      if (!kind || ref.moId === this.#root) continue;
      const path = await this.pathOf(ref);
      const name = unescapeName(storedName);
      places.push({ kind, moId: ref.moId, name, path, ...(parent ? { parentMoId: parent.moId } : {}) });
    }
    return places;
  }

  get #root(): string {
    return this.#handle.content.rootFolder.moId;
  }

  /** From below the root folder down to the place itself. */
  async #lineage(place: Ref | undefined): Promise<Node[]> {
    const lineage: Node[] = [];
    let current = place;
    while (current && current.moId !== this.#root && lineage.length < maxDepth) {
      const node = this.#nodes.get(current.moId) ?? (await this.#ask(current));
      if (!node) break;
      lineage.unshift(node);
      current = node.parent;
    }
    return lineage;
  }

  async #ask({ type, moId }: Ref): Promise<Node | undefined> {
    if (type === 'VirtualApp')
      return this.add(
        await readObject(this.#handle, type, moId, ['name', 'parent', 'parentFolder'], this.#options),
      );
    if (type === 'Folder' || type === 'StoragePod' || type === 'Datacenter' || type === 'ResourcePool')
      return this.add(await readObject(this.#handle, type, moId, ['name', 'parent'], this.#options));
    return undefined;
  }
}
