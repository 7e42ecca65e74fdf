import { Command } from 'commander';
import { applyCommand } from './commands/apply.ts';
import { arrayCommands } from './commands/array.ts';
import { auditCommands } from './commands/audit.ts';
import { chainCommands } from './commands/chain.ts';
import type { CommandTools } from './commands/command-context.ts';
import { configCommands } from './commands/config.ts';
import { demoCommand } from './commands/demo.ts';
import { jobCommands } from './commands/job.ts';
import { labCommands } from './commands/lab.ts';
import { loginCommands } from './commands/login.ts';
import { notificationCommands } from './commands/notification.ts';
import { oidcCommands } from './commands/oidc.ts';
import { orphanCommands } from './commands/orphan.ts';
import { pointCommands } from './commands/point.ts';
import { proxyCommands } from './commands/proxy.ts';
import { reportCommands } from './commands/report.ts';
import { repositoryCommands } from './commands/repository.ts';
import { restoreCommands } from './commands/restore.ts';
import { runCommands } from './commands/run.ts';
import { scheduleCommands } from './commands/schedule.ts';
import { serverCommands } from './commands/server.ts';
import { settingsCommands } from './commands/settings.ts';
import { supportCommands } from './commands/support.ts';
import { tokenCommands } from './commands/token.ts';
import { topologyCommands } from './commands/topology.ts';
import { userCommands } from './commands/user.ts';
import { vcenterCommands } from './commands/vcenter.ts';
import { vmCommands } from './commands/vm.ts';
import { refuseElsewhere, serverOptions } from './remote/server-options.ts';
import { version } from './version.ts';

/** The whole command line: `leeward <noun> <verb>`. */
export function createProgram(tools: CommandTools): Command {
  const program = new Command('leeward')
    .description('Backup of vSphere VMs from snapshots on secondary storage arrays')
    .version(version)
    .option('--json', 'result as one JSON document on stdout')
    .enablePositionalOptions()
    .showHelpAfterError('(`--help` after a command shows what it expects)');
  serverOptions(program);
  program.hook('preAction', (_program, command) => refuseElsewhere(program, command));
  vcenterCommands(program, tools);
  arrayCommands(program, tools);
  vmCommands(program, tools);
  topologyCommands(program, tools);
  proxyCommands(program, tools);
  repositoryCommands(program, tools);
  jobCommands(program, tools);
  scheduleCommands(program, tools);
  runCommands(program, tools);
  pointCommands(program, tools);
  chainCommands(program, tools);
  orphanCommands(program, tools);
  restoreCommands(program, tools);
  notificationCommands(program, tools);
  reportCommands(program, tools);
  settingsCommands(program, tools);
  userCommands(program, tools);
  tokenCommands(program, tools);
  oidcCommands(program, tools);
  auditCommands(program, tools);
  loginCommands(program, tools);
  supportCommands(program, tools);
  configCommands(program, tools);
  applyCommand(program, tools);
  serverCommands(program, tools);
  labCommands(program, tools);
  demoCommand(program, tools);
  return program;
}
