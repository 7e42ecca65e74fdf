import type { Area } from '../catalogue-entry.ts';

const unchanged = 'Nothing was changed.';
const nothingShown = 'Nothing was changed or shown.';

/**
 * AUT: who may do what. 101 to 119: people and tokens; 120 to 129: the HTTPS listener; 130 to 139: the secret key; 140 to
 * 149, in `remote.ts`: the command line on another host; 150 to 159, in `oidc.ts`: OpenID Connect.
 */
export const accessErrors = {
  'L-AUT-101': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'Nobody is signed in: the request carries neither a session nor a token that is valid.',
    data: nothingShown,
    next: 'Sign in; a session ends when it was not used for half an hour, when it is twelve hours old, and when the password changes. For a token: `leeward token list` says which are valid.',
  },
  'L-AUT-102': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: '{who} may not do this: it needs the role {needed}, and {who} has {role}.',
    data: nothingShown,
    next: 'Ask an administrator to do it, or to give another role: `leeward user edit NAME --role`.',
  },
  'L-AUT-103': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'User name or password is wrong.',
    data: nothingShown,
    next: 'Try again. An administrator can set a new password: `leeward user edit NAME --password`.',
  },
  'L-AUT-104': {
    severity: 'error',
    exit: 'auth',
    permanent: false,
    what: 'Too many attempts to sign in have failed; the next one is taken in {seconds} s.',
    data: nothingShown,
    next: 'Wait. If it was not you who tried, see `leeward audit list --operation session`.',
  },
  'L-AUT-105': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'The request does not come from the page that was signed in: {problem}',
    data: unchanged,
    next: 'Load the page again. Programs sign in with a token (`leeward token create`) instead of a session.',
  },
  'L-AUT-106': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: '{name} is the last administrator that can sign in, and one has to stay.',
    data: unchanged,
    next: 'Make another administrator first: `leeward user create NAME --role administrator`.',
  },
  'L-AUT-107': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'This password is not accepted: {problem}',
    data: unchanged,
    next: 'Choose one of 12 characters or more, other than the user name. Nothing else is asked of it.',
  },
  'L-AUT-108': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'The link for the first start is not valid (any more): it works for half an hour after the start of the server, once, and only as long as there is no administrator.',
    data: unchanged,
    next: 'Restart the server for a new link, or make the administrator on the server: `leeward user create NAME --role administrator`.',
  },
  'L-AUT-109': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'A token with the role {role} can do more than {who} may.',
    data: unchanged,
    next: 'Make one with a role that you have yourself.',
  },
  'L-AUT-110': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'The token "{token}" is for reading only.',
    data: unchanged,
    next: 'Use a token that was made without `--read-only`.',
  },
  'L-AUT-111': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: '{who} is limited to jobs ({jobs}), and this is not of one of them.',
    data: nothingShown,
    next: 'Ask an administrator to do it, or to change the limit: `leeward user edit NAME --jobs`; for a token, make another one.',
  },
  'L-AUT-112': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'An administrator cannot be limited to jobs.',
    data: unchanged,
    next: 'Give the role viewer, operator or restore-operator together with the limit, or take the limit away (`--all-jobs`).',
  },
  'L-AUT-120': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The server cannot listen at {address}: {reason}',
    data: 'The server was not started; unfinished runs go on at the next start.',
    next: 'Choose another address with `--listen HOST:PORT` (port 0 takes a free one), or switch HTTPS off with `--listen none`.',
  },
  'L-AUT-121': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The certificate {certificate} with the key {key} cannot be used for HTTPS: {reason}',
    data: 'The server was not started; unfinished runs go on at the next start.',
    next: 'Give a PEM certificate (its chain after it) and its PEM key without a passphrase, or leave both out for a self-made one.',
  },
  'L-AUT-130': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The key for stored passwords cannot be had from {source}: {reason}',
    data: 'Nothing was started or changed; backups in repositories are not affected.',
    next: 'It has to be 64 hexadecimal digits, as in the file `secret.key` of a data folder. `openssl rand -hex 32` makes one.',
  },
  'L-AUT-131': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The key from {source} is not the one that the stored passwords of this installation are sealed with.',
    data: 'Nothing was started or changed; backups in repositories are not affected.',
    next: 'Give the right key. To move an existing one, give the content of `secret.key` in the data folder.',
  },
} as const satisfies Area;
