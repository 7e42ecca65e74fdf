/** Where an operation of the API is on the command line and in the console. */
export interface Reached {
  /** `noun verb`; or why there is none. */
  readonly cli: string | { readonly none: string };
  /** A source of the console that calls it, below packages/console/src, or the page and its part; or why there is none. */
  readonly console: string | { readonly none: string };
}

const byList = { none: 'the list shows the same; it is there to be read alone, with its ETag' };
const noWeb = (none: string) => ({ none });

/** Every operation; a new one fails the test until it has its line here. */
export const reached: Readonly<Record<string, Reached>> = {
  'GET /health': { cli: 'server status', console: 'pages/settings/server-deeds.tsx' },
  'GET /ready': { cli: noWeb('for programs that watch the server'), console: noWeb('the same') },
  'GET /metrics': { cli: noWeb('for Prometheus'), console: noWeb('for Prometheus') },
  'GET /events': {
    cli: noWeb('`run watch` asks for the one run that it follows'),
    console: 'api/live-events.ts',
  },

  'GET /vcenters': { cli: 'vcenter list', console: 'app/workplace.tsx' },
  'POST /vcenters': { cli: 'vcenter add', console: 'pages/infrastructure/system-form.tsx' },
  'GET /vcenters/:id': { cli: byList, console: byList },
  'PATCH /vcenters/:id': { cli: 'vcenter edit', console: 'pages/infrastructure/system-form.tsx' },
  'DELETE /vcenters/:id': { cli: 'vcenter remove', console: 'pages/infrastructure/system-list.tsx' },
  'POST /vcenters/:id/rescan': { cli: 'vcenter tree', console: 'pages/infrastructure/system-list.tsx' },
  'GET /vcenters/:id/inventory': {
    cli: 'vcenter tree',
    console: noWeb('VMs and Topology show VMs and datastores of all vCenters, page by page'),
  },
  'GET /arrays': { cli: 'array list', console: 'pages/storage/storage-page.tsx' },
  'POST /arrays': { cli: 'array add', console: 'pages/infrastructure/system-form.tsx' },
  'GET /arrays/:id': { cli: byList, console: byList },
  'PATCH /arrays/:id': { cli: 'array edit', console: 'pages/infrastructure/system-form.tsx' },
  'DELETE /arrays/:id': { cli: 'array remove', console: 'pages/infrastructure/system-list.tsx' },
  'POST /arrays/:id/rescan': { cli: 'array rescan', console: 'pages/storage/array-page.tsx' },
  'POST /arrays/:id/test': { cli: 'array test', console: 'pages/infrastructure/system-list.tsx' },
  'GET /arrays/:id/inventory': { cli: 'array show', console: 'pages/storage/array-page.tsx' },
  'GET /array-families/:id/permissions': {
    cli: 'array permissions',
    console: 'pages/infrastructure/needed-rights.tsx',
  },
  'GET /vms': { cli: 'vm list', console: 'pages/vms/vms-page.tsx' },
  'GET /vms/counts': { cli: 'vm counts', console: 'pages/overview/overview-page.tsx' },
  'GET /topology': { cli: 'topology show', console: 'pages/topology/topology-page.tsx' },
  'GET /topology/relations': { cli: 'topology relations', console: 'pages/overview/overview-page.tsx' },

  'GET /proxies': { cli: 'proxy list', console: 'pages/infrastructure/infrastructure-page.tsx' },
  'POST /proxies/:id/probe': { cli: 'proxy probe', console: 'pages/infrastructure/infrastructure-page.tsx' },
  'GET /proxies/:id': { cli: byList, console: byList },
  'PATCH /proxies/:id': {
    cli: 'proxy edit',
    console: 'pages/infrastructure/restore-folders.tsx',
  },
  'DELETE /proxies/:id': {
    cli: 'proxy remove',
    console: 'pages/infrastructure/infrastructure-page.tsx',
  },

  'GET /repositories': { cli: 'repository list', console: 'pages/repositories/repositories-page.tsx' },
  'GET /repositories/usage': { cli: 'repository usage', console: 'pages/repositories/repositories-page.tsx' },
  'POST /repositories': { cli: 'repository init', console: 'pages/repositories/add-repository.tsx' },
  'GET /repositories/:id': { cli: byList, console: byList },
  'PATCH /repositories/:id': { cli: 'repository edit', console: 'pages/repositories/repository-deeds.tsx' },
  'DELETE /repositories/:id': {
    cli: 'repository remove',
    console: 'pages/repositories/repository-registration.tsx',
  },
  'POST /repositories/:id/rescan': {
    cli: 'repository rescan',
    console: 'pages/repositories/repository-registration.tsx',
  },
  'POST /repositories/:id/check': {
    cli: 'repository check',
    console: 'pages/repositories/repositories-page.tsx',
  },
  'POST /repositories/:id/repair': {
    cli: 'repository repair',
    console: 'pages/repositories/repository-deeds.tsx',
  },

  'GET /jobs': { cli: 'job list', console: 'pages/jobs/jobs-page.tsx' },
  'POST /jobs': { cli: 'job create', console: 'pages/job-wizard/job-wizard-page.tsx' },
  'GET /jobs/:id': { cli: 'job show', console: 'pages/jobs/job-page.tsx' },
  'PATCH /jobs/:id': { cli: 'job edit', console: 'pages/jobs/job-page.tsx + pages/jobs/edit-job.tsx' },
  'DELETE /jobs/:id': { cli: 'job remove', console: 'pages/jobs/job-page.tsx' },
  'POST /plan': { cli: 'job create', console: 'pages/job-wizard/review-plan.tsx' },
  'POST /jobs/:id/plan': { cli: 'job plan', console: 'pages/jobs/job-page.tsx' },
  'POST /jobs/:id/explain': { cli: 'job plan', console: 'pages/jobs/explain-card.tsx' },
  'POST /jobs/:id/run': { cli: 'job run', console: 'pages/jobs/jobs-page.tsx' },
  'POST /jobs/:id/enable': { cli: 'job enable', console: 'pages/schedule/schedule-card.tsx' },
  'POST /jobs/:id/disable': { cli: 'job disable', console: 'pages/schedule/schedule-card.tsx' },
  'GET /jobs/:id/times': { cli: 'job times', console: 'pages/schedule/schedule-card.tsx' },
  'POST /schedules/preview': { cli: 'schedule preview', console: 'pages/schedule/next-times.tsx' },

  'GET /runs': { cli: 'run list', console: 'pages/runs/runs-page.tsx' },
  'GET /runs/:id': { cli: 'run show', console: 'pages/runs/run-page.tsx' },
  'POST /runs/:id/cancel': { cli: 'run cancel', console: 'pages/runs/run-page.tsx' },
  'POST /runs/:id/retry': { cli: 'run retry', console: 'pages/runs/run-page.tsx' },
  'GET /points': { cli: 'point list', console: 'pages/points/points-page.tsx' },
  'GET /points/:id': { cli: 'point show', console: 'pages/restore/restore-page.tsx' },
  'POST /restores': { cli: 'restore vm', console: 'pages/restore/restore-page.tsx' },

  'GET /mounts': { cli: 'array mounts', console: 'pages/storage/mounts-table.tsx' },
  'GET /chains': { cli: 'chain list', console: 'pages/storage/storage-page.tsx' },
  'GET /jobs/:id/chains': {
    cli: 'chain show',
    console: noWeb('the chain of a job and the page of the array show what is ours; the rest is for experts'),
  },
  'POST /jobs/:id/chains': { cli: 'chain create', console: 'pages/storage/array-page.tsx' },
  'POST /jobs/:id/chains/adopt': { cli: 'chain adopt', console: 'pages/jobs/job-page.tsx' },
  'DELETE /jobs/:id/chains/:name': { cli: 'chain delete', console: 'pages/storage/chain-table.tsx' },
  'GET /orphans': { cli: 'orphan list', console: 'pages/orphans/orphans-page.tsx' },
  'POST /orphans/clean': { cli: 'orphan clean', console: 'pages/orphans/orphans-page.tsx' },

  'GET /settings': { cli: 'settings show', console: 'pages/settings/settings-page.tsx' },
  'PATCH /settings': { cli: 'settings edit', console: 'pages/settings/limits-form.tsx' },
  'GET /users': { cli: 'user list', console: 'pages/users/users-page.tsx' },
  'POST /users': { cli: 'user create', console: 'pages/users/user-form.tsx' },
  'GET /users/:id': { cli: byList, console: byList },
  'PATCH /users/:id': { cli: 'user edit', console: 'pages/users/user-form.tsx' },
  'DELETE /users/:id': { cli: 'user delete', console: 'pages/users/users-page.tsx' },
  'GET /tokens': { cli: 'token list', console: 'pages/tokens/tokens-page.tsx' },
  'POST /tokens': { cli: 'token create', console: 'pages/tokens/token-form.tsx' },
  'GET /tokens/:id': { cli: byList, console: byList },
  'DELETE /tokens/:id': { cli: 'token delete', console: 'pages/tokens/tokens-page.tsx' },
  'GET /audit': { cli: 'audit list', console: 'pages/audit/audit-page.tsx' },
  'POST /session': { cli: 'login', console: 'app/sign-in-page.tsx' },
  'GET /session': { cli: noWeb('`login` says who signs in'), console: 'app/app.tsx' },
  'DELETE /session': { cli: 'logout', console: 'app/app.tsx' },
  'POST /session/password': {
    cli: noWeb('`login` keeps a token, not a session; `user edit --password` sets a password'),
    console: 'pages/account/account-page.tsx',
  },
  'POST /setup': { cli: 'user create', console: 'app/sign-in-page.tsx' },
  'GET /sign-in-ways': {
    cli: noWeb('the command line signs in with password or token'),
    console: 'app/provider-sign-in.tsx',
  },
  'POST /session/provider': { cli: noWeb('needs a browser'), console: 'app/provider-sign-in.tsx' },
  'POST /session/provider/begin': { cli: noWeb('needs a browser'), console: 'app/provider-sign-in.tsx' },
  'GET /oidc': { cli: 'oidc show', console: 'pages/oidc/oidc-page.tsx' },
  'PATCH /oidc': { cli: 'oidc set', console: 'pages/oidc/oidc-form.tsx' },
  'POST /oidc/test': { cli: 'oidc test', console: 'pages/oidc/oidc-page.tsx' },
  'DELETE /oidc': { cli: 'oidc remove', console: 'pages/oidc/oidc-page.tsx' },

  'GET /notification-channels': {
    cli: 'notification list',
    console: 'pages/notifications/notifications-page.tsx',
  },
  'POST /notification-channels': {
    cli: 'notification create',
    console: 'pages/notifications/channel-form.tsx',
  },
  'GET /notification-channels/:id': { cli: 'notification show', console: byList },
  'PATCH /notification-channels/:id': {
    cli: 'notification edit',
    console: 'pages/notifications/channel-form.tsx',
  },
  'DELETE /notification-channels/:id': {
    cli: 'notification remove',
    console: 'pages/notifications/notifications-page.tsx',
  },
  'POST /notification-channels/:id/test': {
    cli: 'notification test',
    console: 'pages/notifications/notifications-page.tsx',
  },
  'GET /notification-deliveries': {
    cli: 'notification deliveries',
    console: 'pages/notifications/notifications-page.tsx',
  },
  'GET /runs/:id/report': { cli: 'run report', console: 'pages/runs/run-page.tsx' },
  'GET /reports/daily': { cli: 'report daily', console: 'pages/overview/repositories-tile.tsx' },
  'GET /reports/protection': { cli: 'report protection', console: 'pages/reports/reports-page.tsx' },

  'GET /support-bundle': { cli: 'support bundle', console: 'pages/settings/server-deeds.tsx' },
  'GET /config': { cli: 'config export', console: 'pages/settings/server-deeds.tsx' },
  'POST /config/plan': { cli: 'apply', console: noWeb('files are the business of the command line') },
  'GET /server/backup': { cli: 'server backup', console: 'pages/settings/server-deeds.tsx' },
  'POST /server/backup': { cli: 'server backup', console: 'pages/settings/server-deeds.tsx' },
};
