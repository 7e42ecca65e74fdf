import type { Area } from '../catalogue-entry.ts';

/** PRX: proxies. */
export const proxyErrors = {
  'L-PRX-101': {
    severity: 'error',
    exit: 'unreachable',
    permanent: false,
    what: 'Proxy "{proxy}" is not online.',
    data: 'Nothing was changed; work for it waits.',
    next: 'Start the proxy, or look why it ended in its log.',
  },
  'L-PRX-102': {
    severity: 'error',
    exit: 'not-found',
    permanent: true,
    what: 'File "{path}" is not in the storage snapshot "{storageSnapshot}".',
    data: 'The VM has no new point from this run; earlier points are not touched.',
    next: 'Check that the datastore is the volume that Leeward takes it for (`leeward topology show`), then run the job again.',
  },
  'L-PRX-103': {
    severity: 'error',
    exit: 'error',
    permanent: true,
    what: 'Proxy "{proxy}" could not try its data ports: {reason}',
    data: 'Nothing was changed; what earlier probes proved is kept.',
    next: 'Look at the reason, then probe again.',
  },
  'L-PRX-104': {
    severity: 'error',
    exit: 'locked',
    permanent: true,
    what: 'A proxy named "{proxy}" is running already.',
    data: 'Nothing was changed; the other one goes on working.',
    next: 'Give each proxy a name of its own, or stop the other one first.',
  },
  'L-PRX-105': {
    severity: 'error',
    exit: 'locked',
    permanent: true,
    what: 'Proxy "{proxy}" cannot be removed: {reason}.',
    data: 'Nothing was changed.',
    next: 'Stop the proxy on its host (the one of the server itself stays), wait for its runs to end, then remove it.',
  },
  'L-PRX-106': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'Proxy "{proxy}" restores into {allowed} only, and "{folder}" is not in there{because}.',
    data: 'Nothing was written.',
    next: 'Restore into a folder below one of these. An administrator can allow others: `leeward proxy edit {proxy} --restore-folder PATH`.',
  },
  'L-PRX-107': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'No folder was chosen yet that proxy "{proxy}" may restore into; until then only administrators restore with it.',
    data: 'Nothing was written.',
    next: 'Have an administrator allow folders: `leeward proxy edit {proxy} --restore-folder PATH`.',
  },
  'L-PRX-108': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'Nothing is restored into "{folder}": it is in {own}, which is Leeward\'s own.',
    data: 'Nothing was written; data folder and repositories are as they were.',
    next: 'Restore into another folder.',
  },
} as const satisfies Area;
