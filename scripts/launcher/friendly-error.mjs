// Errors of the set-up in words that help.

/** Its message is all that the user needs to see. */
export class FriendlyError extends Error {}

const byCode = {
  ENOSPC:
    'The disk is full. The set-up needs about 1.5 GB, in the clone and in the npm cache; free some, then run the same command again.',
  EDQUOT:
    'Your disk quota is used up. The set-up needs about 1.5 GB; free some, then run the same command again.',
  EROFS: 'The clone is on a read-only file system, so it cannot be set up. Clone to a writable folder.',
  EACCES: 'The clone has files that this user may not write. Run as its owner, or clone anew as this user.',
  EPERM: 'The clone has files that this user may not write. Run as its owner, or clone anew as this user.',
};

const noNetwork =
  'The npm registry cannot be reached. Check network and proxy (`npm ping`), then run the same command again.';

for (const code of [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENOTCACHED',
  'ERR_SOCKET_TIMEOUT',
  'FETCH_ERROR',
])
  byCode[code] = noNetwork;

const npmOnly = {
  EUSAGE:
    'package.json and package-lock.json do not fit together. If you changed dependencies, run `npm install` once; if not, restore both files from git.',
  EINTEGRITY:
    'A downloaded package is not the one that package-lock.json names. Run `npm cache verify`, then the same command again; if it stays, do not use that registry.',
  E404: 'The npm registry that is set up here lacks a package that Leeward needs (`npm config get registry`).',
  E401: 'The npm registry that is set up here wants a login (`npm login`).',
  EBADENGINE: 'npm refuses this version of Node. Leeward needs Node 20.19 or later.',
};

/** What to do about an error code of Node or npm; undefined for a code that says nothing to users. */
export function adviceFor(code) {
  return byCode[code] ?? npmOnly[code];
}

export function friendly(error) {
  if (error instanceof FriendlyError) return error.message;
  const advice = byCode[error?.code];
  return advice ? `${advice}\n(${error.message})` : (error?.stack ?? String(error));
}
