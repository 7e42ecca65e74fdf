import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Scenario } from '@leeward/lab';
import { makeFolders } from '@leeward/platform/files/make-folders';
import type { Command } from 'commander';
import type { DemoServer } from '../demo/demo-server.ts';
import { exitCodes } from '../output/exit-codes.ts';
import { duration } from '../output/format.ts';
import { Output } from '../output/output.ts';
import { interruption } from '../process/interruption.ts';
import type { CommandTools } from './command-context.ts';
import { sizeOption } from './number-option.ts';
import { scenarioOption } from './scenario-option.ts';

interface DemoOptions {
  readonly out?: string;
  readonly keep?: boolean;
  readonly json?: string;
  readonly size: number;
  readonly scenario: Scenario;
}

export function demoCommand(program: Command, { clock }: CommandTools): void {
  program
    .command('demo')
    .description('run the main job in a simulated datacentre and check every byte')
    .option('--out <folder>', 'keep repository, password file and restored disks there')
    .option('--keep', 'leave lab and server running and say where to look')
    .option('--json <file>', 'write the result as JSON')
    .addOption(sizeOption())
    .addOption(scenarioOption('full'))
    .action(async (options: DemoOptions) => {
      const output = new Output(false);
      const { startLab, stopLab } = await import('@leeward/lab');
      const { systemRandomness } = await import('@leeward/platform');
      const { startDemoServer } = await import('../demo/demo-server.ts');
      const { runDemo } = await import('../demo/run-demo.ts');
      const { summaryText } = await import('../demo/summary.ts');
      const { signal, end } = interruption();
      const startedMs = clock.monotonicMs();
      const folder = options.out ? resolve(options.out) : await mkdtemp(join(tmpdir(), 'leeward-demo-'));
      await makeFolders(folder);
      const labFolder = join(folder, 'lab');
      let server: DemoServer | undefined;
      let ok = false;
      try {
        output.note(output.style('bold', 'Starting the simulated datacentre'));
        const onNote = (text: string) => output.note(`  ${text}`);
        const { size, scenario } = options;
        const randomness = systemRandomness;
        const lab = await startLab({ folder: labFolder, size, scenario, clock, randomness, onNote });
        output.note('  starting the server');
        signal.throwIfAborted();
        server = await startDemoServer(join(folder, 'server'), clock, signal);
        const report = await runDemo({ lab, server, folder, output, clock });
        ok = report.ok;
        if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
        output.note('');
        process.stdout.write(`${summaryText(report)}\n`);
      } catch (error) {
        if (signal.aborted) output.note('interrupted: stopping the server and the simulated datacentre');
        else output.error(error);
      }
      if (options.keep && server && !signal.aborted) {
        await server.leaveRunning();
        output.note(`Lab and server are left running. Look around with`);
        output.note(`  LEEWARD_DATA=${server.dataFolder} npx leeward run list`);
        output.note(`and end them with`);
        output.note(`  kill ${server.pid}; npx leeward lab down --folder ${labFolder}`);
      } else {
        await server?.stop();
        await stopLab(labFolder, clock);
        const done = options.out === undefined ? [folder] : [labFolder, join(folder, 'server')];
        if (ok) for (const each of done) await rm(each, { recursive: true, force: true });
        else output.note(`Everything is kept for a look: ${folder}`);
      }
      output.note(`took ${duration(clock.monotonicMs() - startedMs)}`);
      end();
      process.exitCode = signal.aborted ? exitCodes.cancelled : ok ? exitCodes.ok : exitCodes.error;
    });
}
