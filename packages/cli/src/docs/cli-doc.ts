import type { Command, Option } from 'commander';
import { exitCodes, exitMeanings } from '../output/exit-codes.ts';
import { serverOptionNames } from '../remote/server-options.ts';
import { demoJson, elsewhere, elsewhereFiles, habits, intro } from './cli-doc-text.ts';
import { environmentVariables } from './environment.ts';
import { type JsonShape, jsonShapes } from './json-shapes.ts';

/** docs/cli.md, made of the program itself and of the tables that it works by. */
export function cliDocument(program: Command): string {
  const nouns = visible(program);
  return `${[
    intro,
    habits,
    elsewhere,
    tableOf(['Option', 'Meaning'], program.options.filter(isOfServer).map(optionRow)),
    elsewhereFiles,
    '## Commands',
    ...nouns.flatMap(nounSection),
    '## Exit codes',
    'A code that is not in this table is a failure too.',
    tableOf(
      ['Code', 'Class', 'Meaning'],
      (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).map((name) => [
        String(exitCodes[name]),
        name,
        exitMeanings[name],
      ]),
    ),
    '## Environment',
    tableOf(
      ['Variable', 'Meaning'],
      Object.entries(environmentVariables).map(([name, meaning]) => [`\`${name}\``, meaning]),
    ),
    '## JSON',
    'Sizes are in bytes, times are ISO 8601 in UTC. Fields may be added; those below stay. A field with `?` may be missing.',
    ...jsonShapes.flatMap(shapeSection),
    demoJson,
  ].join('\n\n')}\n`;
}

function isOfServer(option: Option): boolean {
  return serverOptionNames.some((name) => name === option.attributeName());
}

function nounSection(noun: Command): string[] {
  const verbs = visible(noun);
  if (verbs.length === 0) return commandSection(noun, `leeward ${noun.name()}`, '###');
  return [
    `### ${noun.name()}`,
    sentence(noun.description()),
    ...verbs.flatMap((verb) => verbSection(verb, `leeward ${noun.name()} ${verb.name()}`)),
  ];
}

/** A verb, or the verbs of a part of the noun: `lab fault add`. */
function verbSection(verb: Command, path: string): string[] {
  const parts = visible(verb);
  if (parts.length === 0) return commandSection(verb, path, '####');
  return parts.flatMap((part) => commandSection(part, `${path} ${part.name()}`, '####'));
}

function commandSection(command: Command, path: string, level: string): string[] {
  const options = command.options.filter((option) => !option.hidden);
  const words = command.registeredArguments.map((each) => {
    const name = each.variadic ? `${each.name()}...` : each.name();
    return each.required ? `<${name}>` : `[${name}]`;
  });
  const needed = options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
  const usage = [path, ...words, ...needed, ...(options.length > needed.length ? ['[options]'] : [])];
  return [
    `${level} ${path.slice('leeward '.length)}`,
    sentence(command.description()),
    `\`\`\`text\n${usage.join(' ')}\n\`\`\``,
    ...(options.length > 0 ? [tableOf(['Option', 'Meaning'], options.map(optionRow))] : []),
  ];
}

function optionRow(option: Option): string[] {
  const { flags, description, defaultValue, envVar, argChoices, mandatory } = option;
  const notes = [
    ...(mandatory ? ['required'] : []),
    ...(argChoices ? [`one of ${argChoices.join(', ')}`] : []),
    ...(envVar === undefined ? [] : [`or \`${envVar}\``]),
    ...(defaultValue === undefined || typeof defaultValue === 'boolean' ? [] : [`default ${defaultValue}`]),
  ];
  return [`\`${flags}\``, notes.length > 0 ? `${description} (${notes.join('; ')})` : description];
}

function shapeSection({ command, list, fields }: JsonShape): string[] {
  const rows = Object.entries(fields).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return [
    `### \`${command}\``,
    list ? 'A list of objects.' : 'One object.',
    tableOf(['Field', 'Meaning'], rows),
  ];
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function visible(command: Command): readonly Command[] {
  return command.commands.filter((each) => each.name() !== 'help');
}
