import type { Area } from '../catalogue-entry.ts';

/** NTF: notifications and reports. */
export const notifyErrors = {
  'L-NTF-101': {
    severity: 'error',
    exit: 'unreachable',
    permanent: false,
    what: 'The notification could not be handed over to {target}: {reason}',
    data: 'Backups are not affected. The message is tried again for about twenty minutes, then given up.',
    next: 'Check name, port, network and certificate of the target; `leeward notification test` tries it at once.',
  },
  'L-NTF-102': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: '{target} refused the notification: {reason}',
    data: 'Backups are not affected. The message is given up.',
    next: 'Check account, password, address and rights with `leeward notification edit`; `leeward notification test` tries it at once.',
  },
  'L-NTF-103': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'The address of the webhook cannot be used: {reason}',
    data: 'Nothing was changed and nothing was sent.',
    next: 'Give an address that begins with `https://`; `http://` only for this host itself.',
  },
  'L-NTF-104': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'A password would be sent to {host} without encryption.',
    data: 'Nothing was changed and nothing was sent.',
    next: 'Use `--smtp-security starttls` or `tls`, or leave user name and password out.',
  },
  'L-NTF-105': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'Channel "{name}" is of kind {kind}; {given} cannot be set for it.',
    data: 'Nothing was changed.',
    next: 'Make another channel with `leeward notification create`, and remove this one.',
  },
  'L-NTF-106': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'Cleaning up does not get on: {problem}',
    data: 'Backups are not affected. Something that Leeward made stays on a vCenter or an array.',
    next: 'See the reason; `leeward orphan list` shows what is there. The janitor goes on trying each minute.',
  },
  'L-NTF-107': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'Removed as an orphan: {name}.',
    data: 'Backups are not affected: its run is over and had not removed it.',
    next: 'Nothing. If it happens often, see how the runs end that leave it.',
  },
} as const satisfies Area;
