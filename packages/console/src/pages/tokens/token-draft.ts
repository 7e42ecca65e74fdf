import type { Role } from '../../api/session.ts';
import { quoted } from '../../format/quoted.ts';

/** What is typed of a new token. */
export interface TokenDraft {
  readonly name: string;
  readonly role: Role;
  readonly readOnly: boolean;
  readonly days: string;
}

export function newToken(role: Role): TokenDraft {
  return { name: '', role, readOnly: false, days: '90' };
}

export function tokenBody({ name, role, readOnly, days }: TokenDraft): object {
  return { name, role, readOnly, days: Number(days) };
}

/** The command that makes the same token. */
export function tokenCommand({ name, role, readOnly, days }: TokenDraft): string {
  const flags = [
    `--role ${role}`,
    ...(readOnly ? ['--read-only'] : []),
    ...(days === '' ? [] : [`--days ${days}`]),
  ];
  return ['leeward token create', quoted(name || 'NAME'), ...flags].join(' ');
}
