import { LeewardError } from '@leeward/core';
import type { Command } from 'commander';
import { applyConfiguration } from '../config/apply-configuration.ts';
import type { AppliedStep } from '../config/deeds.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { readInputFile } from './read-input-file.ts';

interface Options {
  readonly file: string;
  readonly dryRun?: boolean;
  readonly passwords?: boolean;
  readonly prune?: readonly string[];
}

export function applyCommand(program: Command, tools: CommandTools): void {
  const command = program
    .command('apply')
    .description(
      'make vCenters, arrays, repositories, jobs, notification channels and settings as a file says; what it does not say stays as it is',
    )
    .requiredOption('-f, --file <path>', 'YAML as `leeward config export` writes it')
    .option('--dry-run', 'only say what would be done')
    .option('--passwords', 'send the passwords of what is there already too, not only of what is new')
    .option('--prune <kind/name...>', 'remove this, which is on the server and not in the file');
  onServer<Options>(command, tools, async ({ server, output }, options) => {
    const { file, dryRun = false, passwords = false, prune = [] } = options;
    const { fromYaml } = await import('../config/yaml-file.ts');
    const document = fromYaml(await readInputFile(file), file);
    if (typeof document !== 'object' || document === null)
      throw new LeewardError('L-CFG-103', { problem: `${file} is not a configuration` });
    const told = (step: AppliedStep) => {
      if (!output.json && !dryRun && step.action !== 'left') output.note(stepText(step));
    };
    const steps = await applyConfiguration(server.api, document, { dryRun, passwords, prune }, told);
    output.result({ dryRun, steps }, () => resultText(steps, dryRun));
    return undefined;
  });
}

const words: Readonly<Record<AppliedStep['action'], string>> = {
  create: 'create',
  change: 'change',
  unchanged: 'as it is',
  remove: 'remove',
  left: 'not in the file',
};

function stepText({ kind, name, action, changes }: AppliedStep): string {
  const head = `${words[action]}: ${kind === 'settings' ? kind : `${kind} ${name}`}`;
  const lines = changes.map(({ field, from, to }) =>
    from === undefined ? `  ${field}: ${text(to)}` : `  ${field}: ${text(from)} -> ${text(to)}`,
  );
  return [head, ...lines].join('\n');
}

function text(value: unknown): string {
  const json = JSON.stringify(value) ?? 'none';
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}

function resultText(steps: readonly AppliedStep[], dryRun: boolean): string {
  const count = (action: AppliedStep['action']) => steps.filter((step) => step.action === action).length;
  const summary = `${count('create')} created, ${count('change')} changed, ${count('remove')} removed, ${count('unchanged')} as they are`;
  const left = steps.filter(({ action }) => action === 'left');
  return [
    ...(dryRun ? steps.filter(({ action }) => action !== 'left').map(stepText) : []),
    dryRun ? `would be: ${summary}` : summary,
    ...left.map(({ kind, name }) => `on the server and not in the file: ${kind}/${name}`),
  ].join('\n');
}
