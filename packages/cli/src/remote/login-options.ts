import type { ServerWords } from './server-options.ts';

/** Where the password is looked for when no file is named. */
export const passwordVariable = 'LEEWARD_USER_PASSWORD';

/** What `leeward login` is told. */
export interface LoginOptions extends ServerWords {
  readonly username?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly days: number;
}
