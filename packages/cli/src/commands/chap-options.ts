import { LeewardError } from '@leeward/core';
import { type Command, Option } from 'commander';
import { readSecret } from './secret-input.ts';

export interface ChapOptions {
  readonly chapUsername?: string;
  readonly chapPasswordFile?: string;
  readonly chapMutualUsername?: string;
  readonly chapMutualPasswordFile?: string;
}

export interface EditChapOptions extends ChapOptions {
  /** False: `--no-chap`. */
  readonly chap: boolean;
  /** False: `--no-chap-mutual`. */
  readonly chapMutual: boolean;
}

/** One direction of CHAP, as it was given. */
interface Direction {
  readonly username: string | undefined;
  readonly file: string | undefined;
  readonly environment: string;
  readonly what: string;
}

function directionsOf(options: ChapOptions): { readonly own: Direction; readonly mutual: Direction } {
  const { chapUsername, chapPasswordFile, chapMutualUsername, chapMutualPasswordFile } = options;
  return {
    own: {
      ...{ username: chapUsername, file: chapPasswordFile },
      ...{ environment: 'LEEWARD_CHAP_PASSWORD', what: 'CHAP password' },
    },
    mutual: {
      ...{ username: chapMutualUsername, file: chapMutualPasswordFile },
      ...{ environment: 'LEEWARD_CHAP_MUTUAL_PASSWORD', what: 'mutual CHAP password' },
    },
  };
}

export function addChapOptions(add: Command): Command {
  return add
    .option('--chap-username <name>', 'what proxies log in with over iSCSI, where the array asks for it')
    .option(
      '--chap-password-file <path>',
      'file whose first line is the CHAP password (else LEEWARD_CHAP_PASSWORD, else a prompt)',
    )
    .option('--chap-mutual-username <name>', 'what the array has to prove itself with in turn (mutual CHAP)')
    .option(
      '--chap-mutual-password-file <path>',
      'file whose first line is its password (else LEEWARD_CHAP_MUTUAL_PASSWORD, else a prompt)',
    );
}

export function editChapOptions(edit: Command): Command {
  const mutual = ['chapMutualUsername', 'chapMutualPasswordFile'];
  const all = ['chapUsername', 'chapPasswordFile', ...mutual];
  return edit
    .option('--chap-username <name>', 'new name that proxies log in with over iSCSI')
    .option('--chap-password-file <path>', 'file whose first line is the new CHAP password')
    .addOption(new Option('--no-chap', 'proxies log in over iSCSI without CHAP').conflicts(all))
    .option('--chap-mutual-username <name>', 'new name that the array has to prove itself with in turn')
    .option('--chap-mutual-password-file <path>', 'file whose first line is the new password for it')
    .addOption(new Option('--no-chap-mutual', 'the array has to prove nothing to proxies').conflicts(mutual));
}

/** Of a new array. Throws `L-CFG-103` where a name is missing or a password cannot be had. */
export async function chapOf(options: ChapOptions): Promise<object | undefined> {
  const { own, mutual } = directionsOf(options);
  const isMutual = mutual.username !== undefined || mutual.file !== undefined;
  if (isMutual && (own.username === undefined || mutual.username === undefined))
    throw new LeewardError('L-CFG-103', {
      problem: 'mutual CHAP needs --chap-username and --chap-mutual-username',
    });
  if (own.username === undefined) return undefined;
  const login = await accountOf(own);
  return isMutual ? { ...login, mutual: await accountOf(mutual) } : login;
}

async function accountOf({ username, file, environment, what }: Direction): Promise<object> {
  return { username, password: await readSecret({ file, environment, prompt: `${what} of ${username}` }) };
}

/** What `edit` changes of it. */
export async function newChapOf(options: EditChapOptions): Promise<object> {
  if (!options.chap) return { chap: null };
  const { own, mutual } = directionsOf(options);
  const theirs = options.chapMutual ? await changedOf(mutual) : null;
  const chap = { ...(await changedOf(own)), ...(theirs === undefined ? {} : { mutual: theirs }) };
  return Object.keys(chap).length === 0 ? {} : { chap };
}

async function changedOf({ username, file, environment, what }: Direction): Promise<object | undefined> {
  if (username === undefined && file === undefined) return undefined;
  return {
    ...(username === undefined ? {} : { username }),
    ...(file === undefined
      ? {}
      : { password: await readSecret({ file, environment, prompt: `New ${what}` }) }),
  };
}
