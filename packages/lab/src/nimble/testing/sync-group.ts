import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@leeward/platform';
import { afterEach, beforeEach } from 'vitest';
import type { JsonObject } from '../../json.ts';
import type { NimbleConfigInput } from '../config.ts';
import { act } from '../control/control-actions.ts';
import { type NimbleSimulator, startNimbleSimulator } from '../simulator.ts';
import { type Answer, RestCaller } from './rest-caller.ts';
import { admin } from './start-pair.ts';
import { syncConfig } from './sync-config.ts';

export const mebibyte = 1024 * 1024;

/** A group with synchronous pairs for each test of a file, and what its tests ask it. */
export class SyncGroup {
  #group: NimbleSimulator | undefined;
  #rest: RestCaller | undefined;
  readonly #closers: (() => Promise<unknown>)[] = [];

  constructor() {
    beforeEach(() => this.start());
    afterEach(() => this.stop());
  }

  get group(): NimbleSimulator {
    if (!this.#group) throw new Error('the group is not started');
    return this.#group;
  }

  get rest(): RestCaller {
    if (!this.#rest) throw new Error('the group is not started');
    return this.#rest;
  }

  /** Anew, with another configuration. */
  async start(change?: (config: NimbleConfigInput) => void): Promise<void> {
    await this.stop();
    const folder = await mkdtemp(join(tmpdir(), 'nimble-sync-'));
    const config = syncConfig(folder);
    change?.(config);
    const group = await startNimbleSimulator(config, { clock: systemClock, randomness: systemRandomness });
    const rest = new RestCaller(group.addresses);
    this.#closers.push(
      () => rest.close(),
      () => group.close(),
      () => rm(folder, { recursive: true, force: true }),
    );
    this.#group = group;
    this.#rest = rest;
    await rest.login(admin);
  }

  async stop(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }

  collection(name = 'vc-sync'): Promise<JsonObject> {
    return this.rest.one(`volume_collections/detail?name=${name}`);
  }

  async state(name?: string) {
    return (await this.collection(name))['synchronous_replication_state'];
  }

  inSync(): Promise<JsonObject> {
    const path = 'volume_collections/detail?name=vc-sync';
    return this.rest.until(path, (row) => row['synchronous_replication_state'] === 'in_sync');
  }

  half(name: string, role: 'upstream' | 'downstream'): Promise<JsonObject> {
    return this.rest.one(`volumes/detail?name=${name}&replication_role=synchronous_${role}`);
  }

  /** Both halves of a snapshot collection, the upstream one first. */
  halvesOf(name: string): Promise<JsonObject[]> {
    return this.rest.rows(`snapshot_collections/detail?name=${name}`);
  }

  async take(name: string, more: JsonObject = {}): Promise<Answer> {
    const { id } = await this.collection();
    const data = { name, volcoll_id: String(id), replicate: true, ...more };
    return await this.rest.call('POST', 'snapshot_collections', data);
  }

  fill(volume: string, seed: number, lengthBytes = mebibyte): Promise<object> {
    return act(this.group.world, { action: 'fill', volume, seed, offsetBytes: 0, lengthBytes });
  }

  /** Of `ds1`, of the half in that pool. */
  digest(pool: string, snapshot?: string): Promise<object> {
    const of = snapshot === undefined ? {} : { snapshot };
    return act(this.group.world, { action: 'digest', volume: 'ds1', pool, ...of, offsetBytes: 0 });
  }

  setArray(array: string, isUp: boolean): Promise<object> {
    return act(this.group.world, { action: 'setArray', array, isUp });
  }
}
