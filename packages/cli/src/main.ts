#!/usr/bin/env node
import { asLeewardError } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import { CommanderError } from 'commander';
import { exitCodes } from './output/exit-codes.ts';
import { Output } from './output/output.ts';
import { createProgram } from './program.ts';

// Deprecations are for developers; one comes from a library that we use and cannot change.
process.noDeprecation = true;
const program = createProgram({ clock: systemClock });
overrideExits(program);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  else {
    const known = asLeewardError(error);
    new Output(process.argv.includes('--json')).error(known);
    process.exitCode = exitCodes[known.entry.exit];
  }
}

/** Errors of usage end with the code of the table, at every depth of commands. */
function overrideExits(command: typeof program): void {
  command.exitOverride();
  for (const child of command.commands) overrideExits(child as typeof program);
}
