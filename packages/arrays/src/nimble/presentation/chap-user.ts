import { z } from 'zod';
import { parseOwnership } from '../../contract/ownership.ts';
import { ensure } from '../../rest/ensure.ts';
import { refusedWith } from '../../rest/refused.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { change, put, remove } from '../rest/change.ts';
import { readRows } from '../rest/list.ts';
import { busyCodes } from '../rest/refusal-codes.ts';
import { isChapUserUsed } from './access-record.ts';

const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  creation_time: z.number().nullish(),
});

export type ChapUser = z.infer<typeof userSchema>;

const path = '/chap_users';
/** The mark of versions that did not say which installation it was. */
const formerMark = 'leeward';

/**
 * The CHAP user under which proxies log in. One of ours is there as long as a clone is shown, with the secret of the
 * settings; one of somebody else is used as it is and never changed.
 */
export class ChapUsers {
  readonly #array: NimbleArray;
  /** Ids of those that have our secret by now; the array never tells it. */
  readonly #set = new Set<string>();

  constructor(array: NimbleArray) {
    this.#array = array;
  }

  /** The id of the user of the settings, made when it is missing. `undefined` where no CHAP is wanted. */
  async ensure(comment: string, signal?: AbortSignal): Promise<string | undefined> {
    const { chap } = this.#array.settings;
    if (!chap) return undefined;
    const { username: name, password } = chap;
    const data = { name, password, description: comment };
    let isNew = false;
    const { id, description } = await ensure(this.#array.rest, {
      object: `the CHAP user ${name}`,
      find: async () =>
        (await listChapUsers(this.#array, { name }, signal)).find((user) => user.name === name),
      create: async () => {
        await change(this.#array.rest, { method: 'POST', path, data, signal });
        isNew = true;
      },
      signal,
    });
    if (isNew) this.#set.add(id);
    if (!isOfInstallation(description ?? '', comment) || this.#set.has(id)) return id;
    // The secret may be an older one: the settings were edited while it was in use, or it was left behind.
    const secret = { password, description: comment };
    await put(this.#array.rest, { path: `${path}/${encodeURIComponent(id)}`, data: secret, signal });
    this.#set.add(id);
    return id;
  }

  /** Removes those of this installation that no access record names, whatever the settings say by now. */
  async dropUnused(comment: string, signal?: AbortSignal): Promise<void> {
    for (const user of await listChapUsers(this.#array, {}, signal))
      if (isOwnChapUser(user) && isOfInstallation(user.description ?? '', comment))
        await this.drop(user, signal);
  }

  /** Removes one of ours unless something is shown to it. */
  async drop(user: ChapUser, signal?: AbortSignal): Promise<void> {
    if (!isOwnChapUser(user) || (await isChapUserUsed(this.#array, user.id, signal))) return;
    this.#set.delete(user.id);
    try {
      await remove(this.#array.rest, `${path}/${encodeURIComponent(user.id)}`, signal);
    } catch (error) {
      // Given to somebody in this very moment.
      if (!refusedWith(error, busyCodes)) throw error;
    }
  }
}

export function listChapUsers(
  array: NimbleArray,
  filter: { readonly name?: string },
  signal?: AbortSignal,
): Promise<ChapUser[]> {
  return readRows(array.rest, userSchema, `${path}/detail`, filter, signal);
}

export function isOwnChapUser({ description }: ChapUser): boolean {
  return parseOwnership(description ?? '') !== undefined;
}

/** Installations may share a user name; each changes only what it made itself. */
function isOfInstallation(description: string, comment: string): boolean {
  if (description === formerMark) return true;
  const owner = parseOwnership(description)?.installationId;
  return owner !== undefined && owner === parseOwnership(comment)?.installationId;
}
