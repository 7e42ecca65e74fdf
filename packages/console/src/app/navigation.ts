import type { Session } from '../api/session.ts';
import { type Deed, may } from './may.ts';

export interface NavigationItem {
  readonly title: string;
  readonly to: string;
  /** Shown only to who may do that. */
  readonly needs?: Deed;
  /** Of the whole installation: not shown to who is limited to jobs, since the server refuses it. */
  readonly whole?: true;
}

export interface NavigationGroup {
  readonly title?: string;
  readonly items: readonly NavigationItem[];
}

/** The pages, in the order in which an administrator asks: is all well, where does it lie, what is protected. */
export const navigation: readonly NavigationGroup[] = [
  {
    items: [
      { title: 'Overview', to: '/' },
      { title: 'Topology', to: '/topology' },
    ],
  },
  {
    title: 'Protect',
    items: [
      { title: 'VMs', to: '/vms' },
      { title: 'Jobs', to: '/jobs' },
      { title: 'Points', to: '/points' },
    ],
  },
  {
    title: 'Watch',
    items: [
      { title: 'Runs', to: '/runs' },
      { title: 'Storage', to: '/storage', whole: true },
      { title: 'Orphans', to: '/orphans', whole: true },
      { title: 'Reports', to: '/reports' },
    ],
  },
  { title: 'Recover', items: [{ title: 'Restore', to: '/restore' }] },
  {
    title: 'Set up',
    items: [
      { title: 'Repositories', to: '/repositories', whole: true },
      { title: 'Infrastructure', to: '/infrastructure', whole: true },
      { title: 'Notifications', to: '/notifications', needs: 'administer' },
      { title: 'Settings', to: '/settings', whole: true },
    ],
  },
  {
    title: 'Administer',
    items: [
      { title: 'Users', to: '/users', needs: 'administer' },
      { title: 'API tokens', to: '/tokens' },
      { title: 'Single sign-on', to: '/single-sign-on', needs: 'administer' },
      { title: 'Audit trail', to: '/audit', needs: 'administer' },
    ],
  },
  { title: 'Help', items: [{ title: 'Documentation', to: '/docs' }] },
];

/** Whether a page is offered to a user. */
export function isFor({ needs, whole }: NavigationItem, { role, scopes }: Session['user']): boolean {
  return (needs === undefined || may(role, needs)) && (whole === undefined || scopes === undefined);
}

/** Whether the page at `path` belongs below the item. */
export function isWithin(item: NavigationItem, path: string): boolean {
  return item.to === '/' ? path === '/' : path === item.to || path.startsWith(`${item.to}/`);
}

/** Whether a user is offered what is at `path`; what no item is above of is offered to all. */
export function leadsTo(path: string, user: Session['user']): boolean {
  const [page = path] = path.split(/[?#]/);
  const above = navigation.flatMap(({ items }) => items).find((item) => isWithin(item, page));
  return above === undefined || isFor(above, user);
}
