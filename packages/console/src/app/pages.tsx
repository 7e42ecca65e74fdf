import { type ComponentType, lazy } from 'react';
import { matchPath, type PathParams } from '../router/match.ts';

export interface PageProps {
  readonly params: PathParams;
}

type Page = ComponentType<PageProps>;

/** Every page with its permanent address; each is fetched when it is gone to. */
const pages: readonly (readonly [string, Page])[] = [
  ['/', lazy(() => import('../pages/overview/overview-page.tsx'))],
  ['/topology', lazy(() => import('../pages/topology/topology-page.tsx'))],
  ['/vms', lazy(() => import('../pages/vms/vms-page.tsx'))],
  ['/jobs', lazy(() => import('../pages/jobs/jobs-page.tsx'))],
  ['/jobs/new', lazy(() => import('../pages/job-wizard/job-wizard-page.tsx'))],
  ['/jobs/:id', lazy(() => import('../pages/jobs/job-page.tsx'))],
  ['/points', lazy(() => import('../pages/points/points-page.tsx'))],
  ['/runs', lazy(() => import('../pages/runs/runs-page.tsx'))],
  ['/runs/:id', lazy(() => import('../pages/runs/run-page.tsx'))],
  ['/storage', lazy(() => import('../pages/storage/storage-page.tsx'))],
  ['/orphans', lazy(() => import('../pages/orphans/orphans-page.tsx'))],
  ['/storage/:id', lazy(() => import('../pages/storage/array-page.tsx'))],
  ['/restore', lazy(() => import('../pages/restore/restore-page.tsx'))],
  ['/repositories', lazy(() => import('../pages/repositories/repositories-page.tsx'))],
  ['/infrastructure', lazy(() => import('../pages/infrastructure/infrastructure-page.tsx'))],
  ['/settings', lazy(() => import('../pages/settings/settings-page.tsx'))],
  ['/reports', lazy(() => import('../pages/reports/reports-page.tsx'))],
  ['/notifications', lazy(() => import('../pages/notifications/notifications-page.tsx'))],
  ['/users', lazy(() => import('../pages/users/users-page.tsx'))],
  ['/tokens', lazy(() => import('../pages/tokens/tokens-page.tsx'))],
  ['/single-sign-on', lazy(() => import('../pages/oidc/oidc-page.tsx'))],
  ['/audit', lazy(() => import('../pages/audit/audit-page.tsx'))],
  ['/account', lazy(() => import('../pages/account/account-page.tsx'))],
  ['/docs', lazy(() => import('../pages/docs/docs-page.tsx'))],
  ['/docs/:name', lazy(() => import('../pages/docs/docs-page.tsx'))],
  ['/docs/:folder/:name', lazy(() => import('../pages/docs/docs-page.tsx'))],
];

export function pageAt(path: string): { readonly Page: Page; readonly params: PathParams } | undefined {
  for (const [pattern, Page] of pages) {
    const params = matchPath(pattern, path);
    if (params) return { Page, params };
  }
  return undefined;
}
