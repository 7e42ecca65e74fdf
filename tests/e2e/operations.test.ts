import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type DemoServer, startDemoServer } from '@leeward/cli/demo/demo-server';
import { inspectLab } from '@leeward/cli/demo/inspect-lab';
import type { Job, Plan } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import type { ConfigurationDocument, Point, RunView } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leeward } from './support/leeward-process.ts';
import { codesOf, runAndWait } from './support/runs.ts';
import { Site } from './support/site.ts';
import { until } from './support/until.ts';

let site: Site;
let job: Job;
let first: RunView;
let passwords: NodeJS.ProcessEnv;
const channelSecrets = { mail: 'mail-Passw0rd', chat: 'https://hooks.example.org/services/T0/B0/x9y8z7' };

beforeAll(async () => {
  site = await Site.start({ size: 0.02 });
  job = await site.register();
  const mail = {
    ...{ kind: 'email', host: '127.0.0.1', username: 'u', password: channelSecrets.mail },
    ...{ from: 'leeward@example.org', to: ['ann@example.org'] },
  };
  const chat = { kind: 'chat', style: 'slack', url: channelSecrets.chat };
  const channels = '/notification-channels';
  await site.api.post(channels, { name: 'mail', enabled: false, target: mail, rules: { jobs: ['nightly'] } });
  await site.api.post(channels, { name: 'chat', enabled: false, target: chat });
  first = await runAndWait(site, job);
  const secret = async (path: string) => (await readFile(path, 'utf8')).trim();
  const { vcenter, arrays } = site.lab;
  const variable = (kind: string, name: string) =>
    `LEEWARD_${kind}_${name}_PASSWORD`.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
  const { vcenters, repositories } = await site.api.get<Required<ConfigurationDocument>>('/config');
  passwords = {
    [variable('vcenter', vcenters[0]?.name ?? '')]: await secret(vcenter.passwordFile),
    [variable('repository', repositories[0]?.name ?? '')]: await site.repositoryPassword(),
  };
  passwords['LEEWARD_CHANNEL_MAIL_PASSWORD'] = channelSecrets.mail;
  passwords['LEEWARD_CHANNEL_CHAT_URL'] = channelSecrets.chat;
  for (const { name, passwordFile } of arrays)
    passwords[variable('array', name)] = await secret(passwordFile);
});
afterAll(() => site?.stop());

const run = (words: string[], environment: NodeJS.ProcessEnv = {}) =>
  leeward(words, { LEEWARD_DATA: site.dataFolder, ...environment }, 120_000);

const kinds = ({ vms }: RunView) => vms.map(({ name, facts }) => [name, facts.kind]).toSorted();

it('the server is ready, and its metrics tell of the run', async () => {
  expect(first.run.state, codesOf(first).join()).toBe('success');
  expect(await site.api.get('/ready')).toMatchObject({
    ready: true,
    parts: [{ name: 'database' }, { name: 'flows' }, { name: 'proxy' }],
  });
});

describe('a job that is only tried', () => {
  const words = ['job', 'create', 'tried', '--vm', 'web-01', '--vm', 'nobody', '--repository', 'backups'];

  it('is planned as a job of these options would be, and nothing comes of it', async () => {
    const around = async () => [await inspectLab(site.lab), await site.api.get('/jobs')];
    const before = await around();
    const dry = await run([...words, '--failover-to-primary', '--dry-run', '--json']);
    expect([dry.code, dry.stderr]).toEqual([0, '']);
    const tried = JSON.parse(dry.stdout) as Plan;
    expect(await around()).toEqual(before);

    const created = await run([...words, '--failover-to-primary', '--json']);
    const { id } = JSON.parse(created.stdout) as Job;
    const plan = await site.api.post<Plan>(`/jobs/${id}/plan`);
    await site.api.delete(`/jobs/${id}`);
    expect(tried.vms.map(({ name, source }) => [name, source])).toEqual([['web-01', 'secondary']]);
    expect({ ...tried, madeAt: plan.madeAt, job: { ...tried.job, id } }).toEqual(plan);
  });

  it('says as text what it would do, and refuses what could not be created', async () => {
    const { code, stdout } = await run([...words, '--dry-run']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/web-01[\s\S]*secondary/)]);
    const refused = await run(['job', 'create', 'x', '--vm', 'web-01', '--repository', 'other', '--dry-run']);
    expect([refused.code === 0, refused.stderr]).toEqual([false, expect.stringContaining('L-CFG-102')]);
  });
});

