import type { ChapCredentials } from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import type { IscsiLunAccess } from '../folder-access.ts';

/** CHAP of an access as the initiator takes it. Secrets: neither may be logged, journaled or put into an error. */
export function chapCredentials({
  username: user,
  password: secret,
  mutual,
}: NonNullable<IscsiLunAccess['chap']>): ChapCredentials {
  return { user, secret, mutual: mutual && { user: mutual.username, secret: mutual.password } };
}
