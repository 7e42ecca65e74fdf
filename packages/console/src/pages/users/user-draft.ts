import type { User } from '../../api/access.ts';
import type { Role } from '../../api/session.ts';
import { patternsOf } from '../../format/patterns.ts';
import { quoted } from '../../format/quoted.ts';

/** What is typed of a user. */
export interface UserDraft {
  readonly name: string;
  readonly role: Role;
  readonly password: string;
  readonly disabled: boolean;
  /** Names or patterns of jobs, separated by commas; empty: all. */
  readonly jobs: string;
}

export const newUser: UserDraft = { name: '', role: 'viewer', password: '', disabled: false, jobs: '' };

export function draftOf({ name, role, disabled, scope }: User): UserDraft {
  return { name, role, password: '', disabled, jobs: jobsText(scope) };
}

function jobsText(scope: User['scope']): string {
  return scope?.jobs.join(', ') ?? '';
}

/** As the API takes it; of a user that exists only what is other than before. */
export function userBody({ name, role, password, disabled, jobs }: UserDraft, user?: User): object {
  const patterns = patternsOf(jobs);
  const scope = patterns.length > 0 ? { jobs: patterns } : null;
  if (!user) return { name, role, password, ...(scope ? { scope } : {}) };
  return {
    ...(jobs === jobsText(user.scope) ? {} : { scope }),
    ...(role === user.role ? {} : { role }),
    ...(disabled === user.disabled ? {} : { disabled }),
    ...(password === '' ? {} : { password }),
  };
}

/** The command that does the same; never with the password in it. */
export function userCommand({ name, role, password, disabled, jobs }: UserDraft, user?: User): string {
  const only = patternsOf(jobs).map((each) => ` ${quoted(each)}`);
  const flag = only.length > 0 ? ` --jobs${only.join('')}` : '';
  if (!user)
    return `leeward user create ${quoted(name || 'NAME')} --role ${role}${flag} --password-file FILE`;
  return [
    `leeward user edit ${quoted(user.name)}`,
    ...(jobs === jobsText(user.scope) ? [] : [flag.trim() || '--all-jobs']),
    ...(role === user.role ? [] : [`--role ${role}`]),
    ...(disabled === user.disabled ? [] : [disabled ? '--disable' : '--enable']),
    ...(password === '' ? [] : ['--password-file FILE']),
  ].join(' ');
}
