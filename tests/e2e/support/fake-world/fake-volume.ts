import { parseOwnership } from '@leeward/arrays';
import { LeewardError } from '@leeward/core';

export interface FakeStorageSnapshot {
  readonly name: string;
  readonly comment: string;
}

/** A volume with its storage snapshots, oldest first, and who holds them. */
export class FakeVolume {
  readonly name: string;
  readonly snapshots: FakeStorageSnapshot[] = [];
  /** Names of storage snapshots that replication or a clone holds against deletion. */
  readonly holds = new Map<string, string>();

  constructor(name: string) {
    this.name = name;
  }

  find(name: string): FakeStorageSnapshot | undefined {
    return this.snapshots.find((each) => each.name === name);
  }

  create(name: string, comment: string): FakeStorageSnapshot {
    const known = this.find(name);
    if (known) return known;
    const made = { name, comment };
    this.snapshots.push(made);
    return made;
  }

  /** As an array and its driver do: refuses what is held and what is not ours. */
  delete(name: string): void {
    const found = this.find(name);
    if (!found) return;
    const object = `storage snapshot ${name}`;
    if (!parseOwnership(found.comment)) throw new LeewardError('L-ARR-011', { host: 'fake', object });
    const holder = [...this.holds].find(([, held]) => held === name)?.[0];
    if (holder !== undefined) throw new LeewardError('L-ARR-101', { host: 'fake', object, holders: holder });
    this.snapshots.splice(this.snapshots.indexOf(found), 1);
  }
}
