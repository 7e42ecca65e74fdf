import type { Area } from '../catalogue-entry.ts';

/** API: how the HTTP API is talked to, whatever is asked of it. */
export const apiErrors = {
  'L-API-101': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'The cursor is none that this list has given out: {problem}',
    data: 'Nothing was changed or shown.',
    next: 'Begin at the first page, without `cursor`, and take each next page from the `Link` header of the one before it, unchanged.',
  },
  'L-API-102': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'The idempotency key "{key}" was used before for another request: {operation}, or the same with other input.',
    data: 'Nothing was changed by this request; what the first one with this key did stays.',
    next: 'Give each wish a key of its own, a random UUID for instance. Only repetitions of one and the same request share a key.',
  },
  'L-API-103': {
    severity: 'error',
    exit: 'locked',
    permanent: false,
    what: 'The request with the idempotency key "{key}" is still being worked on, or the server ended while it was.',
    data: 'What the first request with this key asked for may be done or not; this one changed nothing.',
    next: 'Repeat it in a few seconds. If this stays, look whether what was asked for is there (a list says so) and use a new key only if it is not.',
  },
  'L-API-104': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The {kind} "{name}" is not as it was when it was read: somebody has changed it since.',
    data: 'Nothing was changed by this request; the change of the other one stays.',
    next: 'Read it again, look whether the change is still wanted, and send it with the new `ETag` in `If-Match`. `leeward audit list --object {name}` says who changed what.',
  },
  'L-API-105': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'The header {header} cannot be used here: {problem}',
    data: 'Nothing was changed.',
    next: 'Leave the header out, or correct it as docs/api.md says.',
  },
  'L-API-106': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'There is no {method} at {path}; it takes {allowed}.',
    data: 'Nothing was changed or shown.',
    next: 'Use one of these methods; docs/api.md and the description at `/api/v1/openapi.json` say what each does.',
  },
  'L-API-107': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'The {kind} "{name}" was changed by somebody else while this command was at it.',
    data: 'Nothing was changed by this command; the change of the other one stays.',
    next: 'Look at it as it is now, and give the command again if it is still wanted. `leeward audit list` says who changed what.',
  },
} as const satisfies Area;
