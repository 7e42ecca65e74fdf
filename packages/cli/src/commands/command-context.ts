import { type Clock, isError } from '@leeward/core';
import type { Command } from 'commander';
import { findServer, type ServerConnection } from '../api/find-server.ts';
import { explainNotFound } from '../api/fitting.ts';
import { waitForProxy } from '../api/wait-for-proxy.ts';
import { Output } from '../output/output.ts';
import { interruption } from '../process/interruption.ts';
import type { ConnectRemoteOptions } from '../remote/connect-remote.ts';
import { type ServerWords, serverOptionNames, serverOptions, serverWords } from '../remote/server-options.ts';

/** What every command gets. */
export interface CommandContext {
  readonly output: Output;
  readonly clock: Clock;
  /** Aborts when the user wants the command to end. */
  readonly signal: AbortSignal;
}

/** Runs a command against the server and sets the exit code that it returns. */
export type ServerAction<Options> = (
  context: CommandContext & { readonly server: ServerConnection },
  options: Options,
  argument: string,
) => Promise<number | undefined>;

export interface CommandTools {
  readonly clock: Clock;
}

interface Needs<Options> {
  /** A proxy has to run; may hang on the options. */
  readonly needsProxy?: boolean | ((options: Options) => boolean);
}

/** Registers `action` as a command that talks to the server; the first argument, if any, is handed over. */
export function onServer<Options extends object>(
  command: Command,
  { clock }: CommandTools,
  action: ServerAction<Options>,
  { needsProxy: need = false }: Needs<Options> = {},
): void {
  serverOptions(jsonOption(command), { hidden: true }).action(async (...given: unknown[]) => {
    const [argument] = given;
    const output = outputOf(command);
    const { signal, end } = interruption();
    const needsProxy = typeof need === 'function' ? need(ownOptions(command)) : need;
    const words = serverWords(command.optsWithGlobals<ServerWords>(), process.env);
    const server = words
      ? await connectElsewhere({ words, environment: process.env, output, clock, signal })
      : await findServer({ output, clock, needsProxy, signal });
    try {
      if (needsProxy) await waitForProxy(server.api, clock, signal);
      const context = { output, server, clock, signal };
      const name = typeof argument === 'string' ? argument : '';
      const code = await action(context, ownOptions(command), name);
      if (code !== undefined) process.exitCode = code;
    } catch (error) {
      throw isError(error, 'L-CFG-102') ? await explainNotFound(server.api, error) : error;
    } finally {
      await server.close();
      end();
    }
  });
}

/** Loads what only servers on other hosts need: most commands are for the one of this machine. */
async function connectElsewhere(options: ConnectRemoteOptions): Promise<ServerConnection> {
  const { connectRemote } = await import('../remote/connect-remote.ts');
  return connectRemote(options);
}

/** `--json` after the verb, where people write it. */
export function jsonOption(command: Command): Command {
  return command.option('--json', 'result as one JSON document on stdout');
}

/** Speaks as the options of the command and of the program say. */
export function outputOf(command: Command): Output {
  return new Output(command.optsWithGlobals()['json'] === true);
}

/** Without how the result is shown and which server is asked, which is no business of the action. */
function ownOptions<Options extends object>(command: Command): Options {
  const others: readonly string[] = ['json', ...serverOptionNames];
  const own = Object.entries(command.opts<Options>()).filter(([name]) => !others.includes(name));
  return Object.fromEntries(own) as Options;
}
