import { directoryLayout, fileType } from '@leeward/formats/vmfs/layout';
import { type ChangedPart, changedParts, type FolderContent, type FolderEntry } from './folder-content.ts';

const { flatEntryBytes, flatNameOffset } = directoryLayout;

/** A folder of VMFS-5: an array of entries without gaps. */
export class FlatFolder implements FolderContent {
  readonly #places = new Map<string, number>();
  readonly #list: FolderEntry[] = [];
  readonly #changed = new Set<number>();
  #content = Buffer.alloc(64 * flatEntryBytes);

  constructor(own: FolderEntry, parent: FolderEntry) {
    this.insert({ ...own, name: '.', type: fileType.directory });
    this.insert({ ...parent, name: '..', type: fileType.directory });
  }

  get sizeBytes(): number {
    return this.#list.length * flatEntryBytes;
  }

  get(name: string): FolderEntry | undefined {
    const place = this.#places.get(name);
    return place === undefined || place < 2 ? undefined : this.#list[place];
  }

  entries(): readonly FolderEntry[] {
    return this.#list.slice(2);
  }

  insert(entry: FolderEntry): void {
    this.#put(this.#list.length, entry);
  }

  /** The last entry moves to the place that becomes free. */
  remove(name: string): void {
    const place = this.#places.get(name);
    const last = this.#list.at(-1);
    if (place === undefined || place < 2 || !last) return;
    this.#places.delete(name);
    if (last.name !== name) this.#put(place, last);
    this.#list.pop();
    this.#changed.delete(this.#list.length);
  }

  takeChanges(unit?: number): ChangedPart[] {
    return changedParts(this.#content, { ownUnit: flatEntryBytes, unit }, this.#changed, this.sizeBytes);
  }

  #put(place: number, entry: FolderEntry): void {
    this.#list[place] = entry;
    this.#places.set(entry.name, place);
    const at = place * flatEntryBytes;
    if (at + flatEntryBytes > this.#content.length)
      this.#content = Buffer.concat([this.#content, Buffer.alloc(this.#content.length)]);
    const bytes = this.#content.subarray(at, at + flatEntryBytes).fill(0);
    bytes.writeUInt32LE(entry.type, 0);
    bytes.writeUInt32LE(entry.address, 4);
    bytes.writeUInt32LE(entry.generation, 8);
    bytes.write(entry.name, flatNameOffset, 'utf8');
    this.#changed.add(place);
  }
}
