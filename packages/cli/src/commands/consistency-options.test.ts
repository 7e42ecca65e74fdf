import { Command } from 'commander';
import { expect, it } from 'vitest';
import { consistencyChanges, consistencyOptions } from './consistency-options.ts';

function given(isEdit: boolean, ...argv: string[]): object {
  const command = consistencyOptions(new Command('job'), isEdit).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  const changes = consistencyChanges(command.parse(argv, { from: 'user' }).opts());
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

it.each([
  [[], {}],
  [['--quiesce'], { quiesce: true }],
  [['--quiesce', 'require'], { quiesce: 'require' }],
  [['--cbt-sample', '2.5'], { cbtSampleFraction: 0.025 }],
  [['--cbt-sample', '0'], { cbtSampleFraction: 0 }],
  [['--pre-script', '/a', '--post-script', '/b'], { preScript: '/a', postScript: '/b' }],
  [['--script-timeout', '2'], { scriptTimeoutMs: 120_000 }],
] as const)('%j of a job is %j', (argv, changes) => {
  expect(given(false, ...argv)).toEqual(changes);
  expect(given(true, ...argv)).toEqual(changes);
});

it('takes back what was set', () => {
  expect(given(true, '--no-quiesce', '--no-pre-script', '--no-post-script')).toEqual({
    ...{ quiesce: false, preScript: null, postScript: null },
  });
  expect(() => given(false, '--no-pre-script')).toThrow('unknown option');
});

it.each([
  ['--quiesce', 'perhaps'],
  ['--cbt-sample', '101'],
  ['--cbt-sample', '-1'],
  ['--script-timeout', '0'],
])('refuses %s %s', (...argv) => expect(() => given(false, ...argv)).toThrow());
