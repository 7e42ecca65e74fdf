import type { Area } from '../catalogue-entry.ts';

const nobody = 'Nobody was signed in, and nothing was changed.';

/** AUT 150 to 159: signing in by OpenID Connect. */
export const oidcErrors = {
  'L-AUT-150': {
    severity: 'error',
    exit: 'not-found',
    permanent: true,
    what: 'Signing in by OpenID Connect is not set up.',
    data: nobody,
    next: 'Sign in with a password, or have an administrator set it up: `leeward oidc set`.',
  },
  'L-AUT-151': {
    severity: 'error',
    exit: 'unreachable',
    permanent: false,
    what: 'The provider {issuer} cannot be used: {reason}',
    data: nobody,
    next: 'Check that this server reaches the provider (`leeward oidc test`), its address and its certificate. Until then sign in with a password, or work on the server itself.',
  },
  'L-AUT-152': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'The answer of the provider {issuer} was refused: {reason}',
    data: nobody,
    next: 'Sign in again. If it happens again, compare issuer, client and clock of both sides (`leeward oidc test`).',
  },
  'L-AUT-153': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'This sign-in was not begun in this browser within the last 10 minutes, or was finished already.',
    data: nobody,
    next: 'Begin again at the sign-in page.',
  },
  'L-AUT-154': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'The provider knows {name}, but it may not sign in here: {reason}.',
    data: nobody,
    next: 'Have an administrator give one of the groups a role: `leeward oidc set --map GROUP=ROLE`, or put the account into a group that has one.',
  },
  'L-AUT-155': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The provider calls the account {name}, and another user has that name here.',
    data: nobody,
    next: 'Remove or rename the other user if it is the same person (`leeward user delete`), or choose another claim for names: `leeward oidc set --username-claim`.',
  },
  'L-AUT-156': {
    severity: 'error',
    exit: 'auth',
    permanent: true,
    what: 'The provider {issuer} signed nobody in: {reason}',
    data: nobody,
    next: 'Try again, and see what the provider says of the account.',
  },
  'L-AUT-157': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: '{name} signs in at the provider and has neither a password nor a role of its own here.',
    data: 'Nothing was changed.',
    next: 'Change the groups of the account at the provider, or what they mean here (`leeward oidc set --map`). `leeward user edit NAME --disable` keeps it out.',
  },
} as const satisfies Area;
