import { isIP } from 'node:net';
import { LeewardError } from '@leeward/core';
import type { SecretKeySource } from '@leeward/server';
import { dataFolder } from '@leeward/server/process/data-folder';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { interruption } from '../process/interruption.ts';
import { jsonOption, outputOf } from './command-context.ts';
import { wholeOption } from './number-option.ts';

interface StartOptions {
  readonly address?: readonly string[];
  readonly slots: number;
  readonly secretKeyFile?: string;
  readonly secretKeyCommand?: string;
}

const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** `proxy start`: a proxy on a host of its own. It works over the server's database, not over its API. */
export function proxyStartCommand(noun: Command): void {
  jsonOption(noun.command('start <name>'))
    .description(
      'run a proxy on this host for a server elsewhere, over its database (DATABASE_URL); runs until it is stopped',
    )
    .option(
      '--address <ip>',
      'address from which arrays see this host; may be repeated (default: those of its interfaces)',
      addressOf,
    )
    .addOption(wholeOption('--slots <n>', 'VMs that it reads at the same time', 1, 64).default(2))
    .option('--secret-key-file <path>', "file of the server's key of stored passwords")
    .addOption(
      new Option('--secret-key-command <command>', 'command of the shell that writes that key').conflicts(
        'secretKeyFile',
      ),
    )
    .action(startAndStay);
}

async function startAndStay(name: string, options: StartOptions, command: Command): Promise<void> {
  const output = outputOf(command);
  const problem = (text: string) => new LeewardError('L-CFG-103', { problem: text });
  if (!nameForm.test(name)) throw problem('a name of a proxy is of letters, digits, ".", "_" and "-"');
  const databaseUrl = process.env['DATABASE_URL'];
  if (!databaseUrl) throw problem('DATABASE_URL must name the PostgreSQL that the server uses too');
  const { createLogger, secretKeySourceOf, startJoinedProxy } = await import('@leeward/server');
  const { signal, end } = interruption();
  const proxy = await startJoinedProxy(
    {
      ...{ name, slots: options.slots, addresses: options.address, databaseUrl },
      dataFolder: await dataFolder(),
      secretKey: keyOf(options, secretKeySourceOf(process.env)),
      logger: createLogger(`proxy-${name}`),
    },
    signal,
  );
  output.result({ name, pid: process.pid, slots: options.slots, addresses: proxy.addresses }, () =>
    [
      `Proxy ${name} is running, ${proxy.addresses.join(', ')}. Stop with Ctrl-C.`,
      'On the server: `leeward proxy list` shows it, `leeward proxy probe` proves what it reaches.',
    ].join('\n'),
  );
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  output.note('stopping; what it reads goes on at its next start');
  await proxy.stop();
  end();
  process.exit(exitCodes.ok);
}

/** The data folder of this host has no key of that server, so one must be given. */
function keyOf({ secretKeyFile, secretKeyCommand }: StartOptions, found: SecretKeySource): SecretKeySource {
  const given = { file: secretKeyFile, command: secretKeyCommand };
  const key = Object.values(given).some((each) => each !== undefined) ? given : found;
  if (Object.values(key).some((each) => each !== undefined)) return key;
  const problem =
    "the server's key of stored passwords is needed: --secret-key-file, --secret-key-command or LEEWARD_SECRET_KEY";
  throw new LeewardError('L-CFG-103', { problem });
}

function addressOf(text: string, before: readonly string[] = []): readonly string[] {
  if (isIP(text) === 0) throw new InvalidArgumentError('must be an IP address.');
  return [...before, text];
}
