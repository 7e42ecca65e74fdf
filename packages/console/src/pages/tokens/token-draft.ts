import type { Role } from '../../api/session.ts';
import { patternsOf } from '../../format/patterns.ts';
import { quoted } from '../../format/quoted.ts';

/** What is typed of a new token. */
export interface TokenDraft {
  readonly name: string;
  readonly role: Role;
  readonly readOnly: boolean;
  readonly days: string;
  /** Names or patterns of jobs, separated by commas; empty: those of its owner. */
  readonly jobs: string;
}

export function newToken(role: Role): TokenDraft {
  return { name: '', role, readOnly: false, days: '90', jobs: '' };
}

export function tokenBody({ name, role, readOnly, days, jobs }: TokenDraft): object {
  const patterns = patternsOf(jobs);
  const scope = patterns.length > 0 ? { scope: { jobs: patterns } } : {};
  return { name, role, readOnly, days: Number(days), ...scope };
}

/** The command that makes the same token. */
export function tokenCommand({ name, role, readOnly, days, jobs }: TokenDraft): string {
  const only = patternsOf(jobs);
  const flags = [
    `--role ${role}`,
    ...(readOnly ? ['--read-only'] : []),
    ...(days === '' ? [] : [`--days ${days}`]),
    ...(only.length > 0 ? [`--jobs ${only.map(quoted).join(' ')}`] : []),
  ];
  return ['leeward token create', quoted(name || 'NAME'), ...flags].join(' ');
}
