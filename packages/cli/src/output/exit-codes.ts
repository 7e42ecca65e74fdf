import type { ExitClass } from '@leeward/core';

/** How a command ended, as a process exit code. The table in docs/cli.md is made of this one. */
export const exitCodes: Readonly<Record<ExitClass | 'ok', number>> = {
  ok: 0,
  error: 1,
  usage: 2,
  partly: 3,
  'not-found': 10,
  locked: 11,
  auth: 12,
  unreachable: 13,
  refused: 14,
  damage: 15,
  cancelled: 130,
};

/** What each exit code means to who runs the command. */
export const exitMeanings: Readonly<Record<ExitClass | 'ok', string>> = {
  ok: 'Done.',
  error: 'Failed; the error says why.',
  usage: 'The command or its input is not valid; nothing was done.',
  partly: 'Some VMs have a new point and some have not; or a configuration was applied in part.',
  'not-found': 'What was named does not exist.',
  locked: 'Somebody else is at work on it: a running job, a locked repository, another server.',
  auth: 'A password or a right was refused.',
  unreachable: 'A server, vCenter, array, proxy or database does not answer.',
  refused: 'Refused for safety: a certificate that is not trusted, a missing licence, a policy.',
  damage: 'A check found damage.',
  cancelled: 'Cancelled, or interrupted by Ctrl-C.',
};
