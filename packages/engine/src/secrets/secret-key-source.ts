import { LeewardError } from '@leeward/core';

/** Where the key comes from, if not from the data folder: one of these. */
export interface SecretKeySource {
  /** Path of a file that only its owner can read. */
  readonly file?: string | undefined;
  /** For `/bin/sh`; its output is the key. */
  readonly command?: string | undefined;
  /** The key itself. */
  readonly value?: string | undefined;
}

const variables = {
  file: 'LEEWARD_SECRET_KEY_FILE',
  command: 'LEEWARD_SECRET_KEY_COMMAND',
  value: 'LEEWARD_SECRET_KEY',
} as const satisfies Record<keyof SecretKeySource, string>;

/** As the environment says; an empty variable is none. Throws `L-AUT-130` for more than one. */
export function secretKeySourceOf(environment: NodeJS.ProcessEnv): SecretKeySource {
  const { file, command, value } = variables;
  return onlyOne({
    file: environment[file] || undefined,
    command: environment[command] || undefined,
    value: environment[value] || undefined,
  });
}

/** The same for the environment of a process that needs the key too; what is not given is taken out. */
export function secretKeyEnvironment({ file, command, value }: SecretKeySource): NodeJS.ProcessEnv {
  return { [variables.file]: file, [variables.command]: command, [variables.value]: value };
}

/** What errors call it. */
export function nameOfSource(source: SecretKeySource): string {
  if (source.file !== undefined) return `the file ${source.file}`;
  return source.command === undefined ? `the environment (${variables.value})` : 'the command';
}

function onlyOne(source: SecretKeySource): SecretKeySource {
  const given = Object.values(source).filter((each) => each !== undefined);
  if (given.length > 1) {
    const reason = 'more than one of file, command and environment is given';
    throw new LeewardError('L-AUT-130', { source: 'its settings', reason });
  }
  return source;
}
