import { quiescePolicies } from '@leeward/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { wholeOption } from './number-option.ts';

export interface ConsistencyOptions {
  /** `true` where no policy is named. */
  readonly quiesce?: string | boolean;
  readonly cbtSample?: number;
  readonly preScript?: string | false;
  readonly postScript?: string | false;
  readonly scriptTimeout?: number;
}

const minuteMs = 60_000;

/** What a job does to make its points what they claim to be. `isEdit`: what was set can be taken back. */
export function consistencyOptions(command: Command, isEdit: boolean): Command {
  command.addOption(
    new Option(
      '--quiesce [policy]',
      'have VMware Tools quiesce the guests; where that does not work: fall-back (default) or require',
    ).choices(quiescePolicies),
  );
  if (isEdit) command.addOption(new Option('--no-quiesce', 'not any more'));
  command
    .addOption(
      new Option(
        '--cbt-sample <percent>',
        'part of the unchanged blocks to compare with the last point (default 0.5)',
      ).argParser(fractionOf),
    )
    .option('--pre-script <path>', 'executable on the server, run before anything is made');
  if (isEdit) command.addOption(new Option('--no-pre-script', 'not any more'));
  command.option('--post-script <path>', 'the same, run at the end of every run');
  if (isEdit) command.addOption(new Option('--no-post-script', 'not any more'));
  return command.addOption(
    wholeOption('--script-timeout <minutes>', 'longest time for each script (default 10)', 1, 1_440),
  );
}

function fractionOf(text: string): number {
  const percent = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || percent > 100)
    throw new InvalidArgumentError('must be a number from 0 to 100.');
  return percent / 100;
}

/** The options in the words of the API. */
export function consistencyChanges(options: ConsistencyOptions): Readonly<Record<string, unknown>> {
  const { quiesce, cbtSample, preScript, postScript, scriptTimeout } = options;
  return {
    quiesce,
    cbtSampleFraction: cbtSample,
    preScript: preScript === false ? null : preScript,
    postScript: postScript === false ? null : postScript,
    scriptTimeoutMs: scriptTimeout === undefined ? undefined : scriptTimeout * minuteMs,
  };
}
