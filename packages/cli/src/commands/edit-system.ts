import type { RemovedSystem, SystemSummary } from '@leeward/server';
import { type Command, Option } from 'commander';
import type { ServerConnection } from '../api/find-server.ts';
import { counted } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { wholeOption } from './number-option.ts';
import { readInputFile } from './read-input-file.ts';
import { readSecret } from './secret-input.ts';

export interface NewPasswordOptions {
  readonly password?: true;
  readonly passwordFile?: string;
}

export interface EditSystemOptions extends NewPasswordOptions {
  readonly host?: string;
  readonly port?: number;
  readonly username?: string;
  readonly fingerprint?: string;
  readonly caFile?: string;
}

export function editSystemOptions(command: Command): Command {
  command
    .option('--host <host>', 'new host name or address')
    .addOption(wholeOption('--port <port>', 'new HTTPS port', 1, 65_535))
    .option('--username <name>', 'new account to log in with');
  return newPasswordOptions(command, 'LEEWARD_PASSWORD')
    .option(
      '--fingerprint <sha256>',
      'SHA-256 fingerprint of its new certificate, once you have compared it, to verify by from now on',
    )
    .option('--ca-file <path>', 'PEM file of the certificate authority to verify by from now on');
}

/** The password stays as it is unless one of these is given. */
export function newPasswordOptions(command: Command, environment: string): Command {
  return command
    .addOption(
      new Option('--password', `a new password: ${environment}, else a prompt`).conflicts('passwordFile'),
    )
    .option('--password-file <path>', 'file whose first line is the new password');
}

export async function newPassword(
  { password, passwordFile }: NewPasswordOptions,
  environment: string,
  of: string,
): Promise<{ readonly password?: string }> {
  if (password === undefined && passwordFile === undefined) return {};
  return { password: await readSecret({ file: passwordFile, environment, prompt: `New password of ${of}` }) };
}

/** Changes what is given of a registered system, and nothing else. */
async function editSystem(
  server: ServerConnection,
  list: '/vcenters' | '/arrays',
  name: string,
  options: EditSystemOptions,
  extra: object = {},
): Promise<SystemSummary> {
  const { host, port, username, fingerprint, caFile } = options;
  return server.api.edit<SystemSummary>(`${list}/${encodeURIComponent(name)}`, async () => ({
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(username === undefined ? {} : { username }),
    ...(await newPassword(options, 'LEEWARD_PASSWORD', username ?? name)),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(caFile === undefined ? {} : { caPem: await readInputFile(caFile) }),
    ...extra,
  }));
}

function editedText(noun: string, { name, username, host, port }: SystemSummary): string {
  return `${noun} ${name} changed: it was read as ${username} at ${host}:${port}, and that is used from now on`;
}

function removedText(noun: string, { system, leftBehind }: RemovedSystem): string {
  const { storageSnapshots } = leftBehind;
  const head = `${noun} ${system.name} removed; nothing was changed on it`;
  if (storageSnapshots.length === 0) return head;
  const count = counted(storageSnapshots.length, 'storage snapshot');
  return [
    head,
    `${count} of the chains of jobs stay there, and nobody removes them any more:`,
    ...storageSnapshots.map((name) => `  ${name}`),
    'Delete those that are not needed on the array; if it is registered again, they count again.',
  ].join('\n');
}

/** What vCenters and arrays have in common; `extra`: further changes that the options of `edit` ask for. */
export function editAndRemoveCommands<T extends EditSystemOptions>(
  noun: { readonly word: string; readonly list: '/vcenters' | '/arrays' },
  commands: { readonly edit: Command; readonly remove: Command },
  tools: CommandTools,
  extra: (options: T) => Promise<object> = async () => ({}),
): void {
  onServer<T>(commands.edit, tools, async ({ server, output }, options, name) => {
    const edited = await editSystem(server, noun.list, name, options, await extra(options));
    output.result(edited, () => editedText(noun.word, edited));
    return undefined;
  });
  onServer(commands.remove, tools, async ({ server, output }, _options, name) => {
    const removed = await server.api.delete<RemovedSystem>(`${noun.list}/${encodeURIComponent(name)}`);
    output.result(removed, () => removedText(noun.word, removed));
    return undefined;
  });
}
