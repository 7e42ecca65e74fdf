import { type Clock, LeewardError } from '@leeward/core';
import type { HttpsSettings, ListenAddress, RunningHttps } from '@leeward/server';
import { apiSocketPath, dataFolder } from '@leeward/server/process/data-folder';
import { type Command, Option } from 'commander';
import { serverHealth } from '../api/find-server.ts';
import { socketAnswers } from '../api/socket-answers.ts';
import { exitCodes } from '../output/exit-codes.ts';
import { interruption } from '../process/interruption.ts';
import { version } from '../version.ts';
import { type CommandTools, jsonOption, outputOf } from './command-context.ts';
import { listenOption } from './listen-option.ts';
import { wholeOption } from './number-option.ts';
import { serverBackupCommands } from './server-backup.ts';

const pollMs = 200;
const stopTimeoutMs = 60_000;

export function serverCommands(program: Command, tools: CommandTools): void {
  const { clock } = tools;
  const noun = program.command('server').description('the server');
  jsonOption(noun.command('start'))
    .description('start the server with its database and the proxy of this host; runs until it is stopped')
    .addOption(listenOption())
    .addOption(
      new Option(
        '--tls-cert <path>',
        'PEM file of your own certificate with its chain (default: a self-made one)',
      ).env('LEEWARD_TLS_CERT'),
    )
    .addOption(
      new Option('--tls-key <path>', 'PEM file of its key, without a passphrase').env('LEEWARD_TLS_KEY'),
    )
    .option(
      '--secret-key-file <path>',
      'file of the key that stored passwords are sealed with, 64 hexadecimal digits (default: `secret.key` of the data folder)',
    )
    .addOption(
      new Option('--secret-key-command <command>', 'command of the shell that writes that key').conflicts(
        'secretKeyFile',
      ),
    )
    .action(startAndStay);

  jsonOption(noun.command('status'))
    .description('whether a server is running on the data folder')
    .addOption(wholeOption('--wait <seconds>', 'wait so long for one', 0, 3_600).default(0))
    .action(async ({ wait }: { readonly wait: number }, command: Command) => {
      const found = await waitForServer(clock, wait * 1_000);
      outputOf(command).result(found, () =>
        found.running
          ? `server ${found.version}, process ${found.pid}, data folder ${found.dataFolder}, HTTPS ${found.url ?? 'none'}`
          : `no server is running on the data folder ${found.dataFolder}: \`leeward server start\``,
      );
      process.exitCode = found.running ? exitCodes.ok : exitCodes.unreachable;
    });

  jsonOption(noun.command('stop'))
    .description('stop the server; unfinished runs go on at the next start')
    .action(async (_options: object, command: Command) => {
      const found = await waitForServer(clock, 0);
      if (found.running) {
        process.kill(found.pid, 'SIGTERM');
        await untilGone(found.pid, clock);
      }
      const { dataFolder: folder } = found;
      outputOf(command).result({ dataFolder: folder, running: false }, () =>
        found.running ? 'the server is stopped' : `no server was running on the data folder ${folder}`,
      );
    });
  serverBackupCommands(noun, tools);
}

interface StartOptions {
  readonly listen: ListenAddress | 'none';
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly secretKeyFile?: string;
  readonly secretKeyCommand?: string;
}

async function startAndStay(options: StartOptions, command: Command): Promise<void> {
  const output = outputOf(command);
  const https = httpsOf(options);
  const { signal, end } = interruption();
  const folder = await dataFolder();
  const { createLogger, startServer } = await import('@leeward/server');
  const server = await startServer({
    dataFolder: folder,
    databaseUrl: process.env['DATABASE_URL'],
    version,
    logger: createLogger('server'),
    https,
    secretKey: secretKeyOf(options),
    onFatal: (error) => {
      output.error(error);
      process.exit(exitCodes.error);
    },
  });
  const { socketPath: socket, https: running } = server;
  output.result({ version, pid: process.pid, dataFolder: folder, socket, ...running }, () =>
    [
      `Leeward ${version} is running. Data folder: ${folder}`,
      `API: unix:${socket} (for \`leeward\` of the same user). Stop with Ctrl-C or \`leeward server stop\`.`,
      ...(running ? httpsLines(running) : []),
    ].join('\n'),
  );
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  output.note('stopping; unfinished runs go on at the next start');
  await server.close();
  end();
  process.exit(exitCodes.ok);
}

/** What is given here goes before the environment. */
function secretKeyOf({ secretKeyFile: file, secretKeyCommand: command }: StartOptions) {
  return file === undefined && command === undefined ? undefined : { file, command };
}

function httpsOf({ listen, tlsCert, tlsKey }: StartOptions): HttpsSettings | undefined {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new LeewardError('L-CFG-103', { problem: '--tls-cert and --tls-key belong together.' });
  if (listen === 'none') return undefined;
  const certificate =
    tlsCert === undefined || tlsKey === undefined ? undefined : { certificate: tlsCert, key: tlsKey };
  return { listen, certificate };
}

function httpsLines({ url, fingerprint, hasConsole, setupUrl }: RunningHttps): string[] {
  return [
    `${hasConsole ? 'Console and API' : 'API (the console is not built)'}: ${url}`,
    `  SHA-256 fingerprint of its certificate: ${fingerprint}`,
    ...(setupUrl === undefined
      ? []
      : [
          'There is no user yet. Make the first administrator within 30 minutes with this link, which works once:',
          `  ${setupUrl}`,
          'or here with `leeward user create NAME --role administrator`.',
        ]),
  ];
}

type ServerStatus =
  | {
      readonly running: true;
      readonly dataFolder: string;
      readonly version: string;
      readonly pid: number;
      /** Path of the Unix socket of its API. */
      readonly socket: string;
      /** Over HTTPS; missing: nowhere. */
      readonly url?: string;
    }
  | { readonly running: false; readonly dataFolder: string };

async function waitForServer(clock: Clock, timeoutMs: number): Promise<ServerStatus> {
  const folder = await dataFolder();
  const socketPath = await apiSocketPath(folder);
  const untilMs = clock.monotonicMs() + timeoutMs;
  while (!(await socketAnswers(socketPath))) {
    if (clock.monotonicMs() >= untilMs) return { running: false, dataFolder: folder };
    await clock.sleep(pollMs);
  }
  const { version: found, pid, url } = await serverHealth(socketPath, clock);
  const common = { running: true, dataFolder: folder, version: found, pid, socket: socketPath } as const;
  return url === undefined ? common : { ...common, url };
}

async function untilGone(pid: number, clock: Clock): Promise<void> {
  const untilMs = clock.monotonicMs() + stopTimeoutMs;
  while (isAlive(pid) && clock.monotonicMs() < untilMs) await clock.sleep(pollMs);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
