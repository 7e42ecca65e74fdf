import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { type LimitOptions, limitChanges, limitOptions } from './limit-options.ts';

function changesOf(args: readonly string[], isEdit = false) {
  const command = limitOptions(new Command('job'), isEdit)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse([...args], { from: 'user' });
  return limitChanges(command.opts<LimitOptions>());
}

describe('limits of a job on the command line', () => {
  it('takes times with their unit', () => {
    expect(changesOf(['--vmware-snapshot-budget', '30s', '--standard-max-snapshot', '12h'])).toEqual({
      vmwareSnapshotBudgetMs: 30_000,
      standardMaxSnapshotMs: 12 * 3_600_000,
    });
  });
  it.each(['30', '30 s', '0s', '2d', 'h'])('refuses the time "%s"', (text) => {
    expect(() => changesOf(['--vmware-snapshot-budget', text])).toThrow(/a length of time|too long/);
  });
  it('takes a rule and preferred arrays, in their order', () => {
    expect(changesOf(['--relation-rule', 'least-lag', '--prefer-array', 'dr2', 'dr1'])).toEqual({
      relationRule: 'least-lag',
      preferredArrays: ['dr2', 'dr1'],
    });
    expect(() => changesOf(['--relation-rule', 'luck'])).toThrow(/healthiest, least-lag/);
  });
  it('what was set can be taken back when a job is edited', () => {
    expect(changesOf(['--no-prefer-array', '--no-vmware-snapshot-budget'], true)).toEqual({
      preferredArrays: null,
      vmwareSnapshotBudgetMs: null,
    });
    expect(() => changesOf(['--no-prefer-array'])).toThrow(/unknown option/);
  });
});
