import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChannelOptions, channelOptions, rulesOf, targetOf } from './notification-options.ts';
import { scheduleChanges, scheduleOptions } from './schedule-options.ts';

let folder = '';
const fileOf = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-cli-'));
  for (const [name, text] of [
    ['url', 'https://hooks.example.org/T1\n'],
    ['secret', 'sixteen-or-more-characters\n'],
    ['password', 'p4ss\n'],
  ] as const)
    await writeFile(fileOf(name), text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const parsed = (...given: string[]): ChannelOptions =>
  channelOptions(new Command().exitOverride()).parse(given, { from: 'user' }).opts();

describe('options of a channel', () => {
  it('are the target of its kind, with secrets from files', async () => {
    const mail = ['--host', 'mail', '--from', 'a@b.c', '--to', 'd@e.f', 'g@h.i', '--username', 'u'];
    expect(await targetOf('email', parsed(...mail, '--password-file', fileOf('password')), true)).toEqual({
      ...{
        kind: 'email',
        host: 'mail',
        from: 'a@b.c',
        to: ['d@e.f', 'g@h.i'],
        username: 'u',
        password: 'p4ss',
      },
    });
    const hook = parsed('--url-file', fileOf('url'), '--secret-file', fileOf('secret'));
    expect(await targetOf('webhook', hook, true)).toEqual({
      ...{ kind: 'webhook', url: 'https://hooks.example.org/T1', secret: 'sixteen-or-more-characters' },
    });
  });

  it('of another kind are refused, and without any an edit leaves the target alone', async () => {
    await expect(targetOf('syslog', parsed('--smtp-security', 'tls'), true)).rejects.toThrow(
      /--smtp-security is not for channels of kind syslog/,
    );
    expect(await targetOf('webhook', parsed('--severity', 'failure'), false)).toBeUndefined();
  });

  it('are rules, as far as given', () => {
    expect(rulesOf(parsed('--topic', 'run', 'digest', '--job', 'nightly'))).toEqual({
      rules: { topics: ['run', 'digest'], jobs: ['nightly'] },
    });
    expect(rulesOf(parsed('--all-jobs'))).toEqual({ rules: { jobs: null } });
    expect(rulesOf(parsed())).toEqual({});
    expect(() => parsed('--topic', 'weather')).toThrow();
  });
});

it('options of a schedule are what is given of it', () => {
  const changes = (...given: string[]) =>
    scheduleChanges(
      scheduleOptions(new Command().exitOverride(), true).parse(given, { from: 'user' }).opts(),
    );
  expect(changes()).toEqual({});
  expect(changes('--no-schedule')).toEqual({ schedule: null });
  expect(changes('--schedule', 'daily at 22:00', '--time-zone', 'UTC', '--catch-up', '4h')).toEqual({
    schedule: { cron: 'daily at 22:00', timeZone: 'UTC', catchUpMs: 14_400_000 },
  });
  expect(changes('--no-catch-up')).toEqual({ schedule: { catchUpMs: 0 } });
  expect(changes('--retries', '3', '--retry-wait', '30m')).toEqual({
    schedule: { retries: 3, retryWaitMs: 1_800_000 },
  });
  expect(changes('--no-retries')).toEqual({ schedule: { retries: 0 } });
});
