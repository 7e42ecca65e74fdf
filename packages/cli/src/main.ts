#!/usr/bin/env node
import { asLeewardError } from '@leeward/core';
import { systemClock } from '@leeward/platform/clock/system-clock';
import { CommanderError } from 'commander';
import { exitCodes } from './output/exit-codes.ts';
import { Output } from './output/output.ts';
import { Interrupted } from './process/interrupted.ts';
import { quietPipes } from './process/quiet-pipes.ts';
import { createProgram } from './program.ts';

// Deprecations are for developers; one comes from a library that we use and cannot change.
process.noDeprecation = true;
quietPipes([process.stdout, process.stderr]);
const program = createProgram({ clock: systemClock });
overrideExits(program);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Shows what a command failed with, and says which exit code that is. */
function exitCodeOf(error: unknown): number {
  // Commander has said itself what is wrong with the command line.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const output = new Output(process.argv.includes('--json'));
  if (error instanceof Interrupted) {
    output.note(error.message);
    return exitCodes.cancelled;
  }
  output.error(error);
  return exitCodes[asLeewardError(error).entry.exit];
}

/** Errors of usage end with the code of the table, at every depth of commands. */
function overrideExits(command: typeof program): void {
  command.exitOverride();
  for (const child of command.commands) overrideExits(child as typeof program);
}
