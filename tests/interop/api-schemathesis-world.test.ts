import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VmSummary } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runAndWait } from '../e2e/support/runs.ts';
import { Site } from '../e2e/support/site.ts';
import { schemathesis, schemathesisVersion } from './schemathesis.ts';

/**
 * The same program on an installation that has all there is, with names and ids of what is there: what it judges here
 * are answers of success.
 */
console.log(
  `judge: schemathesis ${schemathesisVersion ?? ''} ${schemathesisVersion ? 'ran' : 'absent'} (world)`,
);

/**
 * Asked beside all that is read: they change nothing that another question needs. Not `/plan`: a job of settings that are
 * invented is one that nobody can have, and its answer is that of `/jobs/{id}/plan`.
 */
const asking = [
  ...['/jobs/{id}/plan', '/jobs/{id}/explain', '/config/plan', '/schedules/preview'],
  ...['/arrays/{id}/test', '/arrays/{id}/rescan', '/vcenters/{id}/rescan', '/proxies/{id}/probe'],
  ...['/repositories/{id}/check', '/jobs/{id}/disable', '/jobs/{id}/enable', '/jobs/{id}/chains/adopt'],
];

/** Streams go on for minutes; and there is no provider to sign in with. */
const notRead = ['/events', '/oidc'];

interface Description {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<string, { readonly parameters?: readonly { readonly name: string; readonly in: string }[] }>
      >
    >
  >;
}

describe.skipIf(!schemathesisVersion)('the description of the API, on an installation that is in use', () => {
  let folder = '';
  let site: Site;

  beforeAll(async () => {
    vi.stubEnv('LEEWARD_LISTEN', '127.0.0.1:0');
    folder = await mkdtemp(join(tmpdir(), 'leeward-schemathesis-'));
    site = await Site.start({ size: 0.01 });
    const job = await site.register();
    await runAndWait(site, job);
    await site.api.patch(`/jobs/${job.id}`, { schedule: { cron: 'monthly on the 1st at 3:00' } });
    await site.api.post('/users', { name: 'ann', role: 'viewer', password: 'a long password' });
    const target = { kind: 'syslog', host: '127.0.0.1', port: 9, transport: 'udp' };
    await site.api.post('/notification-channels', { name: 'log', target });
  }, 240_000);
  afterAll(async () => {
    await site?.stop();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  it('every answer of success is as it is described', { timeout: 900_000 }, async () => {
    const { api } = site;
    const { url = '' } = await api.get<{ url?: string }>('/health');
    const { token } = await api.post<{ token: string }>('/tokens', { name: 'schemathesis' });
    const { paths } = await api.get<Description>('/openapi.json');
    const read = Object.entries(paths)
      .map(([path, item]) => ('get' in item ? path.replace('/api/v1', '') : ''))
      .filter((path) => path !== '' && !notRead.includes(path));
    const wanted = [...read.map((path) => `GET ${path}`), ...asking.map((path) => `POST ${path}`)];
    const { made, passed, answers } = await schemathesis({
      folder,
      ...{ url, dataFolder: site.dataFolder, token, maxExamples: 10 },
      settings: settingsOf(await known(site), paths, wanted),
      // What is wrong on purpose is asked in api-schemathesis.test.ts.
      words: [
        '--mode',
        'positive',
        ...wanted.flatMap((each) => ['--include-name', each.replace(' ', ' /api/v1')]),
      ],
    });
    const well = answers.filter(({ status }) => status === 200);
    console.log(`schemathesis: ${made} generated, ${passed} passed, ${well.length} answers of success`);
    expect(passed).toBe(made);
    const unanswered = wanted.filter((operation) => {
      const [method, path = ''] = operation.split(' ');
      const pattern = new RegExp(`^/api/v1${path.replace(/\{\w+\}/g, '[^/]+')}$`);
      return !well.some((each) => each.method === method && pattern.test(each.path));
    });
    expect(unanswered).toEqual([]);
  });
});

type Known = Readonly<Record<string, readonly string[]>>;

/** Names and ids of what there is, by the word that stands for it in paths, queries and bodies. */
async function known({ api }: Site): Promise<Known> {
  const names = async (path: string) => (await api.get<{ name: string }[]>(path)).map(({ name }) => name);
  const ids = async (path: string) => (await api.get<{ id: string }[]>(path)).map(({ id }) => id);
  const vms = await api.get<VmSummary[]>('/vms');
  const kinds = [
    'jobs',
    'vcenters',
    'arrays',
    'repositories',
    'proxies',
    'tokens',
    'users',
    'notification-channels',
  ];
  const both = async (kind: string) => [...(await names(`/${kind}`)), ...(await ids(`/${kind}`))];
  return {
    ...Object.fromEntries(await Promise.all(kinds.map(async (kind) => [kind, await both(kind)] as const))),
    runs: await ids('/runs'),
    points: (await ids('/points')).flatMap((id) => [id, id.slice(0, 12)]),
    vms: vms.flatMap(({ name, key }) => [name, key]),
    datastores: vms.flatMap(({ datastores }) => datastores),
    'array-families': ['ontap', 'nimble'],
    crons: ['daily at 22:00', '0 3 * * 1'],
  };
}

/** Its settings: what to take for the parameters of operations, mostly. */
function settingsOf(values: Known, paths: Description['paths'], wanted: readonly string[]): string {
  const text = JSON.stringify;
  const operations = wanted.map((operation) => {
    const [method = '', path = ''] = operation.split(' ');
    const [, kind = ''] = path.split('/');
    const { parameters = [] } = paths[`/api/v1${path}`]?.[method.toLowerCase()] ?? {};
    const places = [
      ...(path.includes('{id}') ? [['path.id', kind]] : []),
      ...parameters
        .filter(({ in: where }) => where === 'query')
        .map(({ name }) => [`query.${name}`, name === 'repository' ? 'repositories' : `${name}s`]),
      ...(method === 'POST'
        ? [
            ['body.vm', 'vms'],
            ['body.vms[*]', 'vms'],
            ['body.repository', 'repositories'],
            ['body.cron', 'crons'],
          ]
        : []),
    ] as const;
    const bound = places.flatMap(([place = '', from = '']) =>
      values[from] ? [`${text(place)} = { dictionary = ${text(from)}, probability = 0.8 }`] : [],
    );
    const name = text(`${method} /api/v1${path}`);
    return `[[operations]]\ninclude-name = ${name}\nparameters = { ${bound.join(', ')} }`;
  });
  const dictionaries = Object.entries(values).map(
    ([kind, list]) => `[dictionaries.${text(kind)}]\nvalues = ${text(list)}`,
  );
  return [...dictionaries, ...operations].join('\n\n');
}