describe('the configuration as a file', () => {
  let other: DemoServer;
  const file = () => join(site.folder, 'leeward.yml');
  const elsewhere = () => ({ LEEWARD_DATA: other.dataFolder, ...passwords });

  beforeAll(async () => {
    other = await startDemoServer(join(site.folder, 'other'), systemClock, new AbortController().signal);
  });
  afterAll(() => other?.stop());

  it('makes an empty server the same, and then has nothing to do', async () => {
    const exported = await run(['config', 'export', '-o', file()]);
    expect([exported.code, exported.stderr]).toEqual([0, '']);
    const text = await readFile(file(), 'utf8');
    for (const password of Object.values(passwords)) expect(text).not.toContain(password);

    const lacking = await run(['apply', '-f', file()], { LEEWARD_DATA: other.dataFolder });
    expect([lacking.code, lacking.stderr]).toEqual([2, expect.stringContaining('L-OPS-102')]);
    const dry = await run(['apply', '-f', file(), '--dry-run'], elsewhere());
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringMatching(/create: job nightly/)]);
    expect(await other.api.get('/config')).toMatchObject({ vcenters: [], arrays: [], jobs: [] });

    const applied = await run(['apply', '-f', file()], elsewhere());
    expect([applied.code, applied.stderr]).toEqual([0, expect.stringContaining('create: job nightly')]);
    expect(await other.api.get('/config')).toEqual(await site.api.get('/config'));
    const again = await run(['apply', '-f', file(), '--json'], { LEEWARD_DATA: other.dataFolder });
    const { steps } = JSON.parse(again.stdout) as { steps: { action: string }[] };
    expect(steps.length).toBeGreaterThan(4);
    expect(steps.filter(({ action }) => action !== 'unchanged')).toEqual([]);
  });

  it('changes what is other, field by field, and removes only what is named', async () => {
    const document = await other.api.get<Required<ConfigurationDocument>>('/config');
    const [nightly] = document.jobs;
    const renamed = join(site.folder, 'changed.json');
    const changed = {
      ...{ apiVersion: 'leeward/v1', vcenters: document.vcenters, repositories: document.repositories },
      jobs: [{ ...nightly, keepPoints: 3, schedule: { cron: 'daily at 22:00', timeZone: 'UTC' } }],
      settings: { limits: { standardVmsPerHost: 5 } },
    };
    await writeFile(
      renamed,
      JSON.stringify({ ...changed, jobs: [...changed.jobs, { ...nightly, name: 'second' }] }),
    );
    const made = await run(['apply', '-f', renamed], { LEEWARD_DATA: other.dataFolder });
    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining('keepPoints: 3')]);
    expect(made.stderr).toContain('create: job second');
    expect(made.stderr).toMatch(/change: settings\n {2}limits.standardVmsPerHost: \d+ -> 5/);
    expect(await other.api.get('/jobs/nightly')).toMatchObject({
      ...{ keepPoints: 3, schedule: { cron: '0 22 * * *', timeZone: 'UTC' } },
    });
    await writeFile(renamed, JSON.stringify(changed));
    const left = await run(['apply', '-f', renamed], { LEEWARD_DATA: other.dataFolder });
    expect(left.stdout).toContain('on the server and not in the file: job/second');
    const wrong = await run(['apply', '-f', renamed, '--prune', 'job/nightly'], {
      LEEWARD_DATA: other.dataFolder,
    });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('L-OPS-103')]);
    const pruned = await run(['apply', '-f', renamed, '--prune', 'job/second'], {
      LEEWARD_DATA: other.dataFolder,
    });
    expect([pruned.code, pruned.stdout]).toEqual([0, expect.stringContaining('1 removed')]);
    expect((await other.api.get<Job[]>('/jobs')).map(({ name }) => name)).toEqual(['nightly']);
  });

  it('is refused as a whole when anything in it is wrong', async () => {
    const bad = join(site.folder, 'bad.yml');
    await writeFile(
      bad,
      'apiVersion: leeward/v1\nsettings: { limits: { standardVmsPerHost: 7 } }\njobs:\n  - { name: x, vms: [a], repository: nowhere }\n  - { name: x, vms: [a], repository: nowhere }\n',
    );
    const refused = await run(['apply', '-f', bad], { LEEWARD_DATA: other.dataFolder });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/several entries for the job x.*the repository nowhere/s);
    expect(await other.api.get('/settings')).toMatchObject({ limits: { standardVmsPerHost: 5 } });
  });
});

