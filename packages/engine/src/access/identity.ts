import type { JobScope } from '@leeward/core/access/job-scope';
import type { Role } from '@leeward/core/access/role';

/** Who asks for something. */
export interface Identity {
  /** `local`: the owner of the data folder, over the socket in it. */
  readonly kind: 'local' | 'user' | 'token';
  /** Of the user, or of the token. */
  readonly name: string;
  readonly role: Role;
  /** May only ask for what changes nothing. */
  readonly readOnly: boolean;
  /** The user, or the one who owns the token; `local` and its tokens have none. */
  readonly userId?: string;
  /** Of a token: which it is, and when it ends. */
  readonly token?: { readonly id: string; readonly expiresAt: string };
  /** Limited to jobs that are in all of these; missing: not limited. */
  readonly scopes?: readonly JobScope[];
}

export const localIdentity: Identity = {
  kind: 'local',
  name: 'local',
  role: 'administrator',
  readOnly: false,
};
