import { z } from 'zod';
import { ensure } from '../../rest/ensure.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { change } from '../rest/change.ts';
import { readRows } from '../rest/list.ts';

const userSchema = z.object({ id: z.string(), name: z.string() });

/**
 * The CHAP user of the settings, made when it is missing; one that is there is used and never changed. It stays
 * on the array, since it is configuration and not part of a run. `undefined` where no CHAP is wanted.
 */
export async function ensureChapUser(array: NimbleArray, signal?: AbortSignal): Promise<string | undefined> {
  const { chap } = array.settings;
  if (!chap) return undefined;
  const { username: name, password } = chap;
  const data = { name, password, description: 'leeward' };
  const user = await ensure(array.rest, {
    object: `the CHAP user ${name}`,
    find: async () => {
      const users = await readRows(array.rest, userSchema, '/chap_users/detail', { name }, signal);
      return users.find((each) => each.name === name);
    },
    create: () => change(array.rest, { method: 'POST', path: '/chap_users', data, signal }),
    signal,
  });
  return user.id;
}