describe('a lost server', () => {
  it('comes back from the repository: points and chains are known, and the next run is incremental', async () => {
    const output = join(site.folder, 'support.tar.gz');
    const bundle = await run(['support', 'bundle', '--output', output]);
    expect([bundle.code, bundle.stderr]).toEqual([0, '']);
    const archive = gunzipSync(await readFile(output)).toString('latin1');
    expect(archive).toContain(first.run.id);
    const key = (await readFile(join(site.dataFolder, 'secret.key'), 'utf8')).trim();
    for (const secret of [...Object.values(passwords), key])
      for (const form of ['latin1', 'base64', 'hex'] as const)
        expect(archive).not.toContain(Buffer.from(secret ?? '', 'latin1').toString(form));
    const made = await run(['server', 'backup', '--repository', 'backups']);
    expect([made.code, made.stdout], made.stderr).toEqual([0, expect.stringContaining('server backed up')]);
    const known = await site.api.get<Point[]>('/points');
    const links = (await site.api.get<{ name: string; state: string }[]>('/chains')).map(({ name }) => name);
    expect([known.length > 0, links.length > 0]).toEqual([true, true]);

    await site.killServer();
    const keyFile = join(site.folder, 'kept.key');
    await cp(join(site.dataFolder, 'secret.key'), keyFile);
    const restore = ['server', 'restore', '--repository', site.repositoryPath];
    const all = [...restore, '--password-file', site.passwordFile, '--secret-key-file', keyFile];
    const refused = await run(all);
    expect([refused.code, refused.stderr]).toEqual([14, expect.stringContaining('L-OPS-110')]);
    await rm(site.dataFolder, { recursive: true });
    await mkdir(site.dataFolder, { mode: 0o700 });
    const restored = await run(all);
    expect([restored.code, restored.stdout], restored.stderr).toEqual([
      0,
      expect.stringContaining('Stored passwords can be opened.'),
    ]);
    await site.startServer();
    await site.proxyOnline();
    expect(await site.api.get<Point[]>('/points')).toEqual(known);
    const second = await runAndWait(site, job);
    expect(second.run.state, codesOf(second).join()).toBe('success');
    expect(kinds(second)).toEqual(first.vms.map(({ name }) => [name, 'incremental']).toSorted());
    const now = (await site.api.get<{ name: string; state: string }[]>('/chains')).filter(
      ({ state }) => state === 'there',
    );
    await until('nothing to be left', async () => {
      const { orphans } = await site.api.get<{ orphans: unknown[] }>('/orphans');
      return orphans.length === 0;
    });
    expect(now.map(({ name }) => name)).toEqual(expect.arrayContaining([links.at(-1)]));
  });
});
