import type { LeewardError } from '@leeward/core';
import { createLogger, dataFolder, startServer } from '@leeward/server';
import type { Command } from 'commander';
import { Output } from '../output/output.ts';
import { version } from '../version.ts';

export function serverCommands(program: Command): void {
  const noun = program.command('server').description('the server');
  noun
    .command('start')
    .description('start the server with its database and the proxy of this host; runs until it is stopped')
    .action(async () => {
      const output = new Output(program.opts()['json'] === true);
      const folder = await dataFolder();
      const logger = createLogger('server');
      const onFatal = (error: LeewardError) => {
        output.error(error);
        process.exit(1);
      };
      const databaseUrl = process.env['DATABASE_URL'];
      const server = await startServer({ dataFolder: folder, databaseUrl, version, logger, onFatal });
      output.note(`Leeward ${version} is running. Data folder: ${folder}`);
      output.note(`API: unix:${server.socketPath} (for \`leeward\` of the same user). Stop with Ctrl-C.`);
      const stop = async () => {
        output.note('stopping; unfinished runs go on at the next start');
        await server.close();
        process.exit(0);
      };
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
      process.once('SIGHUP', stop);
    });
}
