import type { Clock } from '@leeward/core';
import { apiSocketPath, dataFolder } from '@leeward/server/process/data-folder';
import type { Command } from 'commander';
import { serverHealth } from '../api/find-server.ts';
import { socketAnswers } from '../api/socket-answers.ts';
import { exitCodes } from '../output/exit-codes.ts';
import { interruption } from '../process/interruption.ts';
import { version } from '../version.ts';
import { type CommandTools, jsonOption, outputOf } from './command-context.ts';
import { wholeOption } from './number-option.ts';

const pollMs = 200;
const stopTimeoutMs = 60_000;

export function serverCommands(program: Command, { clock }: CommandTools): void {
  const noun = program.command('server').description('the server');
  jsonOption(noun.command('start'))
    .description('start the server with its database and the proxy of this host; runs until it is stopped')
    .action(async (_options: object, command: Command) => startAndStay(command));

  jsonOption(noun.command('status'))
    .description('whether a server is running on the data folder')
    .addOption(wholeOption('--wait <seconds>', 'wait so long for one', 0, 3_600).default(0))
    .action(async ({ wait }: { readonly wait: number }, command: Command) => {
      const found = await waitForServer(clock, wait * 1_000);
      outputOf(command).result(found, () =>
        found.running
          ? `server ${found.version}, process ${found.pid}, data folder ${found.dataFolder}`
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
}

async function startAndStay(command: Command): Promise<void> {
  const output = outputOf(command);
  const { signal, end } = interruption();
  const folder = await dataFolder();
  const { createLogger, startServer } = await import('@leeward/server');
  const server = await startServer({
    dataFolder: folder,
    databaseUrl: process.env['DATABASE_URL'],
    version,
    logger: createLogger('server'),
    onFatal: (error) => {
      output.error(error);
      process.exit(exitCodes.error);
    },
  });
  const { socketPath } = server;
  output.result({ version, pid: process.pid, dataFolder: folder, socket: socketPath }, () =>
    [
      `Leeward ${version} is running. Data folder: ${folder}`,
      `API: unix:${socketPath} (for \`leeward\` of the same user). Stop with Ctrl-C or \`leeward server stop\`.`,
    ].join('\n'),
  );
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  output.note('stopping; unfinished runs go on at the next start');
  await server.close();
  end();
  process.exit(exitCodes.ok);
}

type ServerStatus =
  | {
      readonly running: true;
      readonly dataFolder: string;
      readonly version: string;
      readonly pid: number;
      /** Path of the Unix socket of its API. */
      readonly socket: string;
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
  const { version: found, pid } = await serverHealth(socketPath, clock);
  return { running: true, dataFolder: folder, version: found, pid, socket: socketPath };
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
