import type { Deed } from './may.ts';

export interface NavigationItem {
  readonly title: string;
  readonly to: string;
  /** Shown only to who may do that. */
  readonly needs?: Deed;
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
      { title: 'Storage', to: '/storage' },
      { title: 'Orphans', to: '/orphans' },
      { title: 'Reports', to: '/reports' },
    ],
  },
  { title: 'Recover', items: [{ title: 'Restore', to: '/restore' }] },
  {
    title: 'Set up',
    items: [
      { title: 'Repositories', to: '/repositories' },
      { title: 'Infrastructure', to: '/infrastructure' },
      { title: 'Notifications', to: '/notifications', needs: 'administer' },
      { title: 'Settings', to: '/settings' },
    ],
  },
  {
    title: 'Administer',
    items: [
      { title: 'Users', to: '/users', needs: 'administer' },
      { title: 'API tokens', to: '/tokens' },
      { title: 'Audit trail', to: '/audit', needs: 'administer' },
    ],
  },
  { title: 'Help', items: [{ title: 'Documentation', to: '/docs' }] },
];

/** Whether the page at `path` belongs below the item. */
export function isWithin(item: NavigationItem, path: string): boolean {
  return item.to === '/' ? path === '/' : path === item.to || path.startsWith(`${item.to}/`);
}
