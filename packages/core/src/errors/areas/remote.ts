import type { Area } from '../catalogue-entry.ts';

const nothingSent = 'Nothing was changed, and neither password nor token was sent.';

/** AUT 140 to 149: the command line and a server on another host. */
export const remoteErrors = {
  'L-AUT-140': {
    severity: 'error',
    exit: 'unreachable',
    permanent: false,
    what: 'The server {server} does not answer: {reason}',
    data: 'What the command asked for may be done or not; runs that are under way go on.',
    next: 'Check address, network and firewall, and on the server `leeward server status`; then see `leeward run list` before repeating what changes something.',
  },
  'L-AUT-141': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The certificate of {server} is not trusted: {reason}. Its SHA-256 fingerprint is {fingerprint}.',
    data: nothingSent,
    next: 'Compare the fingerprint with the one that `leeward server start` shows on the server. If they agree, `leeward login --server {server} --server-fingerprint {fingerprint}` remembers it; or give its authority with `--server-ca`.',
  },
  'L-AUT-142': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The server {server} shows another certificate than the one that was pinned: its SHA-256 fingerprint is {seen}, expected was {expected}.',
    data: nothingSent,
    next: 'If the certificate was renewed, compare the new fingerprint on the server and sign in anew: `leeward login --server {server}`. If not, somebody may stand between you and the server.',
  },
  'L-AUT-143': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'There is no token for {server} here.',
    data: 'Nothing was changed or shown.',
    next: 'Sign in with `leeward login --server {server}`, or give a token by LEEWARD_TOKEN or LEEWARD_TOKEN_FILE.',
  },
  'L-AUT-144': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'The server {server} does not accept the token from {source} (any more).',
    data: 'Nothing was changed or shown.',
    next: 'It has expired, was deleted, or its user is disabled. Sign in anew: `leeward login --server {server}`.',
  },
  'L-AUT-145': {
    severity: 'error',
    exit: 'unreachable',
    permanent: true,
    what: 'What answers at {server} is not Leeward, or not a version that this command understands: HTTP {status}, {reason}.',
    data: 'What the command asked for may be done or not; runs that are under way go on.',
    next: 'Check the address. If it is the right one, install the version of the server here: `leeward server status` names it there, `leeward --version` the one of this command.',
  },
  'L-AUT-146': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The file {path}, which holds a token, can be read by others than its owner.',
    data: 'Nothing was changed; the token may have been read by others.',
    next: 'Delete the token (`leeward token delete NAME`) if others use this machine, run `chmod 600` on the file, and sign in anew.',
  },
} as const satisfies Area;
