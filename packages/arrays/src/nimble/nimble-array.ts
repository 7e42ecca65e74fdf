import type { Clock, VolumeId } from '@leeward/core';
import { LeewardError } from '@leeward/core';
import type { RestObserver } from '../rest/exchange.ts';
import { type Group, readGroup } from './group.ts';
import { NimbleRest } from './rest/nimble-rest.ts';
import type { NimbleSettings } from './settings.ts';
import { refuseUnsupported } from './version.ts';

/** What the world outside gives to a driver. */
export interface NimbleDeps {
  readonly clock: Clock;
  readonly observer?: RestObserver;
}

/** The connection to one group and what is known of it; shared by all parts of the driver. */
export class NimbleArray {
  readonly settings: NimbleSettings;
  readonly deps: NimbleDeps;
  readonly rest: NimbleRest;
  #group: Group | undefined;

  constructor(settings: NimbleSettings, deps: NimbleDeps) {
    this.settings = settings;
    this.deps = deps;
    this.rest = new NimbleRest(settings, deps.clock, deps.observer);
  }

  /** The group as first seen; throws for one that this driver must not work with. */
  async group(signal?: AbortSignal): Promise<Group> {
    return this.#group ?? (await this.refreshGroup(signal));
  }

  /** Reads the group anew (it may have been upgraded). */
  async refreshGroup(signal?: AbortSignal): Promise<Group> {
    const group = await readGroup(this.rest, signal);
    refuseUnsupported(this.rest.host, group);
    this.#group = group;
    return group;
  }

  /** The array's own id of an object, after checking that it is an object of this group. */
  async ownId(id: VolumeId, signal?: AbortSignal): Promise<string> {
    const { uid, name } = await this.group(signal);
    if (id.arraySerial === uid) return id.objectId;
    const object = `object ${id.objectId}: it belongs to the array ${id.arraySerial}, not to ${name}`;
    throw new LeewardError('L-ARR-009', { host: this.rest.host, object });
  }
}
