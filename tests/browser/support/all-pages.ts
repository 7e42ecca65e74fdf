import type { ApiClient } from '@leeward/cli/api/api-client';

interface Named {
  readonly id: string;
  /** Of a job. */
  readonly vms?: readonly string[];
}

/** The address of every page, by name; details of the first of each kind. */
export async function allPages(api: ApiClient): Promise<ReadonlyMap<string, string>> {
  const [jobs, runs, arrays, points] = await Promise.all(
    ['/jobs', '/runs', '/arrays', '/points'].map((path) => api.get<readonly Named[]>(path)),
  );
  const first = (list: readonly Named[] | undefined, base: string) => `${base}/${list?.[0]?.id ?? 'none'}`;
  return new Map([
    ['overview', '/'],
    ['topology', '/topology'],
    ['vms', '/vms'],
    ['jobs', '/jobs'],
    ['job', first(jobs, '/jobs')],
    ['job-explained', `${first(jobs, '/jobs')}?explain=${encodeURIComponent(jobs?.[0]?.vms?.[0] ?? '')}`],
    ['job-wizard', '/jobs/new'],
    ['points', '/points'],
    ['runs', '/runs'],
    ['run', first(runs, '/runs')],
    ['storage', '/storage'],
    ['array', first(arrays, '/storage')],
    ['restore', `/restore?point=${points?.[0]?.id ?? ''}`],
    ['repositories', '/repositories'],
    ['repository-new', '/repositories?edit=new'],
    ['infrastructure', '/infrastructure'],
    ['settings', '/settings'],
    ['orphans', '/orphans'],
    ['reports', '/reports'],
    ['notifications', '/notifications?edit=new'],
    ['users', '/users'],
    ['user-new', '/users?edit=new'],
    ['tokens', '/tokens?edit=new'],
    ['single-sign-on', '/single-sign-on'],
    ['audit', '/audit'],
    ['account', '/account'],
    ['docs', '/docs'],
    ['docs-errors', '/docs/errors#l-cfg-101'],
  ]);
}
