import { type Clock, isError } from '@leeward/core';
import type { Command } from 'commander';
import { findServer, type ServerConnection } from '../api/find-server.ts';
import { explainNotFound } from '../api/fitting.ts';
import { waitForProxy } from '../api/wait-for-proxy.ts';
import { Output } from '../output/output.ts';
import { interruption } from '../process/interruption.ts';

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

/** Registers `action` as a command that talks to the server; the first argument, if any, is handed over. */
export function onServer<Options extends object>(
  command: Command,
  { clock }: CommandTools,
  action: ServerAction<Options>,
  { needsProxy = false } = {},
): void {
  jsonOption(command).action(async (...given: unknown[]) => {
    const [argument] = given;
    const output = outputOf(command);
    const { signal, end } = interruption();
    const server = await findServer({ output, clock, needsProxy, signal });
    try {
      if (needsProxy) await waitForProxy(server.api, clock, signal);
      const context = { output, server, clock, signal };
      const name = typeof argument === 'string' ? argument : '';
      // How the result is shown is no business of the action.
      const { json: _, ...options } = command.opts<Options & { readonly json?: boolean }>();
      const code = await action(context, options as unknown as Options, name);
      if (code !== undefined) process.exitCode = code;
    } catch (error) {
      throw isError(error, 'L-CFG-102') ? await explainNotFound(server.api, error) : error;
    } finally {
      await server.close();
      end();
    }
  });
}

/** `--json` after the verb, where people write it. */
export function jsonOption(command: Command): Command {
  return command.option('--json', 'result as one JSON document on stdout');
}

/** Speaks as the options of the command and of the program say. */
export function outputOf(command: Command): Output {
  return new Output(command.optsWithGlobals()['json'] === true);
}
