import type { Clock } from '@leeward/core';
import type { Command } from 'commander';
import { findServer, type ServerConnection } from '../api/find-server.ts';
import { Output } from '../output/output.ts';

/** What every command gets. */
export interface CommandContext {
  readonly output: Output;
  readonly clock: Clock;
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
  tools: CommandTools,
  action: ServerAction<Options>,
): void {
  jsonOption(command).action(async (...given: unknown[]) => {
    const [argument] = given;
    const output = new Output(command.optsWithGlobals()['json'] === true);
    const server = await findServer((text) => output.note(text));
    try {
      const context = { output, server, clock: tools.clock };
      const code = await action(
        context,
        command.opts<Options>(),
        typeof argument === 'string' ? argument : '',
      );
      if (code !== undefined) process.exitCode = code;
    } finally {
      await server.close();
    }
  });
}

/** `--json` after the verb, where people write it. */
export function jsonOption(command: Command): Command {
  return command.option('--json', 'result as JSON on stdout');
}
