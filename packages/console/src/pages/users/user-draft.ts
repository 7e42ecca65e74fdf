import type { User } from '../../api/access.ts';
import type { Role } from '../../api/session.ts';
import { quoted } from '../../format/quoted.ts';

/** What is typed of a user. */
export interface UserDraft {
  readonly name: string;
  readonly role: Role;
  readonly password: string;
  readonly disabled: boolean;
}

export const newUser: UserDraft = { name: '', role: 'viewer', password: '', disabled: false };

/** As the API takes it; of a user that exists only what is other than before. */
export function userBody({ name, role, password, disabled }: UserDraft, user?: User): object {
  if (!user) return { name, role, password };
  return {
    ...(role === user.role ? {} : { role }),
    ...(disabled === user.disabled ? {} : { disabled }),
    ...(password === '' ? {} : { password }),
  };
}

/** The command that does the same; never with the password in it. */
export function userCommand({ name, role, password, disabled }: UserDraft, user?: User): string {
  if (!user) return `leeward user create ${quoted(name || 'NAME')} --role ${role} --password-file FILE`;
  return [
    `leeward user edit ${quoted(user.name)}`,
    ...(role === user.role ? [] : [`--role ${role}`]),
    ...(disabled === user.disabled ? [] : [disabled ? '--disable' : '--enable']),
    ...(password === '' ? [] : ['--password-file FILE']),
  ].join(' ');
}
